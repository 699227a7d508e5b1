"""Matters (件): open, and late."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.bulletins.figures import PAGE, past_end
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.matters import queries as matters


def still_open(ranges: Sequence[Range], period: Period) -> int:
    """Matters open at the end of the period."""
    return matters.counts(ranges, past_end(period)).open


def late(ranges: Sequence[Range], period: Period) -> int:
    """Of these, the ones past their time."""
    return matters.counts(ranges, past_end(period)).late


def _rows(ranges: Sequence[Range], period: Period, after: str, limit: int, *, late_only: bool) -> list[Proof]:
    skip = int(after or 0)
    found = matters.matters(ranges, late_only=late_only, at=past_end(period), after=skip, limit=limit)
    return [
        Proof("matter", one.id, one.place_id, one.due_at, str(number), {"about": one.about.value, "urgent": one.urgent})
        for number, one in enumerate(found, start=skip + 1)
    ]


def open_matters(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The open matters, most urgent first."""
    return _rows(ranges, period, after, limit, late_only=False)


def late_matters(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The late matters, most urgent first."""
    return _rows(ranges, period, after, limit, late_only=True)


FIGURES = (
    Declaration("matters_open", "Open matters", Unit.ITEMS, events=False, value=still_open, trace=open_matters, source="matters.matters"),
    Declaration(
        "matters_late", "Late matters", Unit.ITEMS, events=False, value=late, trace=late_matters, source="matters.matters",
        denominator="matters_open",
    ),
)  # fmt: skip
