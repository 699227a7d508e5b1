"""Calls: how many, how many had enough people there, and the minutes that took (分钟, of the slowest)."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.bulletins.figures import PAGE, Many, moments, one, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.mobilisation.types import Answer, CallSeen


def _counted(many: Many, period: Period) -> list[tuple[int, int, int]]:
    return mobilisation.minutes_each(many, *moments(period))


def calls(many: Many, period: Period) -> list[int]:
    """Calls begun in the period; communication tests are none."""
    return [found[0] for found in shared(_counted, many, period)]


def calls_enough(many: Many, period: Period) -> list[int]:
    """Of these, calls to which enough people came."""
    return [found[1] for found in shared(_counted, many, period)]


def minutes_to_enough(many: Many, period: Period) -> list[int]:
    """Whole minutes from the call until enough were there, of the slowest call to which enough came; 0 where there was none."""
    return [found[2] for found in shared(_counted, many, period)]


def all_calls(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The calls begun in the period."""
    skip = int(after or 0)
    found = mobilisation.calls_begun(ranges, *moments(period), after=skip, limit=limit)
    return [
        Proof("call", call.call_id, call.place_id, call.called_at, str(number), _says(call))
        for number, call in enumerate(found, start=skip + 1)
    ]


def _says(call: CallSeen) -> dict[str, object]:
    minutes = None if call.minutes is None else int(-(-call.minutes // 1))
    return {"wanted": call.wanted, "called": call.called, "here": call.answers.get(Answer.HERE, 0), "minutes": minutes}


FIGURES = (
    Declaration(
        "calls", "Calls", Unit.ITEMS, events=True, value=one(calls), trace=all_calls, source="mobilisation.call", each=calls,
    ),
    Declaration(
        "calls_enough", "Calls to which enough people came", Unit.ITEMS, events=True, value=one(calls_enough), trace=all_calls,
        source="mobilisation.call", each=calls_enough,
    ),
    Declaration(
        "minutes_to_enough", "Minutes until enough people were there", Unit.MINUTES, events=False, value=one(minutes_to_enough),
        trace=all_calls, source="mobilisation.call", each=minutes_to_enough,
    ),
)  # fmt: skip
