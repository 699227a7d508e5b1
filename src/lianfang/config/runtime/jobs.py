"""The process of jobs: works off what takes longer than a request may, one thing after the other, until told to stop.

A job is a row of the context that owns it (a roster that was brought or ordered), so that it is where its result is, is erased with it, and
is taken up again after a crash; nothing about a person is ever an argument of it. See docs/decisions.
"""

from __future__ import annotations

import logging
import signal
import threading
import time

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from lianfang.config.beats import beat
from lianfang.config.logs import catch_the_rest
from lianfang.kernel import clock

_log = logging.getLogger("lianfang.jobs")
IDLE = 0.5  # seconds between looks when nothing waits
NOW_AND_THEN = 20  # seconds between looks at what another body does for one out of action
SETTLED = 60  # seconds after the start before what rolls by the day is looked at: the start itself is not kept waiting for it
AFTER_TROUBLE = 0.3  # until the next try while the database is away


def run() -> None:
    """Work until SIGTERM or SIGINT; what is begun is broken off between two steps at the latest and goes on after the next start."""
    catch_the_rest()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    _log.info("working")
    serve(stopping)
    _log.info("stopped")


def serve(stopping: threading.Event) -> None:
    """Look for work again and again. Survives a restart of the database."""
    from lianfang.config.runtime.closing import Beside  # the same
    from lianfang.ground.changes import commands as changes  # the same
    from lianfang.ground.rosters import commands as rosters  # rosters are loaded by the process that works them off
    from lianfang.headquarters.playbooks import commands as playbooks  # plans are carried out step by step
    from lianfang.work.mobilisation import commands as mobilisation  # drafts of assignments are made, and calls sent

    erased_on, rolled_on, closings, settled, looked = None, None, Beside(), time.monotonic() + SETTLED, 0.0
    while not stopping.is_set():
        try:
            rolls = rolled_on != clock.today() and time.monotonic() > settled
            closings.look(new_day=rolls)
            if rolls:
                rolled_on = clock.today()
            if erased_on != clock.today():
                rosters.erase_overdue()
                changes.forget_touches()
                erased_on = clock.today()
            if time.monotonic() > looked:
                playbooks.look_after_takeovers()
                looked = time.monotonic() + NOW_AND_THEN
            done = rosters.work_off() + mobilisation.work_off() + mobilisation.send_due() + playbooks.work_off()
        except (InterfaceError, DatabaseError, psycopg.Error) as failed:
            _log.warning("a job was broken off: %s", type(failed).__name__)
            connection.close()
            stopping.wait(AFTER_TROUBLE)
            continue
        beat("jobs")
        if not done:
            stopping.wait(IDLE)
    closings.end()
    connection.close()
