"""Matters (件): open and late at the end of a period, raised and settled within it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lianfang.headquarters.bulletins.figures import PAGE, Each, Many, moments, one, past_end, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.matters import queries as matters
from lianfang.work.matters.queries.each import MattersThen, matters_each
from lianfang.work.matters.types import MatterSeen

_Rows = Callable[..., list[Proof]]


def _then(many: Many, period: Period) -> list[MattersThen]:
    return matters_each(many, moments(period)[0], past_end(period))


def _of(part: Callable[[MattersThen], int]) -> Each:
    def each(many: Many, period: Period) -> list[int]:
        """One of the counts of matters."""
        return [part(counted) for counted in shared(_then, many, period)]

    return each


def _proofs(found: Iterable[MatterSeen], skip: int) -> list[Proof]:
    return [
        Proof("matter", matter.id, matter.place_id, matter.due_at, str(number), {"about": matter.about.value, "urgent": matter.urgent})
        for number, matter in enumerate(found, start=skip + 1)
    ]


def _standing(*, late_only: bool) -> _Rows:
    def rows(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
        """The matters open at the end of the period, most urgent first."""
        skip = int(after or 0)
        return _proofs(matters.matters(ranges, late_only=late_only, at=past_end(period), after=skip, limit=limit), skip)

    return rows


def _within(*, settled: bool) -> _Rows:
    def rows(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
        """The matters raised or settled in the period, the earliest first."""
        skip = int(after or 0)
        return _proofs(matters.matters_within(ranges, *moments(period), settled=settled, after=skip, limit=limit), skip)

    return rows


def _figure(key: str, name: str, each: Each, trace: _Rows, *, events: bool = False, of: str | None = None) -> Declaration:
    return Declaration(
        key,
        name,
        Unit.ITEMS,
        events=events,
        value=one(each),
        trace=trace,
        source="matters.matters",
        denominator=of,
        each=each,
        within=events,
    )


FIGURES = (
    _figure("matters_open", "Open matters", _of(lambda then: then.open), _standing(late_only=False)),
    _figure("matters_late", "Late matters", _of(lambda then: then.late), _standing(late_only=True), of="matters_open"),
    _figure("matters_raised", "Matters raised", _of(lambda then: then.raised), _within(settled=False), events=True),
    _figure("matters_settled", "Matters settled", _of(lambda then: then.settled), _within(settled=True), events=True),
)
