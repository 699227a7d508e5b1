"""Households (户 by household) and people (人), distinct: rows of the registers as they are today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PeopleCounts
from lianfang.ground.places.queries.within import buildings_within
from lianfang.headquarters.bulletins.figures import PAGE
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range, intersect


def _of(part: Callable[[PeopleCounts], int]) -> Callable[[Sequence[Range], Period], int]:
    def value(ranges: Sequence[Range], period: Period) -> int:
        """Live rows in the ranges, today."""
        del period
        return part(people.counts(ranges))

    return value


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


FIGURES = (
    Declaration(
        "households", "Households", Unit.HOUSEHOLDS, events=False, value=_of(lambda counts: counts.households), trace=by_building,
        source="people",
    ),
    Declaration(
        "people_registered", "People registered", Unit.PEOPLE, events=False, value=_of(lambda counts: counts.registered), trace=by_building,
        source="people",
    ),
    Declaration(
        "people_living", "People living here", Unit.PEOPLE, events=False, value=_of(lambda counts: counts.living), trace=by_building,
        source="people",
    ),
)  # fmt: skip
