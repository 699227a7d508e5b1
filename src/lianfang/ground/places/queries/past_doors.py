"""Doors as they stood on a past day, for many lists of ranges at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from lianfang.ground.places.models import Place, PlacePast
from lianfang.ground.places.queries.reach import door_counts_each
from lianfang.ground.places.types import DoorCounts
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import EVERYWHERE, Range, intersect, merged

Answer = TypeVar("Answer")

STANDS = """(p.since <= %(day)s or not exists (select from places_placepast w where w.place_id = p.id and w.valid_to > w.valid_from))
    and coalesce(p.valid_to > greatest(%(day)s, p.valid_from), true)"""
"""SQL: the place `p` stood on the day %(day)s where it stands still. Who was put on the list later stood there all the same: a door that is
found today was there yesterday."""

STOOD = """past.valid_to > %(day)s and past.valid_to > past.valid_from and (past.valid_from <= %(day)s or not exists (
        select from places_placepast w where w.place_id = past.place_id and w.valid_from < past.valid_from and w.valid_to > w.valid_from))"""
"""SQL: the place of the former state `past` stood there on the day %(day)s."""

DOORS_ON_EACH = f"""
select w.no, p.id, p.lo as position
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_place p on p.level = 'door' and p.lo >= w.lo and p.lo < w.hi and {STANDS}
union all
select w.no, past.place_id, past.lo
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_placepast past on past.level = 'door' and past.lo >= w.lo and past.lo < w.hi and {STOOD}
"""
"""SQL: the doors that stood on the day %(day)s in the ranges of each list (%(no)s, %(lo)s, %(hi)s): as they are still, or as they were then; with
their positions of that day."""


CHANGED_EACH = f"""
select w.no, p.id, false as is_there, {STANDS} as was_there, true as here
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_place p on p.level = 'door' and p.valid_to is not null and p.lo >= w.lo and p.lo < w.hi
union all
select w.no, p.id, true, {STANDS}, true
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_place p on p.level = 'door' and p.valid_to is null and p.since > p.valid_from and p.lo >= w.lo and p.lo < w.hi
where p.since > %(day)s
union all
select w.no, past.place_id, false, true, false
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_placepast past on past.level = 'door' and past.lo >= w.lo and past.lo < w.hi and {STOOD}
"""
"""SQL: the doors in the ranges of each list that ended, or stood elsewhere on the day %(day)s: whether they stand in the list now, whether they
stood in it then, and whether that is their present position. All others stand as they stood."""


def columns_each(many: Sequence[Sequence[Range]]) -> dict[str, list[int]]:
    """Lists of ranges as three columns: the number of the list, and its ranges, each position once."""
    rows = [(number, piece) for number, ranges in enumerate(many) for piece in merged(ranges)]
    return {"no": [number for number, _ in rows], "lo": [piece.lo for _, piece in rows], "hi": [piece.hi for _, piece in rows]}


def doors_on_each(many: Sequence[Sequence[Range]], day: date) -> list[int]:
    """How many doors stood on a past day in each of several lists of ranges: those that stand today, but for what has changed since."""
    values: dict[str, Any] = {**columns_each(many), "day": day}
    counted = f"select no, count(*) filter (where was_there) - count(*) filter (where is_there) from ({CHANGED_EACH}) door group by no"
    with connection.cursor() as cursor:
        cursor.execute(counted, values)
        more = {number: int(count) for number, count in cursor.fetchall()}
    return [standing.doors + more.get(number, 0) for number, standing in enumerate(door_counts_each(many))]


_BEYOND = "select lo from places_place where level = 'door' and lo > %s order by lo offset %s limit 1"
_STRETCH, _LONGEST = 1_000, 32_000


def walked(ranges: Sequence[Range], after: int, limit: int, read: Callable[[list[Range], int], Sequence[Answer]]) -> list[Answer]:
    """So many of what is read by position beyond `after`: in stretches of some thousand doors, ever longer ones where little is found.

    A page of a city is so found among the first doors, instead of being sorted out of all of them.
    """
    found: list[Answer] = []
    left, size = intersect(ranges, [Range(after + 1, EVERYWHERE.hi)]), _STRETCH
    while left and len(found) < limit:
        with connection.cursor() as cursor:
            cursor.execute(_BEYOND, [left[0].lo - 1, size])
            row = cursor.fetchone()
        bound = row[0] if row else left[-1].hi
        found += read(intersect(left, [Range(0, bound)]), limit - len(found))
        left, size = intersect(left, [Range(bound, EVERYWHERE.hi)]), min(size * 2, _LONGEST)
    return found


def door_counts_on(ranges: Sequence[Range], day: date) -> DoorCounts:
    """Doors, and dwellings among them, that stood in some ranges on a past day, each looked at by itself."""
    counted = (
        f"select count(*), count(*) filter (where p.kind = 'dwelling') from ({DOORS_ON_EACH}) stood join places_place p on p.id = stood.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(counted, {**columns_each([ranges]), "day": day})
        doors, dwellings = cursor.fetchone() or (0, 0)
    return DoorCounts(int(doors), int(dwellings))


def ranges_ever_each(some: Sequence[Place]) -> list[list[Range]]:
    """All positions that each of some places has ever had, in one query."""
    held: dict[PlaceId, list[Range]] = {place.place_id: [place.range] for place in some}
    for place_id, lo, hi in PlacePast.objects.filter(place_id__in=list(held)).values_list("place_id", "lo", "hi"):
        held[PlaceId(place_id)].append(Range(lo, hi))
    return [merged(held[place.place_id]) for place in some]
