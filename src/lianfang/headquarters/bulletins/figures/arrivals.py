"""People who came from elsewhere (人): the running total, and those still followed up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lianfang.headquarters.bulletins.figures import PAGE, Each, Many, one, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.types import ArrivalCount


def _counts(many: Many, period: Period) -> list[ArrivalCount]:
    return rounds.arrival_count_each(many, period.last)


def _of(part: Callable[[ArrivalCount], int]) -> Each:
    def each(many: Many, period: Period) -> list[int]:
        """People who had come by the end of the period, or those of them followed up on its last day."""
        return [part(counted) for counted in shared(_counts, many, period)]

    return each


def _trace(*, following: bool) -> Any:
    def rows(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
        """The arrivals, the latest first."""
        skip = int(after or 0)
        found = rounds.arrivals(ranges, period.last, following=following, after=skip, limit=limit)
        return [
            Proof("record", came.record_id, came.place_id, None, str(number), {"arrived_on": came.arrived_on, "origin": came.origin})
            for number, came in enumerate(found, start=skip + 1)
        ]

    return rows


_TOTAL, _FOLLOWING = _of(lambda counted: counted.total), _of(lambda counted: counted.following)
FIGURES = (
    Declaration(
        "arrivals", "People who came from elsewhere", Unit.PEOPLE, events=False, value=one(_TOTAL), trace=_trace(following=False),
        source="rounds.arrival", each=_TOTAL,
    ),
    Declaration(
        "arrivals_following", "Of these still followed up", Unit.PEOPLE, events=False, value=one(_FOLLOWING), trace=_trace(following=True),
        source="rounds.arrival", denominator="arrivals", each=_FOLLOWING,
    ),
)  # fmt: skip
