"""Where areas overlap the strictest wins: down to a unit inside a sealed building inside a controlled compound."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Generic, TypeVar

from lianfang.kernel.ranges import Range

What = TypeVar("What", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Claim(Generic[What]):
    """Something holds in one respect, with a rank, over ranges. `order` decides between equal ranks: the lowest wins, the earlier raised."""

    what: What
    aspect: str
    rank: int
    order: int
    ranges: Sequence[Range]


def strictest(claims: Iterable[Claim[What]]) -> list[tuple[Range, dict[str, What]]]:
    """Cut the claims at each other's bounds: disjoint stretches in order, each with the strictest of every respect.

    Neighbouring stretches at which the same holds are joined. One pass over the bounds, with a heap for each respect.
    """
    bounds: list[tuple[int, int, Claim[What]]] = []
    for claim in claims:
        bounds += [(piece.lo, piece.hi, claim) for piece in claim.ranges if piece.lo < piece.hi]
    bounds.sort(key=lambda one: (one[0], one[1]))
    cuts = sorted({edge for lo, hi, _ in bounds for edge in (lo, hi)})
    holding: dict[str, list[tuple[int, int, int, int, What]]] = {}
    found: list[tuple[Range, dict[str, What]]] = []
    following = 0
    for lo, hi in pairwise(cuts):
        while following < len(bounds) and bounds[following][0] == lo:
            _, until, claim = bounds[following]
            heappush(holding.setdefault(claim.aspect, []), (-claim.rank, claim.order, until, following, claim.what))
            following += 1
        here = {}
        for aspect, heap in holding.items():
            while heap and heap[0][2] <= lo:
                heappop(heap)
            if heap:
                here[aspect] = heap[0][4]
        if not here:
            continue
        if found and found[-1][0].hi == lo and found[-1][1] == here:
            found[-1] = (Range(found[-1][0].lo, hi), here)
        else:
            found.append((Range(lo, hi), here))
    return found
