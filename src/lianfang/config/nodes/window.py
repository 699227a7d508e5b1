"""The window of a node: a database beside the real one that holds what may go up and nothing else, published to whoever has its login.

A login that may replicate can read the whole log of the database it is let into, through any plug-in of the server. So it is let into a
database in which no person stands: a log is read database by database.
"""

from __future__ import annotations

import secrets as randomness
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, models
from psycopg import sql

from lianfang.config.environment import Server
from lianfang.config.nodes.troubles import NeedsLogicalLog, NotANode, StillUp
from lianfang.config.runtime import database, roles, running
from lianfang.config.runtime.database import Engine
from lianfang.config.runtime.home import Home, read_form, write_form
from lianfang.headquarters.upward import publication
from lianfang.kernel.replication import Connection, publish
from lianfang.kernel.roles import FOLDER, LOGINS, OWNER

DATABASE = "lianfang_up"
LOGIN = "lianfang_up"
_BYTES = 24
_TRIES = 50  # tenths of a second that a slot may take to be let go


@dataclass(frozen=True, slots=True)
class Opened:
    """A window that stands: what the node above needs to add it."""

    code: str
    host: str
    port: int
    password: str


def code_of(home: Home) -> str:
    """The code of the node whose figures go up from this home; empty where none do."""
    return str(read_form(_form(home)).get("code", ""))


def _form(home: Home) -> Path:
    return home.path / "node.json"


def server(engine: Engine, role: str) -> Server:
    """How a role connects to the window."""
    return engine.server(role, DATABASE)


def open_window(home: Home, engine: Engine, code: str, real: str) -> Opened:
    """Make the window of a node and its login, or give the login a new password. Raises StillUp, NeedsLogicalLog."""
    engine = _with_logical_log(home, engine, code)
    write_form(_form(home), {"code": code})
    password = randomness.token_urlsafe(_BYTES)
    hall = database.lobby(engine)
    with database.connected(replace(engine.administrator, name=hall)) as administrator:
        _make_login(administrator, password)
    with database.connected(engine.server(OWNER, hall)) as owner:
        roles.make_database(owner, DATABASE)
        _close_to_others(owner, real)
    with database.connected(server(engine, OWNER)) as window:
        make_tables(window)
        publish(window, publication.NAME, publication.published(code))
    return Opened(code, engine.administrator.host, engine.administrator.port, password)


def _with_logical_log(home: Home, engine: Engine, code: str) -> Engine:
    """Our own server is started again with the log it needs; another one must have it."""
    with database.connected(replace(engine.administrator, name=database.lobby(engine))) as administrator:
        if administrator.execute("show wal_level").fetchone() == ("logical",):
            return engine
    if engine.cluster is None:
        raise NeedsLogicalLog
    if running.is_up(home):
        raise StillUp
    write_form(_form(home), {"code": code})  # from it the server knows at its next start which log to keep
    connection.close()
    engine.cluster.stop()
    again, _started = database.ensure_running(home)
    return again


def _make_login(administrator: Connection, password: str) -> None:
    known = administrator.execute("select 1 from pg_roles where rolname = %s", [LOGIN]).fetchone()
    verb = sql.SQL("alter role {}" if known else "create role {}").format(sql.Identifier(LOGIN))
    hashed = administrator.pgconn.encrypt_password(password.encode(), LOGIN.encode(), b"scram-sha-256").decode()
    administrator.execute(sql.SQL("{} login replication password {}").format(verb, sql.Literal(hashed)))


def _close_to_others(owner: Connection, real: str) -> None:
    """The window's login may enter the window and nothing else, and only it, our owner and the folder may enter there."""
    allowed = {DATABASE: (LOGIN, FOLDER, OWNER), real: (*LOGINS, OWNER)}
    for name, logins in allowed.items():
        # Where the real database is not ours, its owner must do this: `node check` says so.
        with suppress(psycopg.errors.InsufficientPrivilege), owner.transaction():
            named = sql.Identifier(name)
            owner.execute(sql.SQL("revoke connect, temporary on database {} from public").format(named))
            who = sql.SQL(", ").join(map(sql.Identifier, logins))
            owner.execute(sql.SQL("grant connect, temporary on database {} to {}").format(named, who))


def make_tables(window: Connection) -> None:
    """Have the tables of the window, with the columns of this version; what was there before stays."""
    for model in publication.MODELS:
        of = model._meta  # noqa: SLF001 - it is how Django shows its models
        for statement in _missing(window, model, of.db_table, of.local_concrete_fields):
            window.execute(statement.encode())
        named = sql.Identifier(of.db_table)
        window.execute(sql.SQL("grant select on {} to {}").format(named, sql.Identifier(LOGIN)))
        window.execute(sql.SQL("grant select, insert, update, delete on {} to {}").format(named, sql.Identifier(FOLDER)))


def _missing(window: Connection, model: type[models.Model], table: str, fields: Sequence[Any]) -> list[str]:
    """The statements that bring a table of the window to what the model says; Django writes them as for the real one."""
    rows = window.execute("select column_name from information_schema.columns where table_name = %s", [table]).fetchall()
    known = {name for (name,) in rows}
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        if not known:
            editor.create_model(model)
        else:
            for field in fields:
                if field.column and field.column not in known:
                    editor.add_field(model, field)
    return [str(statement) for statement in editor.collected_sql]


def close_window(home: Home, engine: Engine) -> None:
    """Close it: nobody receives any more, its slots and its database go. Raises NotANode."""
    if not code_of(home):
        raise NotANode
    with database.connected(replace(engine.administrator, name=database.lobby(engine))) as administrator:
        administrator.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(LOGIN)))
        _drop_slots(administrator)
        roles.drop_database(administrator, DATABASE)
        administrator.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(LOGIN)))
    _form(home).unlink()


def _drop_slots(administrator: Connection) -> None:
    """All slots of the window, those in use as well; a database with a slot cannot be removed."""
    for _try in range(_TRIES):
        administrator.execute(
            "select pg_terminate_backend(active_pid) from pg_replication_slots where database = %s and active", [DATABASE]
        )
        with suppress(psycopg.errors.ObjectInUse):
            administrator.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = %s", [DATABASE])
            return
        administrator.execute("select pg_sleep(0.1)")
