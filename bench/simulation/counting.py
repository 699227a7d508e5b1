"""What figures must say, counted from what was recorded. Imports nothing of the product: it knows the rules by itself.

A visit holds at its effective time; a correction replaces or withdraws it and leaves its time. The last visit of a door by (effective time, id)
says how the door stands. In a round only visits of its time count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SETTLING = frozenset({"seen", "phone", "away", "vacant", "moved", "shut"})


class Visit(NamedTuple):
    """One visit as it was first recorded. `door` is a number of the counter's own; `at` its effective time in milliseconds."""

    record: str
    door: int
    at: int
    outcome: str
    seen: int


class Change(NamedTuple):
    """A correction: what the visit `root` really found, or that it was none (no outcome)."""

    root: str
    outcome: str | None
    seen: int


@dataclass
class Count:
    """Figures of a place: visits (户次), doors by their last outcome (户), and of the round; sums over places add up."""

    visits: int = 0
    doors: Counter[str] = field(default_factory=Counter)
    round_visits: int = 0
    round_settled: int = 0
    people_seen: int = 0
    people_times: int = 0

    def add(self, other: Count) -> None:
        """Take in another place that shares no door with this one."""
        self.visits += other.visits
        self.doors.update(other.doors)
        self.round_visits += other.round_visits
        self.round_settled += other.round_settled
        self.people_seen += other.people_seen
        self.people_times += other.people_times

    def figures(self) -> dict[str, int]:
        """By the names of the product's interface."""
        return {
            "visits": self.visits,
            "doors_settled": sum(self.doors[outcome] for outcome in SETTLING),
            **{f"doors_{outcome}": self.doors[outcome] for outcome in ("seen", "phone", "dark", "refused")},
            "round settled": self.round_settled,
            "round visits": self.round_visits,
            "round people_seen": self.people_seen,
            "round people_times": self.people_times,
        }


def count(visits: Iterable[Visit], changes: Sequence[Change], *, opens_at: int) -> Count:
    """Count what stands; a round is open from a moment on."""
    changed = {change.root: change for change in changes}
    told, most = Count(), Counter[int]()
    last: dict[int, tuple[int, str, str]] = {}
    last_in_round: dict[int, tuple[int, str, str]] = {}
    for visit in {visit.record: visit for visit in visits}.values():
        change = changed.get(visit.record)
        outcome, seen = (visit.outcome, visit.seen) if change is None else (change.outcome, change.seen)
        if outcome is None:
            continue
        told.visits += 1
        key = (visit.at, visit.record, outcome)
        last[visit.door] = max(last.get(visit.door, key), key)
        if visit.at >= opens_at:
            told.round_visits += 1
            told.people_times += seen
            most[visit.door] = max(most[visit.door], seen)
            last_in_round[visit.door] = max(last_in_round.get(visit.door, key), key)
    told.doors.update(outcome for _, _, outcome in last.values())
    told.round_settled = sum(outcome in SETTLING for _, _, outcome in last_in_round.values())
    told.people_seen = most.total()
    return told
