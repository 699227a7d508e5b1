"""Rules of the end, pure: in which order steps are taken, and when what is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

DUE_AFTER = timedelta(days=30)
"""Erasure begins at the latest so long after the end of the response (DOMAIN 5.3)."""
LONGEST_HOLD = timedelta(days=3 * 366)
ERASES = "erase:"
_FIRST = ("books", "folded", "bulletins", "figures", "service", "holds", "marks")
_LAST = ("beside", "records", "rebuild", "sessions", "keys", "storage", "backups", "check", "certificate")
# What only records or rosters knew is judged after everybody else has let go of it.
_AFTER_ALL = ("persons", "doors")


def steps(erasers: Iterable[str]) -> tuple[str, ...]:
    """All steps in their order: what is kept, then what goes, then the storage below, the check, the certificate."""
    others = [name for name in erasers if name not in _AFTER_ALL]
    return (*_FIRST, *(f"{ERASES}{name}" for name in (*others, *_AFTER_ALL)), *_LAST)


def due_on(ended: date) -> date:
    """The day by which erasure begins."""
    return ended + DUE_AFTER


def holds_until(until: date, today: date) -> bool:
    """Whether a hold ends, and within bounds: nothing is held for ever."""
    return today < until <= today + LONGEST_HOLD
