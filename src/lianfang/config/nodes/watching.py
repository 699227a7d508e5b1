"""`up` looks after the nodes below: where a slot is lost, everything is fetched anew, without anybody typing anything."""

from __future__ import annotations

import asyncio
import logging

import psycopg

from lianfang.config.nodes import subscribing
from lianfang.config.runtime import database
from lianfang.config.runtime.home import Home
from lianfang.kernel.errors import Refused

_log = logging.getLogger("lianfang.nodes")
LOOK = 60.0  # seconds between two looks at the slots


async def mend_again_and_again(home: Home, real: str, stopping: asyncio.Event) -> None:
    """Mend what is lost, until told to stop."""
    while not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), LOOK)
        except TimeoutError:
            await asyncio.to_thread(_mend, home, real)


def _mend(home: Home, real: str) -> None:
    try:
        for node in subscribing.mend(database.engine(home), real):
            _log.warning("node %s was fetched anew: its slot was lost", node.code)
    except (psycopg.Error, Refused) as failed:  # the database is away, or the node is; the next look tries again
        _log.warning("nodes were not looked after: %s", type(failed).__name__)
