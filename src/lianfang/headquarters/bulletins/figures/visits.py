"""Visits (户次, events) and doors visited (户, distinct): never one for the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lianfang.headquarters.bulletins.figures import PAGE, moments
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.ledger.queries.standing import standing_within
from lianfang.work.rounds import queries as rounds


def visits(ranges: Sequence[Range], period: Period) -> int:
    """Tries at doors in the period, whether or not anyone answered."""
    return sum(rounds.visits(ranges, *moments(period)).values())


def doors_visited(ranges: Sequence[Range], period: Period) -> int:
    """Doors with at least one visit in the period."""
    return rounds.doors_visited(ranges, *moments(period))


def records(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The standing visits of the period, oldest first."""
    beyond = None
    if after:
        moment, _, identifier = after.partition("/")
        beyond = (datetime.fromisoformat(moment), UUID(identifier))
    found = standing_within(("visit",), ranges, *moments(period), after=beyond, limit=limit)
    return [
        Proof(
            "record", one.id, one.place, one.effective_at, f"{one.effective_at.isoformat()}/{one.id}",
            {"outcome": one.payload["outcome"], "corrected": one.correction is not None},
        )
        for one in found
    ]  # fmt: skip


FIGURES = (
    Declaration("visits", "Visits", Unit.VISITS, events=True, value=visits, trace=records, source="rounds.visit_tally"),
    Declaration(
        "doors_visited", "Doors visited", Unit.HOUSEHOLDS, events=False, value=doors_visited, trace=records, source="ledger",
        denominator="doors",
    ),
)  # fmt: skip
