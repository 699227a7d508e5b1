"""People on duty (人, distinct)."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.bulletins.figures import PAGE, moments
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.mobilisation import queries as mobilisation


def on_duty(ranges: Sequence[Range], period: Period) -> int:
    """People who were on duty at any moment of the period, each once."""
    return mobilisation.people_on_duty(ranges, *moments(period))


def spells(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The spells of duty that touch the period."""
    skip = int(after or 0)
    found = mobilisation.spells(ranges, *moments(period), after=skip, limit=limit)
    return [
        Proof("spell", one.record_id, one.place_id, one.began_at, str(number), {"account": str(one.account_id), "ended_at": one.ended_at})
        for number, one in enumerate(found, start=skip + 1)
    ]


FIGURES = (
    Declaration("on_duty", "People on duty", Unit.PEOPLE, events=False, value=on_duty, trace=spells, source="mobilisation.presence"),
)  # fmt: skip
