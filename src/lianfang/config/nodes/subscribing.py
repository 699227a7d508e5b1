"""The node above: a subscription to the window of each node below, how it stands, and its mending.

Each subscription belongs to a role of its node, so that a trigger knows from whom a row came; the role has no password and cannot log in from outside. It is a
member of the owner of the tables, as whom PostgreSQL applies the rows.
"""

from __future__ import annotations

import secrets as randomness
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
from psycopg import sql

from lianfang.config.environment import Server
from lianfang.config.nodes.troubles import AnotherNode, NodeSilent
from lianfang.config.nodes.window import DATABASE, LOGIN
from lianfang.config.runtime import database
from lianfang.config.runtime.database import Engine
from lianfang.headquarters.upward import publication
from lianfang.headquarters.upward import queries as upward
from lianfang.headquarters.upward.types import Node, NodeKnown, NodesOverlap
from lianfang.kernel import clock
from lianfang.kernel.ranges import Range
from lianfang.kernel.replication import Connection, Slot, Subscription, slots, subscribe, subscriptions, unsubscribe
from lianfang.kernel.roles import OWNER

_WAIT = 5  # seconds for a connection to a node
_TABLES = tuple(publication.COLUMNS)


@dataclass(frozen=True, slots=True)
class Seen:
    """How a node stands: its subscription here, and its slot there where that answers."""

    node: Node
    subscription: Subscription | None
    answers: bool
    slot: Slot | None

    @property
    def lost(self) -> bool:
        """Whether nothing will come any more until all is fetched anew: the slot is gone, or was let go for the sake of the disk."""
        return self.subscription is None or (self.answers and (self.slot is None or bool(self.slot.lost)))


def named(code: str) -> str:
    """What the subscription and the role of a node are called."""
    return f"lianfang_node_{code}"


def window_at(host: str, port: int, password: str, extra: tuple[tuple[str, str], ...] = ()) -> Server:
    """How the window of a node is reached."""
    return Server(host, port, LOGIN, password, DATABASE, extra)


@contextmanager
def administering(engine: Engine, real: str) -> Iterator[Connection]:
    """The administrator's connection to the real database of this installation."""
    with database.connected(replace(engine.administrator, name=real)) as administrator:
        yield administrator
    upward.forget()


def _must_answer(window: Server, code: str) -> None:
    """Refuse a window that is not there, or is another node's. Raises NodeSilent, AnotherNode."""
    try:
        with psycopg.connect(window.url(), connect_timeout=_WAIT) as there:
            row = there.execute(
                "select rowfilter from pg_publication_tables where pubname = %s and tablename = 'upward_day'", [publication.NAME]
            ).fetchone()
    except psycopg.OperationalError:
        raise NodeSilent(host=window.host, port=window.port, user=window.user, code=code) from None
    if row is None or f"'{code}'" not in str(row[0]):
        found = str(row[0]).split("'")[1] if row and "'" in str(row[0]) else "—"
        raise AnotherNode(host=window.host, port=window.port, found=found, code=code)


def add(engine: Engine, real: str, node: Node, window: Server) -> Node:
    """Begin to receive from a node. Raises NodeKnown, NodesOverlap, NodeSilent, AnotherNode."""
    with administering(engine, real) as administrator:
        known = _nodes(administrator)
        if any(one.code == node.code for one in known):
            raise NodeKnown(code=node.code)
        if other := next((one for one in known if one.range.meets(node.range)), None):
            raise NodesOverlap(name=node.name, other=other.name)
        _must_answer(window, node.code)
        made = replace(node, slot=_new_slot(node.code))
        with administrator.transaction():
            _make_role(administrator, named(node.code))
            administrator.execute(
                "insert into upward_node (code, name, lo, hi, slot, added_at) values (%s, %s, %s, %s, %s, %s)",
                [made.code, made.name, made.range.lo, made.range.hi, made.slot, clock.now()],
            )
        try:
            _begin(administrator, made, window.url())
        except psycopg.Error:
            remove(engine, real, made, with_slot=False)
            raise
    return made


def _new_slot(code: str) -> str:
    """A name that no other node above has taken there."""
    return f"lianfang_{code}_{randomness.token_hex(4)}"


def _nodes(administrator: Connection) -> list[Node]:
    rows = administrator.execute("select code, name, lo, hi, slot from upward_node order by code").fetchall()
    return [Node(code, name, Range(lo, hi), slot) for code, name, lo, hi, slot in rows]


def _make_role(administrator: Connection, role: str) -> None:
    """A login without a password, so that nobody can use it but the server itself for its worker."""
    if not administrator.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        administrator.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    administrator.execute(sql.SQL("grant {} to {}").format(sql.Identifier(OWNER), sql.Identifier(role)))
    administrator.execute(
        sql.SQL("grant connect on database {} to {}").format(sql.Identifier(administrator.info.dbname), sql.Identifier(role))
    )


def _begin(administrator: Connection, node: Node, address: str) -> None:
    subscribe(administrator, named(node.code), named(node.code), (address, publication.NAME), node.slot)


def remove(engine: Engine, real: str, node: Node, *, with_slot: bool) -> None:
    """Receive from a node no more, and forget what it told. Its slot goes `with_slot`, which needs the node to answer."""
    with administering(engine, real) as administrator:
        unsubscribe(administrator, named(node.code), with_slot=with_slot)
        with administrator.transaction():
            _forget(administrator, node)
            administrator.execute("delete from upward_node where code = %s", [node.code])
            role = sql.Identifier(named(node.code))
            administrator.execute(sql.SQL("drop owned by {}").format(role))
            administrator.execute(sql.SQL("drop role {}").format(role))


def _forget(administrator: Connection, node: Node) -> None:
    for table in _TABLES:
        administrator.execute(sql.SQL("delete from {} where node = %s").format(sql.Identifier(table)), [node.code])


def address_of(administrator: Connection, node: Node) -> Server | None:
    """Where the window of a node is, as its subscription has it."""
    row = administrator.execute("select subconninfo from pg_subscription where subname = %s", [named(node.code)]).fetchone()
    return Server.from_url(str(row[0])) if row else None


def seen(engine: Engine, real: str) -> list[Seen]:
    """How every node stands, asked here and there."""
    with administering(engine, real) as administrator:
        known = {one.name: one for one in subscriptions(administrator, named(""))}
        return [_seen(administrator, node, known.get(named(node.code))) for node in _nodes(administrator)]


def _seen(administrator: Connection, node: Node, subscription: Subscription | None) -> Seen:
    window = address_of(administrator, node)
    if window is None:
        return Seen(node, None, answers=False, slot=None)
    try:
        with psycopg.connect(window.url(), connect_timeout=_WAIT) as there:
            slot = next((one for one in slots(there, node.slot) if one.name == node.slot), None)
    except psycopg.OperationalError:
        return Seen(node, subscription, answers=False, slot=None)
    return Seen(node, subscription, answers=True, slot=slot)


def fetch_anew(engine: Engine, real: str, node: Node) -> Node:
    """Throw away what a node told and fetch all of it, by a new slot. Raises NodeSilent while it does not answer, and then nothing is thrown away."""
    with administering(engine, real) as administrator:
        window = address_of(administrator, node)
        if window is None:
            raise NodeSilent(host="—", port="—", user=LOGIN, code=node.code)
        _must_answer(window, node.code)
        made = replace(node, slot=_new_slot(node.code))
        _drop_slot(window, node.slot)
        unsubscribe(administrator, named(node.code), with_slot=False)
        with administrator.transaction():
            _forget(administrator, node)
            administrator.execute("update upward_node set slot = %s where code = %s", [made.slot, node.code])
        _begin(administrator, made, window.url())
    return made


def _drop_slot(window: Server, slot: str) -> None:
    """The old slot there, where it still stands: it would hold the log back for ever. Ended first, since our own worker may hold it."""
    with psycopg.connect(window.url(), connect_timeout=_WAIT, autocommit=True) as there:
        there.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = %s and active", [slot])
        for _try in range(20):
            try:
                there.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s", [slot])
            except psycopg.errors.ObjectInUse:
                there.execute("select pg_sleep(0.1)")
            else:
                return


def mend(engine: Engine, real: str) -> list[Node]:
    """Fetch anew from every node whose slot is lost; from which it was."""
    return [fetch_anew(engine, real, one.node) for one in seen(engine, real) if one.lost and one.subscription is not None]
