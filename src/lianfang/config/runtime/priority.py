"""Who gives way on a machine with few processors: folding and jobs to all others, and the intake a little to the pages.

A page is short and somebody looks at it; a phone keeps its records and waits, and a third of a processor still takes thousands of them a second.
Most of the work of folding is done by its connection's process in the server. Where the server is our own and on this machine, that process
gives way as well; elsewhere the server shares out its own processors.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from lianfang.config.runtime import database
from lianfang.config.runtime.home import Home

INTAKE, BEHIND = 3, 5
"""By how much the intake gives way, and what works behind the scenes (folding, jobs)."""


def give_way(much: int) -> None:
    """From now on this process goes after the others, and so does each connection that it makes to our own server."""
    os.nice(much)

    def follow(connection: BaseDatabaseWrapper, **_: Any) -> None:
        serving = int(connection.connection.info.backend_pid)
        with suppress(OSError, ValueError, IndexError):  # a system that tells no such things, or another one's server
            if _parent(serving) == _our_server():
                os.setpriority(os.PRIO_PROCESS, serving, os.getpriority(os.PRIO_PROCESS, 0))

    connection_created.connect(follow, weak=False, dispatch_uid="give way")


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _our_server() -> int:
    """The first process of our own server; nought where the server is another's."""
    cluster = database.engine(Home.here()).cluster
    return int((cluster.directory_of_cluster / "postmaster.pid").read_text().split()[0]) if cluster else 0
