"""Where ranges cut through buildings: tallies by building serve whole buildings, rows of doors serve the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lianfang.kernel.ranges import Range, intersect, merged, subtract

_CUT = """
select distinct b.lo, b.hi from unnest(%s::bigint[]) x(bound)
cross join lateral (select lo, hi from places_position where level = 'building' and lo < x.bound order by lo desc limit 1) b
where b.hi > x.bound
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """The same positions in two parts: `whole` holds buildings wholly or not at all, `parts` are pieces of buildings."""

    whole: list[Range]
    parts: list[Range]


def cut(ranges: Sequence[Range]) -> Cut:
    """Part ranges into whole buildings and pieces. Ranges of places are always whole; areas may hold single doors or leave some out."""
    pieces = merged(ranges)
    with connection.cursor() as cursor:
        cursor.execute(_CUT, [[bound for piece in pieces for bound in piece]])
        buildings = [Range(lo, hi) for lo, hi in cursor.fetchall()]
    return Cut(subtract(pieces, buildings), intersect(pieces, buildings))


def columns(ranges: Sequence[Range]) -> tuple[list[int], list[int]]:
    """Ranges as two columns, for `unnest(lo, hi)`."""
    return [piece.lo for piece in ranges], [piece.hi for piece in ranges]
