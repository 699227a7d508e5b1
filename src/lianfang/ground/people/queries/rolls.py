"""Who is meant to live behind many doors, by name only: what a phone takes along. No number, no paper, no date of birth is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lianfang.ground.people.models import Residence
from lianfang.ground.people.types import ResidenceKind
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId
from lianfang.kernel.ranges import Range, merged

_HOUSEHOLDS = """
select h.id, h.door_id, h.name
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join people_household h on h.valid_to is null and h.position >= w.lo and h.position < w.hi
order by h.position, h.valid_from, h.id
"""
# One row a person and household; `bool_or` tells whether they live here, are registered here, or both.
_PERSONS = """
select r.household_id, p.id, p.name, p.name_key, p.name_initials, bool_or(r.kind = 'actual'), bool_or(r.kind = 'registered')
from (
    select r.person_id, r.household_id, r.kind, r.position, r.relation
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join people_residence r on r.valid_to is null and r.position >= w.lo and r.position < w.hi
) r
join people_person p on p.id = r.person_id and p.ended_at is null
group by r.position, r.household_id, p.id, p.name, p.name_key, p.name_initials
order by r.position, r.household_id, bool_or(r.relation = 'head') desc, p.name_key, p.id
"""
# Row versions, as in `places.mark_of_walk`.
_MARK = """
select concat_ws(' ', h.mark, r.mark)
from (
    select count(*) || ':' || coalesce(sum(hashtextextended(concat_ws(' ', h.id, h.xmin), 0)), 0) as mark
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join people_household h on h.valid_to is null and h.position >= w.lo and h.position < w.hi
) h, (
    select count(*) || ':' || coalesce(sum(hashtextextended(concat_ws(' ', r.id, r.xmin, p.xmin), 0)), 0) as mark
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join people_residence r on r.valid_to is null and r.position >= w.lo and r.position < w.hi
    join people_person p on p.id = r.person_id and p.ended_at is null
) r
"""
BOTH = "both"


@dataclass(frozen=True, slots=True)
class HouseholdOnRoll:
    """A household and its door."""

    household_id: HouseholdId
    door_id: PlaceId
    name: str


@dataclass(frozen=True, slots=True)
class PersonOnRoll:
    """Somebody of a household: name, pinyin keys to find it by, and whether they live there, are registered there, or both."""

    person_id: PersonId
    household_id: HouseholdId
    name: str
    keys: str
    listed: str


def households_on_roll(ranges: Sequence[Range]) -> list[HouseholdOnRoll]:
    """The households in force in the ranges, by door."""
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS, _bounds(ranges))
        return [HouseholdOnRoll(HouseholdId(row[0]), PlaceId(row[1]), row[2]) for row in cursor.fetchall()]


def persons_on_roll(ranges: Sequence[Range]) -> list[PersonOnRoll]:
    """Who belongs to households in the ranges, heads first. `listed` is "actual", "registered" or "both"."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, _bounds(ranges))
        return [
            PersonOnRoll(PersonId(row[1]), HouseholdId(row[0]), row[2], f"{row[3]} {row[4]}", _listed(actual=row[5], registered=row[6]))
            for row in cursor.fetchall()
        ]


def mark_of_roll(ranges: Sequence[Range]) -> str:
    """What is another after any change of the households and persons in the ranges."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, _bounds(ranges))
        return str(cursor.fetchone()[0])


def left_doors(asked: Collection[tuple[PersonId, PlaceId, date]]) -> set[tuple[PersonId, PlaceId]]:
    """Of persons at doors on days: those who had belonged to the door and no longer did."""
    rows = Residence.objects.filter(person_id__in={person for person, _, _ in asked}, door_id__in={door for _, door, _ in asked})
    until: dict[tuple[PersonId, PlaceId], list[date | None]] = defaultdict(list)
    for person, door, ends in rows.values_list("person_id", "door_id", "valid_to"):
        until[PersonId(person), PlaceId(door)].append(ends)
    return {
        (person, door)
        for person, door, day in asked
        if (held := until.get((person, door))) and all(ends is not None and ends <= day for ends in held)
    }


def _bounds(ranges: Sequence[Range]) -> dict[str, list[int]]:
    pieces = merged(ranges)
    return {"lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces]}


def _listed(*, actual: bool, registered: bool) -> str:
    if actual and registered:
        return BOTH
    return ResidenceKind.ACTUAL.value if actual else ResidenceKind.REGISTERED.value
