"""Households (户 by household) and people (人), distinct: rows of the registers as they are today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PeopleCounts
from lianfang.ground.places.queries.within import buildings_within
from lianfang.headquarters.bulletins.figures import PAGE, Each, Many, one, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range, intersect, merged


def _counts(many: Many, period: Period) -> list[PeopleCounts]:
    del period
    pieces = [(number, piece) for number, ranges in enumerate(many) for piece in merged(ranges)]
    summed = [[0, 0, 0] for _ in many]
    for (number, _), counted in zip(pieces, people.counts_each([piece for _, piece in pieces]), strict=True):
        for at, count in enumerate((counted.households, counted.registered, counted.living)):
            summed[number][at] += count
    return [PeopleCounts(*three) for three in summed]


def _of(part: Callable[[PeopleCounts], int]) -> Each:
    def each(many: Many, period: Period) -> list[int]:
        """Live rows in the ranges, today."""
        return [part(counted) for counted in shared(_counts, many, period)]

    return each


def by_building(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The buildings with what each contributes; persons themselves are read at the door, by whoever may."""
    del period
    found = buildings_within(ranges, after=int(after or -1), limit=limit)
    inside = [intersect(ranges, [building.range]) for building in found]
    counted = [people.counts(pieces) for pieces in inside]
    return [
        Proof(
            "building", building.place_id, building.place_id, None, str(building.range.lo),
            {"households": counts.households, "registered": counts.registered, "living": counts.living},
        )
        for building, counts in zip(found, counted, strict=True)
    ]  # fmt: skip


def _figure(key: str, name: str, unit: Unit, each: Each) -> Declaration:
    return Declaration(key, name, unit, events=False, value=one(each), trace=by_building, source="people", each=each, dated=False)


FIGURES = (
    _figure("households", "Households", Unit.HOUSEHOLDS, _of(lambda counts: counts.households)),
    _figure("people_registered", "People registered", Unit.PEOPLE, _of(lambda counts: counts.registered)),
    _figure("people_living", "People living here", Unit.PEOPLE, _of(lambda counts: counts.living)),
)
