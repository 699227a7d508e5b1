"""Half-open ranges of positions, the one notion of "inside" (see docs/decisions).

Everything inside a place is one range [lo, hi); a grant, an area, a scope is a list of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Range(NamedTuple):
    """Positions from `lo` up to, not including, `hi`."""

    lo: int
    hi: int

    def holds(self, other: Range) -> bool:
        """Whether the other range lies wholly inside this one."""
        return self.lo <= other.lo and other.hi <= self.hi

    def meets(self, other: Range) -> bool:
        """Whether the two share a position."""
        return self.lo < other.hi and other.lo < self.hi

    def has(self, position: int) -> bool:
        """Whether a position lies inside."""
        return self.lo <= position < self.hi


EVERYWHERE = Range(0, 2**63 - 1)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same positions as sorted, disjoint ranges; only ranges that overlap or touch are joined."""
    joined: list[Range] = []
    for lo, hi in sorted(ranges):
        if lo >= hi:
            continue
        if joined and lo <= joined[-1].hi:
            joined[-1] = Range(joined[-1].lo, max(joined[-1].hi, hi))
        else:
            joined.append(Range(lo, hi))
    return joined


def intersect(one: Iterable[Range], other: Iterable[Range]) -> list[Range]:
    """Positions in both lists."""
    left, right = merged(one), merged(other)
    shared: list[Range] = []
    i = j = 0
    while i < len(left) and j < len(right):
        lo, hi = max(left[i].lo, right[j].lo), min(left[i].hi, right[j].hi)
        if lo < hi:
            shared.append(Range(lo, hi))
        if left[i].hi < right[j].hi:
            i += 1
        else:
            j += 1
    return shared


def subtract(from_these: Iterable[Range], these: Iterable[Range]) -> list[Range]:
    """Positions of the first list that are not in the second."""
    taken = merged(these)
    kept: list[Range] = []
    for piece in merged(from_these):
        lo = piece.lo
        for out in taken:
            if out.hi <= lo or out.lo >= piece.hi:
                continue
            if out.lo > lo:
                kept.append(Range(lo, out.lo))
            lo = max(lo, out.hi)
        if lo < piece.hi:
            kept.append(Range(lo, piece.hi))
    return kept


def contains(ranges: Iterable[Range], inner: Range) -> bool:
    """Whether a range lies wholly inside the list."""
    return any(piece.holds(inner) for piece in merged(ranges))


def cover(ranges: Sequence[Range], at_most: int) -> list[Range]:
    """Few ranges that hold all of the list, joined across the smallest gaps first; may be wider, never narrower."""
    pieces = merged(ranges)
    while len(pieces) > at_most:
        gap = min(range(len(pieces) - 1), key=lambda i: pieces[i + 1].lo - pieces[i].hi)
        pieces[gap : gap + 2] = [Range(pieces[gap].lo, pieces[gap + 1].hi)]
    return pieces


@dataclass(frozen=True, slots=True)
class Stretches:
    """Several lists of ranges on one row of bounds, so that rows under overlapping lists are read once and summed for each.

    Stretches are numbered as PostgreSQL's `width_bucket(position, bounds)` numbers them: 1 begins at the first bound.
    """

    bounds: list[int]
    spans: list[Range]
    """All positions of all lists, disjoint: where to read."""
    holding: dict[int, list[int]]
    """For each stretch the lists that hold it: with thousands of lists, asking each of them would take seconds."""

    def among(self, stretch: int) -> list[int]:
        """The lists that hold a stretch."""
        return self.holding.get(stretch, [])


def stretches(many: Sequence[Iterable[Range]]) -> Stretches:
    """Cut lists of ranges at each other's bounds. A place with its children: as many stretches as children, and the gaps."""
    pieces = [merged(ranges) for ranges in many]
    bounds = sorted({bound for some in pieces for piece in some for bound in piece})
    holding: dict[int, list[int]] = {}
    for number, some in enumerate(pieces):
        for piece in some:
            for stretch in range(bisect_left(bounds, piece.lo) + 1, bisect_left(bounds, piece.hi) + 1):
                holding.setdefault(stretch, []).append(number)
    return Stretches(bounds, merged(piece for some in pieces for piece in some), holding)
