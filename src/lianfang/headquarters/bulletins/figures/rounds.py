"""Rounds: doors (户) in a round by how they stand, people met there (人), and visits (户次, 人次). A visit is never coverage.

Of several rounds that overlap each door counts in one: the one opened last of those in progress in the period.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from lianfang.headquarters.bulletins.figures import PAGE, Each, Many, moments, one, past_end, shared
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel import clock
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ids import RoundId
from lianfang.kernel.ranges import Range, intersect, merged, subtract
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.queries.past import WhichDoors, coverage_then_each, doors_in_round_then, reach_ever
from lianfang.work.rounds.rules import SETTLING
from lianfang.work.rounds.types import Coverage, Reason

_SOURCE = "rounds.round_door"
Piece = tuple[RoundId, list[Range]]


def _pieces(many: Many, period: Period) -> list[list[Piece]]:
    """For each list of ranges: which round counts where. The latest opened takes what it reaches, the ones before it what is left."""
    every = merged(piece for ranges in many for piece in ranges)
    begins, ends = moments(period)
    reached = [(found.id, reach_ever(found.id)) for found in rounds.rounds_between(every, begins, ends)]
    parted = []
    for ranges in many:
        left, pieces = merged(ranges), []
        for round_id, reach in reached:
            if inside := intersect(left, reach):
                pieces.append((round_id, inside))
                left = subtract(left, inside)
        parted.append(pieces)
    return parted


def _covered(many: Many, period: Period) -> list[list[Coverage]]:
    """For each list of ranges the coverage of every round that counts there."""
    parted = shared(_pieces, many, period)
    asked: dict[RoundId, list[tuple[int, list[Range]]]] = {}
    for number, pieces in enumerate(parted):
        for round_id, inside in pieces:
            asked.setdefault(round_id, []).append((number, inside))
    found: list[list[Coverage]] = [[] for _ in many]
    for round_id, inside_each in asked.items():
        lists = [inside for _, inside in inside_each]
        passed = past_end(period) is not None
        counted = coverage_then_each(round_id, lists, period.last) if passed else rounds.coverage_each(round_id, lists)
        for (number, _), coverage in zip(inside_each, counted, strict=True):
            found[number].append(coverage)
    return found


def _of(part: Callable[[Coverage], int]) -> Each:
    def each(many: Many, period: Period) -> list[int]:
        """One of the counts of rounds."""
        return [sum(part(coverage) for coverage in found) for found in shared(_covered, many, period)]

    return each


def _trace(standings: Collection[str], *, never: bool = False) -> Any:
    which = WhichDoors(standings, never)

    def rows(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
        """The doors as they stood at the end of the period, round by round and by position, each with the visit that says so."""
        skip, _, position = (after or "0/-1").partition("/")
        found: list[Proof] = []
        for number, (round_id, inside) in enumerate(_pieces([ranges], period)[0]):
            if number < int(skip) or len(found) >= limit:
                continue
            beyond = int(position) if number == int(skip) else -1
            doors = doors_in_round_then(round_id, inside, period.last, which, after=beyond, limit=limit - len(found))
            found += [
                Proof("door", door.place_id, door.place_id, None, f"{number}/{door.position}")
                if door.record_id is None
                else Proof("record", door.record_id, door.place_id, door.since, f"{number}/{door.position}", {"outcome": door.standing})
                for door in doors
            ]
        return found

    return rows


def _due_before(period: Period) -> datetime:
    return min(moments(period)[1], clock.now() + timedelta(days=1))


def due(many: Many, period: Period) -> list[int]:
    """Open doors of rounds in progress whose next try is planned by the end of the period's last day."""
    before = _due_before(period)
    return [
        sum(rounds.due_count([round_id], inside, before) for round_id, inside in pieces) for pieces in shared(_pieces, many, period)
    ]  # fmt: skip


def due_doors(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The doors that are due, round by round, the earliest first."""
    start, _, skip = (after or "0/0").partition("/")
    found: list[Proof] = []
    for number, (round_id, inside) in enumerate(_pieces([ranges], period)[0]):
        if number < int(start) or len(found) >= limit:
            continue
        before = int(skip) if number == int(start) else 0
        doors = rounds.due(round_id, inside, _due_before(period), after=before, limit=limit - len(found))
        found += [
            Proof("door", door.place_id, door.place_id, door.next_at, f"{number}/{place}", {"outcome": door.reason.value})
            for place, door in enumerate(doors, start=before + 1)
        ]
    return found


_OPEN = [outcome.value for outcome in Outcome if outcome not in SETTLING] + [Reason.HOUSEHOLD.value]
_CLOSED = [outcome.value for outcome in SETTLING]
_ALL = [*_CLOSED, *_OPEN]
_SETTLED: dict[Outcome, str] = {
    Outcome.SEEN: "In the round: settled in person",
    Outcome.PHONE: "In the round: settled by phone",
    Outcome.AWAY: "In the round: people are away",
    Outcome.VACANT: "In the round: vacant",
    Outcome.MOVED: "In the round: moved out",
    Outcome.SHUT: "In the round: place of work, shut",
}
_REASONS: dict[Reason, str] = {
    Reason.NOT_YET: "In the round: not visited",
    Reason.LIT: "In the round: nobody home, light on",
    Reason.DARK: "In the round: nobody home, dark",
    Reason.REFUSED: "In the round: refused",
    Reason.CHECK: "In the round: to be verified",
    Reason.HOUSEHOLD: "In the round: a household without an outcome",
}


def _by_outcome(outcome: Outcome) -> Each:
    return _of(lambda coverage: coverage.by_outcome.get(outcome, 0))


def _by_reason(reason: Reason) -> Each:
    return _of(lambda coverage: coverage.by_reason.get(reason, 0))


def _doors(key: str, name: str, each: Each, trace: Any, *, of: str | None = "round_doors", parts: tuple[str, ...] = ()) -> Declaration:
    return Declaration(
        key, name, Unit.HOUSEHOLDS, events=False, value=one(each), trace=trace, source=_SOURCE, denominator=of, parts=parts, each=each
    )


def _counted(key: str, name: str, unit: Unit, each: Each, *, events: bool) -> Declaration:
    return Declaration(key, name, unit, events=events, value=one(each), trace=_trace(_ALL), source=_SOURCE, each=each)


FIGURES = (
    _doors("round_doors", "Doors in the round", _of(lambda coverage: coverage.doors), _trace(_ALL, never=True), of=None),
    _doors(
        "round_settled", "Doors settled in the round", _of(lambda coverage: coverage.settled), _trace(_CLOSED),
        parts=tuple(f"round_{outcome.value}" for outcome in _SETTLED),
    ),
    _doors(
        "round_open", "Doors the round has not reached", _of(lambda coverage: coverage.open), _trace(_OPEN, never=True),
        parts=tuple(f"round_{reason.value}" for reason in _REASONS),
    ),
    *(_doors(f"round_{outcome.value}", name, _by_outcome(outcome), _trace([outcome.value])) for outcome, name in _SETTLED.items()),
    *(
        _doors(
            f"round_{reason.value}", name, _by_reason(reason),
            _trace([] if reason is Reason.NOT_YET else [reason.value], never=reason is Reason.NOT_YET),
        )
        for reason, name in _REASONS.items()
    ),
    _counted("round_visits", "Visits in the round", Unit.VISITS, _of(lambda coverage: coverage.visits), events=True),
    _counted("round_people", "People met in the round", Unit.PEOPLE, _of(lambda coverage: coverage.people_seen), events=False),
    _counted("round_people_times", "Meetings with people in the round", Unit.PEOPLE_TIMES, _of(lambda coverage: coverage.people_times), events=True),
    _doors("doors_due_today", "Doors whose next try is due", due, due_doors, of="round_open"),
)  # fmt: skip
