"""PostgreSQL's own logical replication, said once: what a server publishes, to what another subscribes, and how both stand.

Nothing here carries a row: publications, subscriptions and slots are the server's. The statements run on plain connections in autocommit
mode, since a subscription makes a slot at the other end and cannot be rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it is published: these columns of the rows that `where` lets through."""

    table: str
    columns: Sequence[str]
    where: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """How a subscription stands at the server that receives. `heard_at` is when the other end last said anything at all."""

    name: str
    slot: str
    enabled: bool
    working: bool
    heard_at: datetime | None
    unready: int
    errors: int


@dataclass(frozen=True, slots=True)
class Slot:
    """How a slot stands at the server that sends. `kept` are the bytes of its log that it holds back, `lost` why it is of no use any more."""

    name: str
    active: bool
    kept: int
    lost: str


def publish(connection: Connection, name: str, tables: Sequence[Published]) -> None:
    """Have a publication of exactly these tables, columns and rows."""
    listed = sql.SQL(", ").join(
        sql.SQL("table {} ({}) where ({})").format(
            sql.Identifier(one.table), sql.SQL(", ").join(map(sql.Identifier, one.columns)), sql.SQL(one.where)
        )
        for one in tables
    )
    known = connection.execute("select 1 from pg_publication where pubname = %s", [name]).fetchone()
    verb = sql.SQL("alter publication {} set {}" if known else "create publication {} for {}")
    connection.execute(verb.format(sql.Identifier(name), listed))


def subscribe(connection: Connection, name: str, owner: str, window: tuple[str, str], slot: str) -> None:
    """Begin to receive, as a role, the publication at an address: all rows there are, then every transaction as a whole.

    What others sent there is not passed on. The worker starts when the subscription is its owner's, and not as us before.
    """
    address, publication = window
    named = sql.Identifier(name)
    connection.execute(
        sql.SQL("create subscription {} connection {} publication {} with (slot_name = {}, origin = none, enabled = false)").format(
            named, sql.Literal(address), sql.Identifier(publication), sql.Literal(slot)
        ),
    )
    connection.execute(sql.SQL("alter subscription {} owner to {}").format(named, sql.Identifier(owner)))
    connection.execute(sql.SQL("alter subscription {} enable").format(named))


def unsubscribe(connection: Connection, name: str, *, with_slot: bool) -> None:
    """End a subscription; its slot at the other end goes `with_slot`, which needs the other end to answer."""
    known = connection.execute("select 1 from pg_subscription where subname = %s", [name]).fetchone()
    if not known:
        return
    named = sql.Identifier(name)
    if not with_slot:
        connection.execute(sql.SQL("alter subscription {} disable").format(named))
        connection.execute(sql.SQL("alter subscription {} set (slot_name = none)").format(named))
    connection.execute(sql.SQL("drop subscription {}").format(named))


def subscriptions(connection: Connection, beginning: str) -> list[Subscription]:
    """The subscriptions of this database whose names begin so."""
    rows = connection.execute(
        "select s.subname, coalesce(s.subslotname, ''), s.subenabled, w.pid is not null, w.last_msg_receipt_time, "
        "(select count(*) from pg_subscription_rel r where r.srsubid = s.oid and r.srsubstate <> 'r'), "
        "coalesce(t.apply_error_count + t.sync_error_count, 0) "
        "from pg_subscription s left join pg_stat_subscription w on w.subid = s.oid and w.worker_type = 'apply' "
        "left join pg_stat_subscription_stats t on t.subid = s.oid "
        "where s.subdbid = (select oid from pg_database where datname = current_database()) and starts_with(s.subname, %s) order by 1",
        [beginning],
    ).fetchall()
    return [Subscription(*row) for row in rows]


def slots(connection: Connection, beginning: str = "") -> list[Slot]:
    """The logical slots of this server whose names begin so."""
    rows = connection.execute(
        "select slot_name, active, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint, "
        "coalesce(invalidation_reason, case when wal_status = 'lost' then wal_status end, '') "
        "from pg_replication_slots where slot_type = 'logical' and starts_with(slot_name, %s) order by 1",
        [beginning],
    ).fetchall()
    return [Slot(*row) for row in rows]
