"""One record a person within 72 hours (Wuhan, February 2020): what every phone sends, sealed beforehand and laid down in a file, call by call.

Counted beside the product as it is made: `counting` knows the rules by itself.
"""

from __future__ import annotations

import mmap
import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bench.simulation import published
from bench.simulation.counting import Count, Visit, count
from bench.simulation.days import DAY, HOUR, ZONE, moment, new_id
from bench.simulation.phones import BATCH, Phone

HOURS72 = 72 * HOUR
# Of a hundred people: met, reached by phone, away; and those whose door was tried in vain when their turn came.
FOUND = {"seen": 90, "phone": 4, "away": 3, "dark": 2, "refused": 1}


@dataclass
class Screening:
    """All calls of all phones in one file, in no order; `calls` has moment, place in the file and length of each."""

    file: BinaryIO
    round_id: str
    version: int
    begins: int
    calls: list[tuple[int, int, int]] = field(default_factory=list)
    records: int = 0

    def walk(self, phone: Phone, doors: Sequence[tuple[str, int]], chance: random.Random) -> Count:
        """Let one phone screen everybody behind its doors, in the course of the 72 hours; what must be counted of it."""
        behind = array("l", (door for door, (_, people) in enumerate(doors) for _ in range(people)))
        times = sorted(self._moment(chance) for _ in behind)
        outcomes = chance.choices(list(FOUND), weights=list(FOUND.values()), k=len(behind))
        visits, told = [], []
        for door, at, outcome in zip(behind, times, outcomes, strict=True):
            seen, record = int(outcome == "seen"), new_id(at, chance)
            visits.append(Visit(record, door, at, outcome, seen))
            payload = f'{{"outcome":"{outcome}","people_seen":{seen},"round":"{self.round_id}"}}'
            made = f'"version":{self.version},"place":"{doors[door][0]}","occurred_at":"{moment(at)}"'
            told.append((record, f'"kind":"visit",{made},"channel":"seen","payload":{payload}}}'))
        for start in range(0, len(told), BATCH):
            body = phone.call(told[start : start + BATCH])
            self.calls.append((times[min(start + BATCH, len(told)) - 1], self.file.tell(), len(body)))
            self.file.write(body)
        self.records += len(told)
        return count(visits, (), opens_at=self.begins)

    def _moment(self, chance: random.Random) -> int:
        """Some time in the 72 hours, most of them in the evenings."""
        hour = chance.choices(list(published.HOURS), weights=list(published.HOURS.values()))[0]
        midnight = (self.begins + ZONE) // DAY * DAY - ZONE
        at = midnight + chance.randrange(1, 4) * DAY + hour * HOUR + chance.randrange(HOUR)
        return at if at < self.begins + HOURS72 else at - HOURS72 + DAY // 4

    def bodies(self, path: Path) -> Iterator[bytes]:
        """All calls in the order in which they come."""
        self.file.flush()
        if not self.calls:
            return
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as laid_down:
            for _, start, length in sorted(self.calls):
                yield laid_down[start : start + length]
