"""Invented residents for tests. Names hold 示 ("for show"), ID numbers region 99 (allotted to nobody), phones 154 (never given out)."""

from __future__ import annotations

from datetime import date

from lianfang.ground.people import commands
from lianfang.ground.people.rules.papers import check_character
from lianfang.ground.people.types import Member, NewHousehold, NewPerson, ResidenceKind
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId, new_id


def paper_number(order: int = 1, born: date = date(1980, 5, 4)) -> str:
    """An ID number that passes the check of GB 11643 and belongs to nobody; odd orders are men's."""
    body = f"999999{born:%Y%m%d}{order % 1000:03d}"
    return body + check_character(body)


def phone_number(order: int = 1) -> str:
    """A mobile number that was never given out."""
    return f"154{order:08d}"


def new_person(name: str = "王示例", order: int = 1, *, phone: str | None = None, paper: str | None = None) -> NewPerson:
    """Somebody to add, with a paper and a phone of their own by `order`."""
    return NewPerson(
        id=PersonId(new_id()),
        name=name,
        paper=paper_number(order) if paper is None else paper,
        phone=phone_number(order) if phone is None else phone,
    )


def household_at(door_id: PlaceId, *names: str, order: int = 1, since: date | None = None) -> tuple[HouseholdId, list[PersonId]]:
    """A household living at a door, of people of these names, registered there as well."""
    members = tuple(
        Member(new_person(name, order + number), "head" if number == 0 else "spouse", tuple(ResidenceKind))
        for number, name in enumerate(names)
    )
    household = NewHousehold(HouseholdId(new_id()), door_id, members, since=since)
    commands.take_in([household], by=None)
    return household.id, [member.person.id for member in members]
