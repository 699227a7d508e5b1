"""What a grid worker records from day to day, and when it reaches the server. Imports nothing of the product.

Evening peaks, returns to doors that stayed open, corrections, phones without network for a day, answers that do not come through, wrong clocks:
with the shares that `published` assumes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.simulation import published
from bench.simulation.counting import SETTLING, Change, Visit

HOUR, DAY, ZONE = 3_600_000, 86_400_000, 8 * 3_600_000
_JUST_NOW = 120_000


@dataclass(slots=True)
class Made:
    """What one phone made: visits and corrections as they must count, and each record with the moment at which it reaches the server."""

    visits: list[Visit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    sent: list[tuple[int, str, str]] = field(default_factory=list)


def new_id(at: int, chance: random.Random) -> str:
    """An id of version 7 for a moment in milliseconds."""
    drawn = f"{chance.getrandbits(74):019x}"
    text = f"{at:012x}7{drawn[:3]}{8 | int(drawn[3], 16) & 3:x}{drawn[4:]}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"


def moment(at: int) -> str:
    """A moment in milliseconds as it is written in JSON."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def first_midnight(now: int, days: int) -> int:
    """The local midnight with which so many days begin, the last of them the one whose evening is, or was last."""
    return (now - DAY // 2 + ZONE) // DAY * DAY - ZONE - (days - 1) * DAY


@dataclass(frozen=True, slots=True)
class Walk:
    """One worker's grid, phone and dice. `doors` are (id, people behind it); `versions` those of the kinds that are in use."""

    doors: Sequence[tuple[str, int]]
    begins: int
    days: int
    now: int
    versions: tuple[int, int]
    chance: random.Random

    def made(self) -> Made:
        """All that this worker records."""
        told, clock = Made(), self._clock()
        tried: set[int] = set()
        still_open: set[int] = set()
        for day in range(self.days):
            begins = self.begins + day * DAY
            arrives = min(begins + DAY + 10 * HOUR, self.now) if self.chance.random() < published.OFFLINE else None
            for door, at in self._round_of(day, begins, tried, still_open):
                outcome = self._visit(told, door, at, again=door in tried, clock=clock, arrives=arrives)
                tried.add(door)
                (still_open.discard if outcome in SETTLING else still_open.add)(door)
        return told

    def _clock(self) -> tuple[int, int | None]:
        """By how much the phone's clock is ahead, and what it has measured of that."""
        if self.chance.random() >= published.WRONG_CLOCK:
            return 0, self.chance.choice((None, 0))
        wrong = self.chance.randint(-published.CLOCK_HOURS * HOUR, published.CLOCK_HOURS * HOUR)
        return (wrong, wrong) if self.chance.random() < 0.75 else (-abs(wrong), None)

    def _round_of(self, day: int, begins: int, tried: set[int], still_open: set[int]) -> Iterator[tuple[int, int]]:
        """The doors of a day in walking order, with the time of each."""
        untried = [door for door in range(len(self.doors)) if door not in tried]
        if day == 0 and self.days > 1:
            untried = [door for door in untried if self.chance.random() < published.FIRST_DAY]
        back = [door for door in sorted(still_open) if self.chance.random() < published.COMES_BACK]
        walk = sorted(untried + back)
        hours = self.chance.choices(list(published.HOURS), weights=list(published.HOURS.values()), k=len(walk))
        times = sorted(begins + hour * HOUR + self.chance.randrange(HOUR) for hour in hours)
        return ((door, at) for door, at in zip(walk, times, strict=True) if at < self.now - _JUST_NOW)

    def _visit(self, told: Made, door: int, at: int, *, again: bool, clock: tuple[int, int | None], arrives: int | None) -> str:
        """Record a visit, and perhaps its correction; how the door is then known to stand."""
        place, people = self.doors[door]
        evening = (at + ZONE) % DAY // HOUR >= published.EVENING
        outcome, seen = self._found(published.AGAIN if again else published.BY_EVENING if evening else published.BY_DAY, people)
        said, measured = at + clock[0], clock[1] or 0
        skew = "" if clock[1] is None else f'"skew":{measured},'
        record, reaches = new_id(said, self.chance), arrives or min(at - at % HOUR + HOUR, self.now)
        told.visits.append(Visit(record, door, said - measured, outcome, seen))
        rest = f'"version":{self.versions[0]},"place":"{place}","occurred_at":"{moment(said)}",{skew}"channel":"seen",'
        told.sent.append((reaches, record, f'"kind":"visit",{rest}"payload":{_facts(outcome, seen)}}}'))
        drawn = self.chance.random()
        if drawn >= published.CORRECTED + published.WITHDRAWN:
            return outcome
        changed = None if drawn < published.WITHDRAWN else self._found(published.AGAIN, people)
        told.changes.append(Change(record, *(changed or (None, 0))))
        later = min(at + self.chance.randrange(1, 2 * HOUR), self.now)
        rest = f'"version":{self.versions[1]},"place":"{place}","occurred_at":"{moment(later + clock[0])}",{skew}"corrects":"{record}",'
        does = f'"action":"replace","to":{_facts(*changed)}' if changed else '"action":"withdraw","to":null'
        payload = f'{{"kind":"visit","version":{self.versions[0]},{does},"at":null}}'
        correction = f'"kind":"correction",{rest}"reason":"mistyped","payload":{payload}}}'
        told.sent.append((max(reaches, later), new_id(later + clock[0], self.chance), correction))
        return changed[0] if changed else "dark"

    def _found(self, shares: dict[str, int], people: int) -> tuple[str, int]:
        """What a try finds, and how many people were met. Where nobody lives nobody is met."""
        if not people:
            return self.chance.choice(("vacant", "vacant", "dark")), 0
        outcome = self.chance.choices(list(shares), weights=list(shares.values()))[0]
        return outcome, self.chance.randint(1, people) if outcome == "seen" else 0


def _facts(outcome: str, seen: int) -> str:
    return f'{{"outcome":"{outcome}","people_seen":{seen}}}'
