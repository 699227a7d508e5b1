"""What `doctor` asks the database itself: is what it confirms kept, do the locks hold, do the keys fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianfang.config.beats import last_beat
from lianfang.config.health import FOLDER_LATE
from lianfang.config.runtime import database, running
from lianfang.config.runtime.backups import archive, folder
from lianfang.config.runtime.home import Home
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.roles import LOGINS, OWNER, WEB
from lianfang.kernel.sealed import sealed_tables
from lianfang.kernel.sealing import KeyMissing, SealBroken, keyring
from lianfang.kernel.soundness import Finding

_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
_LONG = 60  # seconds after which an open transaction holds figures back noticeably
_SHOWN = 5
_BACKED_UP = timedelta(hours=26)  # one night and some patience
_WAITING = 32  # pieces of the log, 16 MiB each


def _rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _listed(names: Sequence[str]) -> str:
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _finding(check: str, wrong: Sequence[str], fine: str, mend: str) -> Finding:
    """Sound when nothing is wrong."""
    return Finding(check, not wrong, _listed(wrong) if wrong else fine, "" if not wrong else mend)


def durable() -> Finding:
    """What a commit confirms is on disk: for the server, and no role or database may differ."""
    rows = _rows("select name, setting from pg_settings where name = any(%s)", [list(_DURABLE)])
    wrong = [f"{name}={value}" for name, value in rows if value == "off"]
    overrides = _rows("select coalesce(setrole::regrole::text, '-'), unnest(setconfig) from pg_db_role_setting")
    wrong += [f"{role}: {text}" for role, text in overrides if text in {f"{name}=off" for name in _DURABLE}]
    return _finding(
        "database.durable", wrong, "fsync, synchronous_commit and full_page_writes are on", "switch them on and restart the server"
    )


def undamaged() -> Finding:
    """The server's own checksums have found no damaged page since its statistics began."""
    [(failures, checked)] = _rows(
        "select coalesce(sum(checksum_failures), 0), current_setting('data_checksums') from pg_stat_database",
    )
    wrong = [f"{failures} damaged pages"] if failures else []
    fine = "no damaged page" if checked == "on" else "checksums are off on this server"
    return _finding("database.undamaged", wrong, fine, "restore the last backup and examine the disk")


def migrated() -> Finding:
    """The tables are what this code expects."""
    executor = MigrationExecutor(connection)
    missing = [f"{step.app_label}.{step.name}" for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    return _finding("database.migrated", missing, "all migrations are applied", "./lianfang setup")


def roles_are_weak() -> Finding:
    """No role of ours is a superuser, passes row security or makes roles; no login is a member of the owner."""
    rows = _rows(
        "select rolname from pg_roles where rolname = any(%s) and (rolsuper or rolbypassrls or rolcreaterole) order by 1",
        [[OWNER, *LOGINS]],
    )
    members = _rows(
        "select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member "
        "where r.rolname = any(%s) and m.roleid in (select oid from pg_roles where rolname = %s or rolsuper or rolbypassrls)",
        [list(LOGINS), OWNER],
    )
    standing = {name for (name,) in _rows("select rolname from pg_roles where rolname = any(%s)", [[OWNER, *LOGINS]])}
    wrong = [f"{name} is too strong" for (name,) in rows] + [f"{name} may become another" for (name,) in members]
    wrong += [f"{name} is missing" for name in sorted({OWNER, *LOGINS} - standing)]
    return _finding("database.roles", wrong, "four roles, none of them strong", "alter role … nosuperuser nobypassrls nocreaterole")


def owners() -> Finding:
    """The logins own nothing, so that none of them can switch row security off."""
    rows = _rows(
        "select relname from pg_class where relowner in (select oid from pg_roles where rolname = any(%s)) "
        "and relpersistence <> 't' order by 1",
        [list(LOGINS)],
    )
    return _finding(
        "database.owners", [name for (name,) in rows], "the logins own no table", f"alter table … owner to {OWNER}",
    )  # fmt: skip


def row_security() -> Finding:
    """Each table with a policy has row security switched on, with a policy for the web role and one for the systems."""
    rows = _rows(
        "select c.relname, c.relrowsecurity, "
        "count(*) filter (where %s::regrole::oid = any(p.polroles)), count(*) filter (where %s::regrole::oid = any(p.polroles)) "
        "from pg_policy p join pg_class c on c.oid = p.polrelid group by 1, 2 order by 1",
        [WEB, LOGINS[1]],
    )
    wrong = [name for name, on, web, systems in rows if not (on and web and systems)]
    return _finding("database.row_security", wrong, f"{len(rows)} tables are protected", "restore the policies that the migration made")


def partitions_closed() -> Finding:
    """The web role reaches the partitions of a protected table through it only: beside it, row security would not ask."""
    rows = _rows(
        "select part.relname from pg_class part "
        "join pg_inherits i on i.inhrelid = part.oid join pg_class whole on whole.oid = i.inhparent "
        "where whole.relrowsecurity and not part.relrowsecurity and part.relkind in ('r', 'p') "
        "and has_table_privilege(%s, part.oid, 'select, insert, update, delete') order by 1",
        [WEB],
    )
    return _finding(
        "database.partitions", [name for (name,) in rows], "no partition is open beside its table", f"revoke all on … from {WEB}"
    )


def keys() -> Finding:
    """Every key that sealed something is in the keyring, and opens it."""
    wrong: list[str] = []
    opened = 0
    try:
        ring = keyring()
    except (OSError, ValueError):
        return Finding(
            "keys.open", ok=False, found=f"no keyring at {settings.LIANFANG_KEYRING}", mend="put the keyring of this database there"
        )
    for held in sealed_tables():
        for column, purpose in held.purposes:
            for sealed in _one_of_each_key(held.table, column):
                try:
                    ring.open(sealed, purpose)
                    opened += 1
                except (KeyMissing, SealBroken) as why:
                    wrong.append(f"{held.table}.{column}: {_named(why)}")
    return _finding("keys.open", wrong, f"{opened} samples open", "put the keyring that belongs to this database back")


def _one_of_each_key(table: str, column: str) -> list[bytes]:
    """A sealed value for each key that the column uses. Byte 2 is the length of the key's name, which follows it."""
    name = f"substring({column} from 3 for get_byte({column}, 1))"
    return [bytes(sealed) for (sealed,) in _rows(f"select distinct on ({name}) {column} from {table} where {column} is not null")]


def _named(why: Refused) -> str:
    return f"key {why.facts['key']} is missing" if "key" in why.facts else "does not open"


def transactions() -> Finding:
    """No transaction has been open so long that it holds figures back (the folder waits for the oldest)."""
    rows = _rows(
        "select pid, coalesce(usename, '-'), extract(epoch from now() - xact_start)::int from pg_stat_activity "
        "where backend_xid is not null and pid <> pg_backend_pid() and xact_start < now() - make_interval(secs => %s) "
        "order by xact_start",
        [_LONG],
    )
    wrong = [f"process {pid} of {role}, open for {seconds} s" for pid, role, seconds in rows]
    prepared = _rows("select gid from pg_prepared_xacts order by 1")
    wrong += [f"prepared transaction {gid}" for (gid,) in prepared]
    [(sees_all,)] = _rows("select pg_has_role(current_user, 'pg_read_all_stats', 'usage')", [])
    right = (
        "none is open for long" if sees_all else f"none of ours is open for long; for those of others: grant pg_read_all_stats to {OWNER}"
    )
    return _finding("database.transactions", wrong, right, "end it: select pg_terminate_backend(process)")


def folder_beats() -> Finding:
    """If something serves here, its folder has shown a sign of life."""
    seconds = last_beat("folder")
    late = seconds is not None and seconds > FOLDER_LATE and running.is_up(Home.here())
    found = "no folder runs" if seconds is None else f"last sign of life {seconds:.0f} s ago"
    return Finding("folder.beats", ok=not late, found=found, mend="see HOME/logs/folder.log" if late else "")


def backed_up() -> Finding:
    """A real installation on our own server was backed up within a day, and what changed since is in the backup."""
    home = Home.here()
    cluster = database.engine(home).cluster
    if cluster is None or settings.LIANFANG_DEMO or not cluster.directory_of_cluster.exists():
        return Finding("backups.age", ok=True, found="none of ours to look after")
    newest = next((backup for backup in reversed(folder.held(home)) if backup.readable), None)
    young = time.time() - cluster.directory_of_cluster.stat().st_ctime < _BACKED_UP.total_seconds()
    waiting = len(archive.handed_over(cluster))
    if newest is None:
        return Finding("backups.age", ok=young and not waiting, found="there is none", mend="" if young else "./lianfang backup")
    hours = (clock.now() - newest.began_at).total_seconds() / 3600
    found = f"the last one is {hours:.1f} hours old, {waiting} pieces of the log wait"
    late = clock.now() - newest.began_at > _BACKED_UP or waiting > _WAITING
    return Finding(
        "backups.age", ok=not late, found=found, mend="./lianfang backup, and see that its folder can be written" if late else ""
    )


def _alone(check: Callable[[], Finding]) -> Callable[[], list[Finding]]:
    return lambda: [check()]


CHECKS = {
    "database.durable": _alone(durable),
    "database.undamaged": _alone(undamaged),
    "database.migrated": _alone(migrated),
    "database.roles": _alone(roles_are_weak),
    "database.owners": _alone(owners),
    "database.row_security": _alone(row_security),
    "database.partitions": _alone(partitions_closed),
    "keys.open": _alone(keys),
    "database.transactions": _alone(transactions),
    "folder.beats": _alone(folder_beats),
    "backups.age": _alone(backed_up),
}
"""The checks of the database by name; one that fails to run is reported under its name."""
