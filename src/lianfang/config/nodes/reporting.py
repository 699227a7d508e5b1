"""The process that tells: it counts what goes up and brings the difference into the window, again and again, until told to stop.

It reads as the web role within the range of its node, and writes to the window as the folder. What is sent on, and when, is the server's affair.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from datetime import timedelta

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from lianfang.config.beats import beat
from lianfang.config.environment import Server
from lianfang.config.logs import catch_the_rest
from lianfang.config.nodes.telling import tell
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import going_up
from lianfang.kernel import clock, db

_log = logging.getLogger("lianfang.upward")
PAUSE = 10.0  # seconds between two reports of today
SHARE = 4  # of the time that a report takes this many times as long are left to others
BACK = 7  # days that records which come late may change, told again every hour
AGAIN = 3600.0
AFTER_TROUBLE = 5.0


def once(window: Server, code: str, back: int = 0) -> int:
    """Tell today, and so many days before it; how many rows differed from what was told last."""
    changed = 0
    with psycopg.connect(window.url(), autocommit=True, connect_timeout=5) as told:
        for number in range(back, -1, -1):
            node = places.by_code(code)
            with db.scope([node.range], None):
                found = going_up.report(node, clock.today() - timedelta(days=number))
            changed += tell(told, found)
    return changed


def run() -> None:
    """Tell until SIGTERM or SIGINT. The window and the code of the node come from the environment (LIANFANG_WINDOW, LIANFANG_NODE)."""
    catch_the_rest()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    serve(Server.from_url(os.environ["LIANFANG_WINDOW"]), os.environ["LIANFANG_NODE"], stopping)


def serve(window: Server, code: str, stopping: threading.Event) -> None:
    """Tell again and again. Survives a restart of the database."""
    whole = -AGAIN
    while not stopping.is_set():
        beat("upward")
        began = time.monotonic()
        back = BACK if began - whole >= AGAIN else 0
        try:
            once(window, code, back)
        except (InterfaceError, DatabaseError, psycopg.Error) as failed:
            _log.warning("a report was broken off: %s", type(failed).__name__)
            connection.close()
            stopping.wait(AFTER_TROUBLE)
            continue
        whole = began if back else whole
        stopping.wait(max(PAUSE, SHARE * (time.monotonic() - began)))
    connection.close()
