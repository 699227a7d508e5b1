"""Cursors: how far each projection and reaction has read, and the one lock that lets only one folder fold.

A mark is (xact, seq). Read only below `pg_snapshot_xmin`: a cursor on seq alone loses records whose transaction commits late.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from django.db import connection

from lianfang.kernel.errors import Refused
from lianfang.ledger.folding import statements

LOCK = crc32(b"lianfang folding")


class ForeignCluster(Refused):
    """This database was restored from a dump of another server: run `./lianfang restore` before it is folded."""


class Mark(NamedTuple):
    """A place in the order of the ledger."""

    xact: int
    seq: int


ZERO = Mark(0, 0)

_SOMEBODY = """
select exists (
    select from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        and classid = 0 and objid = %s and objsubid = 1 and granted)
"""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one projection or reaction has come."""

    name: str
    mark: Mark
    cluster: int
    folded_until: datetime
    definition: str
    state: str
    trouble: str
    stuck_record: UUID | None
    failed_at: datetime | None


def take_lock() -> bool:
    """Become the folder of this database if nobody else is: for the life of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def give_lock() -> None:
    """Let another folder fold."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def somebody_folds() -> bool:
    """Whether any process, this one included, is the folder right now."""
    with connection.cursor() as cursor:
        cursor.execute(_SOMEBODY, [LOCK])
        return bool(cursor.fetchone()[0])


def cluster() -> int:
    """The system identifier of the cluster this database lives in."""
    with connection.cursor() as cursor:
        cursor.execute("select system_identifier from pg_control_system()")
        return int(cursor.fetchone()[0])


def read(names: Collection[str] | None = None, *, lock: bool = False) -> list[Cursor]:
    """The cursors, of all or of these names; with `lock` nobody else moves them until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, xact::text, seq, cluster, folded_until, definition, state, trouble, stuck_record, failed_at from ledger_cursor "
            f"where %s or name = any(%s) order by name{' for update' if lock else ''}",
            [names is None, list(names or ())],
        )
        return [Cursor(row[0], Mark(int(row[1]), row[2]), *row[3:]) for row in cursor.fetchall()]


def begin(names: Sequence[str], definitions: Sequence[str], at: Mark, now: datetime) -> None:
    """Make the cursors that do not exist yet."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ledger_cursor (name, xact, seq, cluster, folded_until, definition) values (%s, %s::text::xid8, %s, %s, %s, %s) "
            "on conflict (name) do nothing",
            [[name, str(at.xact), at.seq, cluster(), now, definition] for name, definition in zip(names, definitions, strict=True)],
        )


def check_cluster() -> None:
    """Refuse to read a ledger whose marks were written by another cluster."""
    here = cluster()
    if any(cursor.cluster != here for cursor in read()):
        raise ForeignCluster


def advance(names: Collection[str], to: Mark, folded_until: datetime) -> None:
    """Move cursors; what was stuck runs again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_cursor set xact = %s::text::xid8, seq = %s, folded_until = %s, state = 'running', trouble = '', "
            "stuck_record = null, failed_at = null where name = any(%s)",
            [str(to.xact), to.seq, folded_until, list(names)],
        )


def stick(name: str, trouble: str, record: UUID | None, at: datetime) -> None:
    """Say that one has failed: with the class of the trouble, never with what was in the record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_cursor set state = 'stuck', trouble = %s, stuck_record = %s, failed_at = %s where name = %s",
            [trouble, record, at, name],
        )


def end_of_book(after: Mark) -> Mark:
    """The last mark below which no transaction is still open, or `after` where there is nothing new."""
    found = statements.rows(
        "select r.xact::text, r.seq from ledger_record r where (r.xact, r.seq) > (%s::text::xid8, %s) "
        "and r.xact < pg_snapshot_xmin(pg_current_snapshot()) order by r.xact desc, r.seq desc limit 1",
        [str(after.xact), after.seq],
    )
    return Mark(int(found[0][0]), found[0][1]) if found else after


def cut(after: Mark, end: Mark, limit: int) -> Mark:
    """Where a batch of at most `limit` records that begins after one mark and may go to another ends."""
    found = statements.rows(
        "select r.xact::text, r.seq from ledger_record r where (r.xact, r.seq) > (%s::text::xid8, %s) "
        "and (r.xact, r.seq) <= (%s::text::xid8, %s) order by r.xact, r.seq offset %s limit 1",
        [str(after.xact), after.seq, str(end.xact), end.seq, limit - 1],
    )
    return Mark(int(found[0][0]), found[0][1]) if found else end
