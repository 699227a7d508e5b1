"""Visits (户次, events) and doors visited (户, distinct): never one for the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lianfang.headquarters.bulletins.figures import PAGE, Many, moments, one
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.ledger.queries.standing import standing_within
from lianfang.work.rounds import queries as rounds


def visits(many: Many, period: Period) -> list[int]:
    """Tries at doors in the period, whether or not anyone answered."""
    return [sum(by_outcome.values()) for by_outcome in rounds.visits_each(many, *moments(period))]


def doors_visited(many: Many, period: Period) -> list[int]:
    """Doors with at least one visit in the period."""
    return rounds.doors_visited_each(many, period.first, period.last)


def records(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The standing visits of the period, oldest first."""
    beyond = None
    if after:
        moment, _, identifier = after.partition("/")
        beyond = (datetime.fromisoformat(moment), UUID(identifier))
    found = standing_within(("visit",), ranges, *moments(period), after=beyond, limit=limit)
    return [
        Proof(
            "record", line.id, line.place, line.effective_at, f"{line.effective_at.isoformat()}/{line.id}",
            {"outcome": line.payload["outcome"], "corrected": line.correction is not None},
        )
        for line in found
    ]  # fmt: skip


FIGURES = (
    Declaration(
        "visits", "Visits", Unit.VISITS, events=True, value=one(visits), trace=records, source="rounds.visit_day", each=visits,
        within=True,
    ),
    Declaration(
        "doors_visited", "Doors visited", Unit.HOUSEHOLDS, events=False, value=one(doors_visited), trace=records, source="rounds.door_state",
        denominator="doors", each=doors_visited, within=True,
    ),
)  # fmt: skip
