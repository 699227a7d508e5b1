"""Chores: what the clock brings, done by the folder after it has folded all that was received (a statement at a deadline, the next of a series).

A chore looks for what is due and does it in transactions of its own; done twice it does nothing the second time. One that fails says so in
the log and is tried again in the next round; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection

from lianfang.kernel.errors import Refused

_log = logging.getLogger("lianfang.chores")
_chores: dict[str, Callable[[], int]] = {}


def register(name: str, chore: Callable[[], int]) -> None:
    """Add a chore; duties do so when their app starts. It answers how many things it did. The same name twice is a mistake of the programmer."""
    if name in _chores:
        raise ValueError(f"chore {name} is registered twice")
    _chores[name] = chore


def do_what_is_due() -> int:
    """Do every chore; how many things were done."""
    done = 0
    for name, chore in _chores.items():
        try:
            done += chore()
        except (Refused, DatabaseError) as failed:
            if isinstance(failed, DatabaseError) and not connection.is_usable():
                raise
            _log.error("chore %s: %s", name, failed.code if isinstance(failed, Refused) else type(failed).__name__)
    return done
