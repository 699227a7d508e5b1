"""Synthetic residents: seeded, plainly invented, in households of the sizes a census bulletin gives.

Names hold the character 示 ("for show"), ID numbers begin with 99 (no such province), phone numbers with 154 (never
allotted). Ages and relations are assumptions, chosen so that a household looks like one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "安宁平和顺康乐明清正文华春秋冬夏山川江河云月星辰松柏梅兰竹菊"
# Households by size per thousand, whole country, census of 2010 (six and more together); the published compound has 2.99 a household.
SIZES = {1: 145, 2: 244, 3: 269, 4: 176, 5: 100, 6: 66}
CHECK = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Resident:
    """One invented person, as a roster would have them."""

    name: str
    sex: str
    born: date
    relation: str
    paper: str
    phone: str


def paper_number(born: date, serial: int, sex: str) -> str:
    """An ID number that passes the check of GB 11643 but belongs to no place."""
    order = serial * 2 % 1000 + (1 if sex == "male" else 0)
    body = f"999999{born:%Y%m%d}{order % 1000:03d}"
    return body + CHECK[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def sizes(households: int, people: int, chance: random.Random) -> list[int]:
    """Household sizes that add up to the published number of people."""
    drawn = chance.choices(list(SIZES), weights=list(SIZES.values()), k=households)
    while (gap := people - sum(drawn)) != 0:
        at = chance.randrange(households)
        if gap > 0 and drawn[at] < 6:
            drawn[at] += 1
        elif gap < 0 and drawn[at] > 1:
            drawn[at] -= 1
    return drawn


def families(households: int, people: int, *, today: date, seed: int) -> Iterator[list[Resident]]:
    """That many households with that many people in all, the head of the household first."""
    chance = random.Random(seed)
    serial = 0
    for size in sizes(households, people, chance):
        head_age = chance.randint(24, 82) if size < 3 else chance.randint(30, 62)
        surname, members = chance.choice(SURNAMES), []
        for place in range(size):
            serial += 1
            relation, age = _role(place, head_age, chance)
            sex = ("male", "female")[(place + size) % 2]
            born = today - timedelta(days=365 * age + chance.randint(0, 360))
            family_name = surname if relation in {"head", "child", "grandchild"} else chance.choice(SURNAMES)
            members.append(
                Resident(
                    name=f"{family_name}示{chance.choice(GIVEN)}",
                    sex=sex,
                    born=born,
                    relation=relation,
                    paper=paper_number(born, serial, sex),
                    phone=f"154{serial:08d}" if age >= 12 else "",
                )
            )
        yield members


def _role(place: int, head_age: int, chance: random.Random) -> tuple[str, int]:
    """What the n-th member of a household is, and how old."""
    if place == 0:
        return "head", head_age
    if place == 1:
        return "spouse", max(20, head_age + chance.randint(-4, 4))
    if place < 4:
        return "child", max(0, head_age - chance.randint(24, 32))
    if place == 4:
        return "parent", min(96, head_age + chance.randint(22, 30))
    return "grandchild", max(0, head_age - chance.randint(48, 58))
