"""What erasing means below the tables: files of the database written anew, its log turned over, keys destroyed, and every byte looked through.

`DELETE` leaves rows in the pages of a table, and `VACUUM` leaves their bytes: only a table that is written anew has lost them. The planner's
statistics repeat values, and the log of the database (WAL) holds every change until its files are removed. What lies below the file system
(blocks of unlinked files, snapshots of a provider), and copies people made, are out of reach: see docs/guides/erasure.md.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from lianfang.config.runtime import database
from lianfang.config.runtime.backups import archive
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster
from lianfang.headquarters.closing.types import Found, Machine
from lianfang.kernel import backups, clock, filed, sealed
from lianfang.kernel.sealing import keyring

_log = logging.getLogger("lianfang.erasing")
LOGS_KEPT = timedelta(days=190)
"""Logs of the program name nobody (a test searches them) and are kept six months and a week: Cybersecurity Law, art. 21."""
_FORGOTTEN_WITHIN = 90.0  # seconds in which the server removes files of its log
_CHUNK = 8 * 2**20
_NOT_OURS = ("static", "venv", "postgresql", "python", "node")
"""Parts of a home that are programs, not data: how their names begin."""
_STATISTICS = ("pg_statistic", "pg_statistic_ext_data")


def machine(home: Home) -> Machine:
    """What this installation can do."""
    return Machine(
        rewrite=lambda tables: rewrite(home, tables), renew_keys=renew_keys, sweep=lambda: sweep(home), back_up=back_up,
        search=lambda marks: search(home, marks),
    )  # fmt: skip


def rewrite(home: Home, tables: Sequence[str]) -> Mapping[str, int]:
    """Write tables anew, then the planner's statistics, then let the log of the database forget. Where the server is not ours, the first alone."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname = any(%s)",
            [list(tables)],
        )
        known = sorted(row[0] for row in cursor.fetchall())
        clear_statistics([*known, "ledger_record"])
        for table in known:
            cursor.execute(sql.SQL("vacuum (full, analyze) {}").format(sql.Identifier(table)))
    cluster = database.engine(home).cluster
    with _as_superuser(home) as server:
        if server is None or cluster is None:
            return {"tables": len(known)}
        for table in _STATISTICS:
            server.execute(sql.SQL("vacuum (full) {}").format(sql.Identifier(table)))
        return {"tables": len(known), "log_files": forget_log(home, cluster, server)}


def clear_statistics(tables: Sequence[str]) -> None:
    """Forget what the planner remembers of values in tables: analysing one that has become empty leaves the statistics as they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_clear_attribute_stats('public', c.relname, a.attname, inherited) from pg_class c "
            "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped, unnest(array[false, true]) inherited "
            "where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname = any(%s)",
            [list(tables)],
        )


def forget_log(home: Home, cluster: Cluster, server: psycopg.Connection[tuple[object, ...]]) -> int:
    """Have every file of the log that is there now removed, and not used again under another name; how many."""
    server.execute("alter system set wal_recycle = off")
    try:
        server.execute("select pg_reload_conf()")
        before = {str(row[0]) for row in server.execute("select name from pg_ls_waldir()").fetchall()}
        last = max(name for name in before if len(name) == 24)  # noqa: PLR2004 - segments are named by 24 digits
        while server.execute("select pg_walfile_name(pg_current_wal_lsn()) <= %s", [last]).fetchone() == (True,):
            server.execute("select pg_logical_emit_message(false, 'lianfang', '')")
            server.execute("select pg_switch_wal()")
        until = time.monotonic() + _FORGOTTEN_WITHIN
        while True:
            server.execute("checkpoint")
            # A file that is still to be handed over to a backup stays until it is.
            archive.keep(home, cluster)
            left = before & {str(row[0]) for row in server.execute("select name from pg_ls_waldir()").fetchall()}
            if not left or time.monotonic() > until:
                return len(before - left)
            time.sleep(0.2)
    finally:
        server.execute("alter system reset wal_recycle")
        server.execute("select pg_reload_conf()")


def renew_keys() -> Mapping[str, int]:
    """A new key for sealed fields, everything under it, and the ones before destroyed: twice is a new key again."""
    path = Path(settings.LIANFANG_KEYRING)
    keyring().with_new_key().write(path)
    ring = keyring()
    rows = {progress.table: progress.rows for progress in sealed.reseal(ring)}
    rows["files"] = max(filed.reseal(ring), default=0)
    old = [name for name in ring.names if name != ring.current]
    held = sealed.keys_in_use() | filed.keys_in_use()
    for name in old:
        if not held.get(name):
            ring = ring.without(name)
    ring.write(path)
    return {"resealed": sum(rows.values()), "destroyed": len(old)}


def sweep(home: Home) -> Mapping[str, int]:
    """Logs older than the law asks for."""
    oldest = (clock.now() - LOGS_KEPT).timestamp()
    gone = [path for path in home.logs.glob("*") if path.is_file() and path.stat().st_mtime < oldest]
    for path in gone:
        path.unlink(missing_ok=True)
    return {"logs": len(gone)}


def back_up() -> Mapping[str, int]:
    """A fresh backup where there are any, and no key left of the older ones."""
    renewed = backups.renew()
    return {"backups": int(renewed.name is not None), "unreadable": len(renewed.destroyed)}


def search(home: Home, marks: Sequence[bytes]) -> Found:
    """Look for bytes in every file of the home: the database's, its log, logs, bundles, backups."""
    with _as_superuser(home) as server:
        if server is not None:
            server.execute("checkpoint")
    left_out = [] if database.engine(home).cluster is not None else ["the files of the database server, which is not ours"]
    files = size = 0
    hits: list[str] = []
    for path in _files(home.path):
        try:
            size += _look(path, marks, hits, home.path)
            files += 1
        except FileNotFoundError:
            continue
        except PermissionError:
            left_out.append(str(path.relative_to(home.path)))
    return Found(files, size, len(marks), tuple(hits), tuple(left_out))


def _files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        if Path(folder) == root:
            below[:] = [name for name in below if not name.startswith(_NOT_OURS)]
        yield from (path for name in names if (path := Path(folder, name)).is_file() and not path.is_symlink())


def _look(path: Path, marks: Sequence[bytes], hits: list[str], root: Path) -> int:
    """Read a file in pieces that overlap; how long it is. What is found is named by file and number of the mark, never by the mark."""
    overlap = max((len(mark) for mark in marks), default=1) - 1
    size, rest, found = 0, b"", set()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            size += len(piece)
            window = rest + piece
            found |= {number for number, mark in enumerate(marks) if number not in found and mark in window} if any(window) else set()
            rest = window[-overlap:] if overlap else b""
    hits += [f"{path.relative_to(root)} ({number})" for number in sorted(found)]
    return size


@contextmanager
def _as_superuser(home: Home) -> Iterator[psycopg.Connection[tuple[object, ...]] | None]:
    """Our own server's superuser, in the database that Django means; none where the server is somebody else's."""
    engine = database.engine(home)
    if engine.cluster is None:
        yield None
        return
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(engine.cluster.server(name).url(), autocommit=True, connect_timeout=5) as server:
        yield server
