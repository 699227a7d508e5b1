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
    return cut_each([ranges])[0]


def cut_each(many: Sequence[Sequence[Range]]) -> list[Cut]:
    """The same for several lists of ranges, in one query."""
    lists = [merged(ranges) for ranges in many]
    bounds = sorted({bound for pieces in lists for piece in pieces for bound in piece})
    with connection.cursor() as cursor:
        cursor.execute(_CUT, [bounds])
        buildings = [Range(lo, hi) for lo, hi in cursor.fetchall()]
    return [_parted(pieces, buildings) for pieces in lists]


def _parted(pieces: list[Range], buildings: Sequence[Range]) -> Cut:
    own = [building for building in buildings if any(building.lo < bound < building.hi for piece in pieces for bound in piece)]
    return Cut(subtract(pieces, own), intersect(pieces, own))


def columns(ranges: Sequence[Range]) -> tuple[list[int], list[int]]:
    """Ranges as two columns, for `unnest(lo, hi)`."""
    return [piece.lo for piece in ranges], [piece.hi for piece in ranges]
