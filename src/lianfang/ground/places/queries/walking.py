"""All doors of some ranges as one walks, in one query: what a phone takes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range, merged

# Buildings in their order, units in theirs, floors from the top down, doors of a floor in their order: as printed lists are walked.
_WALK = """
select d.id, d.lo, d.name, d.floor, d.kind, case when p.level = 'unit' then p.id end, p.name, b.id, b.name, c.id, c.name
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= w.lo and d.lo < w.hi
join places_place p on p.id = d.parent_id
join places_place b on b.id = case when p.level = 'unit' then p.parent_id else p.id end
join places_place c on c.id = b.parent_id
order by c.lo, b.lo, p.lo, -coalesce(d.floor, 0), d.lo
limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A place by its id and name."""

    id: PlaceId
    name: str


@dataclass(frozen=True, slots=True)
class WalkedDoor:
    """A door on the way, with what it lies in. `position` is for putting other rows beside it."""

    place_id: PlaceId
    position: int
    label: str
    floor: int | None
    kind: str
    unit: Named | None
    building: Named
    community: Named


def walk(ranges: Sequence[Range], *, limit: int) -> list[WalkedDoor]:
    """The doors in force in the ranges, the first `limit` of them as one walks."""
    pieces = merged(ranges)
    values: dict[str, Any] = {"lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces], "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_WALK, values)
        return [
            WalkedDoor(
                PlaceId(row[0]), row[1], row[2], row[3], row[4], Named(row[5], row[6]) if row[5] else None,
                Named(row[7], row[8]), Named(row[9], row[10]),
            )
            for row in cursor.fetchall()
        ]  # fmt: skip
