"""Invented people by household: sizes, ages and relations from published shares, all else plainly made up (`doors.cli.demo.residents`)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bench.simulation.published import SIZES, Setting
from lianfang.doors.cli.demo.residents import GIVEN, SURNAMES
from lianfang.ground.people.rules.papers import check_character
from lianfang.ground.people.types import Member, NewPerson, ResidenceKind, Sex
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId, new_id

OLDEST = 95
_GENERATION = 18  # years between parent and child at least


@dataclass(frozen=True, slots=True)
class Home:
    """Who lives behind one door."""

    members: tuple[Member, ...]
    adults: tuple[PersonId, ...]


def sizes(households: int, people: int, chance: random.Random) -> list[int]:
    """Sizes of so many households, drawn from the published shares, that add up to so many people (as far as one to six each allow)."""
    people = min(max(people, households), 6 * households)
    drawn = chance.choices(list(SIZES), weights=list(SIZES.values()), k=households)
    gap = people - sum(drawn)
    while gap:
        at, step = chance.randrange(households), 1 if gap > 0 else -1
        if 1 <= drawn[at] + step <= 6:
            drawn[at] += step
            gap -= step
    return drawn


def homes(setting: Setting, households: int, people: int, *, first: int, chance: random.Random) -> Iterator[Home]:
    """So many households of so many people in all, the head first. `first` is the number of the first person: no two have the same papers."""
    outside_heads, today = 1 - 1 / setting.per_household, clock.today()
    serial = first - 1
    for size in sizes(households, people, chance) if households else []:
        members: list[Member] = []
        adults: list[PersonId] = []
        surname, head_age = chance.choice(SURNAMES), 0
        for place in range(size):
            serial += 1
            age = _age(setting, 0.0 if place == 0 else min(0.9, setting.minors / outside_heads), chance)
            head_age = head_age or age
            person = PersonId(new_id())
            if age >= _GENERATION:
                adults.append(person)
            relation = _relation(place, age, head_age, members)
            name = (surname if relation in {"head", "child", "grandchild"} else chance.choice(SURNAMES)) + "示" + chance.choice(GIVEN)
            members.append(_member(person, serial, name, relation, today - timedelta(days=365 * age + chance.randint(0, 360))))
        yield Home(tuple(members), tuple(adults))


def _age(setting: Setting, minors: float, chance: random.Random) -> int:
    """Years: heads are never minors, so that minors are so much the commoner among all others."""
    drawn = chance.random()
    if drawn < minors:
        return chance.randint(0, 14)
    if drawn < minors + setting.elders:
        return chance.randint(60, OLDEST)
    return chance.randint(15 if minors else 20, 59)


def _relation(place: int, age: int, head_age: int, before: list[Member]) -> str:
    if place == 0:
        return "head"
    if age <= head_age - _GENERATION:
        return "child" if age > head_age - 45 else "grandchild"
    if age >= head_age + _GENERATION:
        return "parent"
    return "relative" if any(member.relation == "spouse" for member in before) or age < 20 else "spouse"


def _member(person: PersonId, serial: int, name: str, relation: str, born: date) -> Member:
    body = f"99{serial // 1000 % 10_000:04d}{born:%Y%m%d}{serial % 1000:03d}"  # of no place; odd numbers are men's
    told = NewPerson(person, name, Sex.MALE if serial % 2 else Sex.FEMALE, born, body + check_character(body), phone=f"154{serial:08d}")
    return Member(told, relation, (ResidenceKind.REGISTERED, ResidenceKind.ACTUAL))
