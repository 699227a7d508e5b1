"""Where ranges cut through communities or buildings: tallies serve those that lie inside whole, smaller tallies or rows of doors the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lianfang.kernel.db import rows
from lianfang.kernel.ranges import Range, intersect, merged, subtract

_CUT = """
select distinct b.lo, b.hi from unnest(%s::bigint[]) x(bound)
cross join lateral (select lo, hi from places_position where level = {level} and lo < x.bound order by lo desc limit 1) b
where b.hi > x.bound
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """The same positions in two parts: `whole` holds buildings (or communities) wholly or not at all, `parts` are pieces of them."""

    whole: list[Range]
    parts: list[Range]


def cut(ranges: Sequence[Range]) -> Cut:
    """Part ranges into whole buildings and pieces. Ranges of places are always whole; areas may hold single doors or leave some out."""
    return cut_each([ranges])[0]


def cut_each(many: Sequence[Sequence[Range]], level: Literal["building", "community"] = "building") -> list[Cut]:
    """The same for several lists of ranges, in one query; by communities where asked."""
    lists = [merged(ranges) for ranges in many]
    bounds = sorted({bound for pieces in lists for piece in pieces for bound in piece})
    cut_through = [Range(lo, hi) for lo, hi in rows(_CUT.format(level=f"'{level}'"), [bounds])] if bounds else []
    return [_parted(pieces, cut_through) for pieces in lists]


def _parted(pieces: list[Range], cut_through: Sequence[Range]) -> Cut:
    own = [held for held in cut_through if any(held.lo < bound < held.hi for piece in pieces for bound in piece)]
    return Cut(subtract(pieces, own), intersect(pieces, own))


def columns(ranges: Sequence[Range]) -> tuple[list[int], list[int]]:
    """Ranges as two columns, for `unnest(lo, hi)`."""
    return [piece.lo for piece in ranges], [piece.hi for piece in ranges]
