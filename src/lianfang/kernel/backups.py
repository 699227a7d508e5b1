"""Backups as the end of an incident asks for them: a fresh one, and no key left of any older one.

Whoever runs the database registers how; `headquarters.closing` calls `renew` when everything is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was done: the backup made after the erasure (none where no backups are kept), and the older ones that nobody can read any more."""

    name: str | None
    made_at: datetime | None
    destroyed: Sequence[str]
    elsewhere: bool = False
    """The database is a server whose backups are not ours: whoever keeps them must destroy them."""


_renew: list[Callable[[], Renewed]] = []


def register(renew: Callable[[], Renewed]) -> None:
    """Say how backups are renewed here."""
    _renew[:] = [renew]


def renew() -> Renewed:
    """Make a fresh backup where backups are kept, and destroy the keys of all older ones. May take minutes; never inside a transaction."""
    return _renew[0]() if _renew else Renewed(None, None, [])
