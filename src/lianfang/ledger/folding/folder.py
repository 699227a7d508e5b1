"""The folder: the one process that folds for ever. A second one waits and takes over when the first is gone.

Intake wakes it by NOTIFY at commit; besides it looks by itself, often while a stranger's open transaction holds records back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from lianfang.ledger import chores, reacting
from lianfang.ledger.folding import cursors, engine, statements
from lianfang.ledger.intake.keeping import CHANNEL

_log = logging.getLogger("lianfang.folder")

IDLE = 1.0  # seconds between looks when nothing wakes us
HELD_BACK = 0.05  # while records are there that may not be read yet
AFTER_TROUBLE = 0.3  # seconds until the next try while the database is away
LOOK_AGAIN = 20.0  # seconds until the next look at a database that must first be taken over
BREATH = 0.2  # seconds that folding pauses at most between two rounds, so that the intake goes first


def serve(stopping: threading.Event, on_round: Callable[[], None] = lambda: None) -> None:
    """Fold until told to stop. Survives a restart of the database: it connects again and takes the lock again."""
    while not stopping.is_set():
        try:
            _serve_connected(stopping, on_round)
        except (OperationalError, InterfaceError, DatabaseError, psycopg.Error) as failed:
            _log.warning("the database is away: %s", type(failed).__name__)
            connection.close()
            stopping.wait(AFTER_TROUBLE)
        except cursors.ForeignCluster as restored:
            _log.error("%s", restored)
            stopping.wait(LOOK_AGAIN)
    connection.close()


def _serve_connected(stopping: threading.Event, on_round: Callable[[], None]) -> None:
    connection.close()
    with psycopg.connect(**_listening(), autocommit=True) as ear:
        ear.execute(f"listen {CHANNEL}")
        while not cursors.take_lock():
            on_round()
            if stopping.wait(IDLE):
                return
        _log.info("this process folds")
        patience = engine.Patience()
        engine.ensure_cursors()
        while not stopping.is_set():
            began = time.monotonic()
            busy = one_round(patience)
            on_round()
            # As long a pause as a short round took: half of a processor at most while folding keeps up, and more records in each round.
            stopping.wait(min(BREATH, time.monotonic() - began))
            for _wake in ear.notifies(timeout=0 if busy else HELD_BACK if _held_back() else IDLE, stop_after=1):
                pass


def one_round(patience: engine.Patience) -> bool:
    """Fold what may be folded, let reactions see it, do what the clock brings, and fold what these appended; whether chores may have more."""
    engine.fold_available(patience)
    if reacting.react_available():
        engine.fold_available(patience)
    done = chores.do_what_is_due()
    if done:
        engine.fold_available(patience)
    return bool(done)


def _held_back() -> bool:
    """Whether records are committed that may not be read yet, because an older transaction is still open."""
    least = min((cursor.mark for cursor in cursors.read() if cursor.state == "running"), default=cursors.ZERO)
    [(waiting,)] = statements.rows(
        "select exists (select from ledger_record where (xact, seq) > (%s::text::xid8, %s) and xact >= pg_snapshot_xmin(pg_current_snapshot()))",
        [str(least.xact), least.seq],
    )
    return bool(waiting)


_OF_DJANGO = {"context", "cursor_factory", "client_encoding", "prepare_threshold", "pool"}  # what is not libpq's


def _listening() -> dict[str, Any]:
    """Where Django connects, for the connection that only listens."""
    parameters = dict(connection.get_connection_params())
    return {name: value for name, value in parameters.items() if name not in _OF_DJANGO}


def fold_here() -> bool:
    """Fold and react in this process unless another one is the folder; whether this one did. For commands without a folder beside them."""
    if not cursors.take_lock():
        return False
    try:
        engine.ensure_cursors()
        patience = engine.Patience()
        while one_round(patience):
            pass
    finally:
        cursors.give_lock()
    return True
