"""Doors (户 by door): how many there are, and how they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.past_doors import doors_on_each
from lianfang.headquarters.bulletins.figures import PAGE, Each, Many, moments, one, past_end, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.queries.each import door_counts_on_each, doors_since_each
from lianfang.work.rounds.queries.then import Which, doors_then
from lianfang.work.rounds.rules import SETTLING

ByOutcome = Sequence[Mapping[Outcome, int]]
OPEN = tuple(outcome for outcome in Outcome if outcome not in SETTLING)


def _doors(many: Many, period: Period) -> list[int]:
    if past_end(period) is None:
        return [counted.doors for counted in places.door_counts_each(many)]
    return doors_on_each(many, period.last)


def doors(many: Many, period: Period) -> list[int]:
    """Doors in force at the end of the period."""
    return shared(_doors, many, period)


def _stood(many: Many, period: Period) -> ByOutcome:
    """Doors by their last outcome at the end of the period."""
    if past_end(period) is None:
        return [count.by_outcome for count in rounds.door_counts_each(many)]
    return shared(_then, many, period)[0]


def _within(many: Many, period: Period) -> ByOutcome:
    """Those of them whose outcome dates from the period: every door is looked at, so that only who asks for it pays."""
    if past_end(period) is None:
        return doors_since_each(many, moments(period)[0])
    return shared(_then, many, period)[1]


def _then(many: Many, period: Period) -> tuple[ByOutcome, ByOutcome]:
    """Both, of a period that is over."""
    stood, within = door_counts_on_each(many, period.first, period.last)
    return [count.by_outcome for count in stood], within


def _standing(outcomes: Collection[Outcome]) -> Each:
    def each(many: Many, period: Period) -> list[int]:
        """Doors whose last visit by the end of the period had one of the outcomes."""
        return [sum(counted.get(outcome, 0) for outcome in outcomes) for counted in shared(_stood, many, period)]

    return each


def newly(many: Many, period: Period) -> list[int]:
    """Doors that stand settled at the end of the period by a visit within it."""
    return [sum(counted.get(outcome, 0) for outcome in SETTLING) for counted in shared(_within, many, period)]


def never(many: Many, period: Period) -> list[int]:
    """Doors that nobody had visited by the end of the period."""
    visited = _standing(tuple(Outcome))(many, period)
    return [max(there - seen, 0) for there, seen in zip(doors(many, period), visited, strict=True)]


def still_open(many: Many, period: Period) -> list[int]:
    """Doors not settled by the end of the period: those tried in vain and those nobody has touched."""
    settled = _standing(SETTLING)(many, period)
    return [there - closed for there, closed in zip(doors(many, period), settled, strict=True)]


def _trace(outcomes: Collection[Outcome], *, untouched: bool = False, within: bool = False) -> Any:
    def rows(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
        """The doors as they stood at the end of the period, by position, each with the visit that says so."""
        which = Which(outcomes, untouched, moments(period)[0] if within else None)
        found = doors_then(ranges, period.last, which, after=int(after or -1), limit=limit)
        return [
            Proof("door", door.place_id, door.place_id, None, str(door.position))
            if door.record_id is None or door.outcome is None
            else Proof("record", door.record_id, door.place_id, door.since, str(door.position), {"outcome": door.outcome.value})
            for door in found
        ]

    return rows


_NAMES: dict[Outcome, tuple[str, str]] = {
    Outcome.SEEN: ("doors_seen", "Doors settled in person"),
    Outcome.PHONE: ("doors_phone", "Doors settled by phone"),
    Outcome.AWAY: ("doors_away", "Doors whose people are away"),
    Outcome.VACANT: ("doors_vacant", "Vacant doors"),
    Outcome.MOVED: ("doors_moved", "Doors moved out of"),
    Outcome.SHUT: ("doors_shut", "Places of work that are shut"),
    Outcome.LIT: ("doors_lit", "Doors with nobody home, light on"),
    Outcome.DARK: ("doors_dark", "Doors with nobody home, dark"),
    Outcome.REFUSED: ("doors_refused", "Doors that refused"),
    Outcome.CHECK: ("doors_check", "Doors to be verified"),
}


def _figure(key: str, name: str, each: Each, trace: Any, *, of: str | None = "doors", parts: tuple[str, ...] = ()) -> Declaration:
    source = "rounds.door_state" if of else "places"
    return Declaration(
        key,
        name,
        Unit.HOUSEHOLDS,
        events=False,
        value=one(each),
        trace=trace,
        source=source,
        denominator=of,
        parts=parts,
        each=each,
    )


FIGURES = (
    _figure("doors", "Doors", doors, _trace(tuple(Outcome), untouched=True), of=None),
    _figure(
        "doors_settled", "Doors settled", _standing(SETTLING), _trace(SETTLING),
        parts=tuple(_NAMES[outcome][0] for outcome in Outcome if outcome in SETTLING),
    ),
    _figure(
        "doors_open", "Doors still open", still_open, _trace(OPEN, untouched=True),
        parts=("doors_never", *(_NAMES[outcome][0] for outcome in OPEN)),
    ),
    _figure("doors_never", "Doors nobody has been to", never, _trace((), untouched=True)),
    *(_figure(key, name, _standing((outcome,)), _trace((outcome,))) for outcome, (key, name) in _NAMES.items()),
    replace(_figure("doors_newly_settled", "Doors settled in the period", newly, _trace(SETTLING, within=True)), within=True),
)  # fmt: skip
