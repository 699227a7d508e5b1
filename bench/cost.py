"""What serving costs: processor seconds and memory by kind of process, read from the kernel."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from bench.stage import Stage

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_NAMES = {"serve web": "web", "serve intake": "intake", "main fold": "folder", "main work": "jobs"}


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the command; none where the process has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            found[int(fields[1])].append(int(entry.name))
    return found


def _below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, ()):
        yield from _below(child, children)


def _kind(pid: int) -> str:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
    return next((name for words, name in _NAMES.items() if words in line), "")


def _trees(on: Stage) -> dict[str, list[int]]:
    """The processes of each kind: those that this one started and serve, and the database's."""
    children = _children()
    found: dict[str, list[int]] = defaultdict(list)
    for child in children.get(os.getpid(), ()):
        if kind := _kind(child):
            found[kind] += _below(child, children)
    if on.engine.cluster is not None:
        postmaster = int((on.engine.cluster.directory_of_cluster / "postmaster.pid").read_text().split()[0])
        found["database"] += _below(postmaster, children)
    return found


def seconds(on: Stage) -> dict[str, float]:
    """Processor seconds used so far by each kind of process, ended children of the database included; `load` is this process."""
    used = {
        kind: sum(
            (int(fields[11]) + int(fields[12]) + (int(fields[13]) + int(fields[14]) if number == 0 else 0)) / _TICK
            for number, pid in enumerate(pids)
            if (fields := _stat(pid))
        )
        for kind, pids in _trees(on).items()
    }
    return used | {"load": time.process_time()}


def since(before: dict[str, float], on: Stage) -> dict[str, float]:
    """Processor seconds used since an earlier reading."""
    return {kind: used - before.get(kind, 0.0) for kind, used in seconds(on).items()}


def backends(on: Stage, before: dict[str, float] | None = None) -> dict[str, float]:
    """Processor seconds of the database's connections by who holds them (intake, folder, web); since an earlier reading, if one is given."""
    with connection.cursor() as cursor:
        cursor.execute("select pid, coalesce(usename, backend_type) from pg_stat_activity")
        held = cursor.fetchall()
    used: dict[str, float] = defaultdict(float)
    for pid, who in held:
        if on.engine.cluster is not None and (fields := _stat(pid)):
            used[str(who).removeprefix("lianfang_").replace(" ", "_")] += (int(fields[11]) + int(fields[12])) / _TICK
    return {who: seconds - (before or {}).get(who, 0.0) for who, seconds in used.items()}


def memory(on: Stage) -> dict[str, float]:
    """Megabytes of the largest process of each kind; what PostgreSQL's processes share is left out of theirs."""
    largest = {}
    for kind, pids in _trees(on).items():
        if kind != "database":
            largest[kind] = max((int(fields[21]) * _PAGE / 2**20 for pid in pids if (fields := _stat(pid))), default=0.0)
    return largest
