"""Invented visits: what two grid workers found at the doors of a compound in a first round last week and on two evenings of this one.

Shares are assumptions. Times run backwards from the moment of seeding, so that the demonstration is always of today.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_TRY = {"seen": 70, "phone": 6, "away": 4, "vacant": 2, "moved": 2, "lit": 4, "dark": 9, "refused": 2, "check": 1}
SECOND_TRY = {"seen": 45, "phone": 14, "away": 6, "vacant": 5, "moved": 3, "lit": 6, "dark": 17, "refused": 3, "check": 1}
OPEN = {"lit", "dark", "refused", "check"}


@dataclass(frozen=True, slots=True)
class Try:
    """One try at the door with this number in walking order."""

    door: int
    outcome: str
    at: datetime
    wants_help: bool


def evenings(doors: int, people_at: Sequence[int], *, now: datetime, seed: int) -> Iterator[Try]:
    """Tries in order of time: yesterday at nearly every door, today again where it stayed open."""
    chance = random.Random(seed)
    still_open = []
    walk = now - timedelta(hours=26)
    for door in range(doors):
        walk += timedelta(seconds=chance.randint(15, 50))
        if chance.random() < 0.04:
            still_open.append(door)
            continue
        outcome = _found(FIRST_TRY, chance)
        if outcome in OPEN:
            still_open.append(door)
        yield Try(door, outcome, walk, wants_help=outcome == "seen" and people_at[door] > 0 and chance.random() < 0.008)
    walk = now - timedelta(hours=2)
    for door in still_open:
        walk += timedelta(seconds=chance.randint(20, 60))
        if walk >= now - timedelta(minutes=3):
            return
        if chance.random() < 0.75:
            yield Try(door, _found(SECOND_TRY, chance), walk, wants_help=False)


def last_week(doors: int, *, ends: datetime, seed: int) -> Iterator[Try]:
    """Tries of the first round, in order of time: one evening, at doors in walking order, with the upper blocks left for lack of time."""
    chance = random.Random(seed + 1)
    walk = ends - timedelta(hours=8)
    for door in range(doors):
        walk += timedelta(seconds=chance.randint(10, 55))
        if walk >= ends - timedelta(minutes=3):
            return
        if chance.random() < 0.85:
            yield Try(door, _found(FIRST_TRY, chance), walk, wants_help=False)


def _found(shares: dict[str, int], chance: random.Random) -> str:
    return chance.choices(list(shares), weights=list(shares.values()))[0]
