"""Who is meant to live behind many doors, by name only: what a phone takes along. No number, no paper, no date of birth is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lianfang.ground.people.models import Residence
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId
from lianfang.kernel.ranges import Range, merged

_HOUSEHOLDS = """
select h.id, h.door_id, h.name
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join people_household h on h.valid_to is null and h.position >= w.lo and h.position < w.hi
order by h.position, h.valid_from, h.id
"""
# One row a person and household, as columns; `bool_or` tells whether they live here, are registered here, or both. Homes are put together
# before persons are looked up: each row of a person that row security lets through costs several looks, and most people have two homes.
_PERSONS = """
select coalesce(array_agg(id), '{}'), array_agg(household), array_agg(name), array_agg(keys), array_agg(listed)
from (
    select p.id::text, r.household_id::text as household, p.name, concat(p.name_key, ' ', p.name_initials) as keys, r.listed
    from (
        select r.person_id, r.household_id, r.position, bool_or(r.relation = 'head') as head,
               case when bool_or(r.kind = 'actual') and bool_or(r.kind = 'registered') then 'both' else min(r.kind) end as listed
        from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
        join people_residence r on r.valid_to is null and r.position >= w.lo and r.position < w.hi
        group by r.person_id, r.household_id, r.position
    ) r
    join people_person p on p.id = r.person_id and p.ended_at is null
    order by r.position, r.household_id, r.head desc, p.name_key, p.id
) roll
"""


@dataclass(frozen=True, slots=True)
class HouseholdOnRoll:
    """A household and its door."""

    household_id: HouseholdId
    door_id: PlaceId
    name: str


@dataclass(frozen=True, slots=True)
class Roll:
    """Those who belong to households, as columns: ids as text, names, pinyin keys to find them by, and whether each lives there, is registered there, or both."""

    ids: Sequence[str] = ()
    households: Sequence[str] = ()
    names: Sequence[str] = ()
    keys: Sequence[str] = ()
    listed: Sequence[str] = ()


def households_on_roll(ranges: Sequence[Range]) -> list[HouseholdOnRoll]:
    """The households in force in the ranges, by door."""
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS, _bounds(ranges))
        return [HouseholdOnRoll(HouseholdId(row[0]), PlaceId(row[1]), row[2]) for row in cursor.fetchall()]


def persons_on_roll(ranges: Sequence[Range]) -> Roll:
    """Who belongs to households in the ranges, heads first. `listed` is "actual", "registered" or "both"."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, _bounds(ranges))
        row: Sequence[Any] = cursor.fetchone()
        return Roll(*row) if row[0] else Roll()


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
