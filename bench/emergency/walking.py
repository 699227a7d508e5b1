"""What the phones of all grids record in the days of an emergency, day by day, and what must be counted of it: beside the product.

Each grid is walked once, in three days that begin when its turn comes. Beside plain visits some find a door and a person nobody knew, with words; some are
asked for help; and every worker comes on duty in the morning and goes off in the evening.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from bench.simulation.counting import Count, Visit, count
from bench.simulation.days import DAY, HOUR, Walk, moment, new_id

WALK = 3  # days that a grid is walked
FIRST = 2  # the day on which walking begins: phones may be a day behind, and nothing is recorded before the incident
SHORTEST = FIRST + WALK
FOUND, ASKED = 2, 2  # in a grid: doors and people nobody knew, calls for help
TRIES = 1.35  # visits a door in such a walk


@dataclass(frozen=True, slots=True)
class Beat:
    """One grid as its worker has it: doors with the people behind them, the building in which a door is found, where they go on duty."""

    worker: UUID
    doors: list[tuple[str, int]]
    building: UUID


@dataclass
class Walked:
    """All that is recorded. `marks` are the words that nobody may find again: names, labels, remarks."""

    incident: UUID
    versions: dict[str, int]
    begins: int
    days: int
    chance: random.Random
    known: Count = field(default_factory=Count)
    by_day: Counter[int] = field(default_factory=Counter)
    marks: list[str] = field(default_factory=list)
    records: int = 0
    _waiting: dict[int, dict[UUID, list[str]]] = field(default_factory=dict)

    def take_on(self, beats: list[Beat], visits: int) -> None:
        """Give grids their turn until about so many visits are made; and everybody duty."""
        chosen, wanted = self.chance.sample(beats, len(beats)), float(visits)
        for beat in chosen:
            if wanted > 0:
                self._walk(beat, self.chance.randrange(FIRST, self.days - WALK + 1))
                wanted -= len(beat.doors) * TRIES
            for day in range(self.days):
                self._duty(beat, day)

    def of_day(self, day: int) -> Iterator[tuple[UUID, list[str]]]:
        """Who sends what on a day."""
        yield from self._waiting.pop(day, {}).items()

    def _walk(self, beat: Beat, day: int) -> None:
        begins = self.begins + day * DAY
        ends = min(begins + (WALK + 1) * DAY, self.begins + self.days * DAY) - 1
        versions = self.versions["visit"], self.versions["correction"]
        made = Walk(beat.doors, begins, WALK, ends, versions, random.Random(self.chance.getrandbits(64))).made()
        for reaches, record, rest in made.sent:
            self._send(beat, reaches, f'{{"id":"{record}","incident":"{self.incident}",{rest}')
        more = [*(self._found(beat, begins, number) for number in range(FOUND)), *(self._asked(beat, begins) for _ in range(ASKED))]
        visits = [*made.visits, *more]
        self.known.add(count(visits, made.changes, opens_at=self.begins))
        withdrawn = {change.root for change in made.changes if change.outcome is None}
        self.by_day.update((visit.at - self.begins) // DAY for visit in visits if visit.record not in withdrawn)

    def _found(self, beat: Beat, begins: int, number: int) -> Visit:
        """A door and a person nobody knew."""
        name, words = f"示{self._letters()}", f"remark{self.chance.getrandbits(80):020x}"
        label = f"door{self.chance.getrandbits(80):020x}"
        envelope = {
            "door": {"building": str(beat.building), "label": label},
            "person": {"name": name, "household": new_id(begins, self.chance), "phone": f"152{self.chance.randrange(10**8):08d}"},
            "remark": words,
        }
        self.marks += [name, label, words]
        subject = new_id(begins, self.chance)
        return self._visit(beat, begins, new_id(begins, self.chance), len(beat.doors) + number, envelope=envelope, subject=subject)

    def _asked(self, beat: Beat, begins: int) -> Visit:
        """Somebody asks for help; the wish becomes a matter."""
        words = f"remark{self.chance.getrandbits(80):020x}"
        self.marks.append(words)
        at = self.chance.randrange(len(beat.doors))
        return self._visit(beat, begins, beat.doors[at][0], at, wants_help=True, envelope={"remark": words})

    def _visit(self, beat: Beat, begins: int, place: str, door: int, *, wants_help: bool = False, **beside: object) -> Visit:
        at = begins + (WALK - 1) * DAY + 21 * HOUR + self.chance.randrange(HOUR)  # the last of the walk
        record = new_id(at, self.chance)
        payload: dict[str, object] = {"outcome": "seen", "people_seen": 1} | ({"wants_help": True} if wants_help else {})
        told = {
            "id": record, "kind": "visit", "version": self.versions["visit"], "place": place, "occurred_at": moment(at), "channel": "seen",
            "incident": str(self.incident), "payload": payload, **beside,
        }  # fmt: skip
        self._send(beat, at + HOUR, json.dumps(told, ensure_ascii=False))
        return Visit(record, door, at, "seen", 1)

    def _duty(self, beat: Beat, day: int) -> None:
        for hour, way in ((8, "on"), (20, "off")):
            at = self.begins + day * DAY + hour * HOUR + self.chance.randrange(HOUR)
            told = {
                "id": new_id(at, self.chance), "kind": "presence", "version": self.versions["presence"], "place": str(beat.building),
                "occurred_at": moment(at), "incident": str(self.incident), "payload": {"duty": way},
            }  # fmt: skip
            self._send(beat, at + HOUR, json.dumps(told))

    def _send(self, beat: Beat, reaches: int, record: str) -> None:
        day = min((reaches - self.begins) // DAY, self.days - 1)
        self._waiting.setdefault(day, {}).setdefault(beat.worker, []).append(record)
        self.records += 1

    def _letters(self) -> str:
        """Made of letters, as a name is."""
        return "".join(self.chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(20)).capitalize()
