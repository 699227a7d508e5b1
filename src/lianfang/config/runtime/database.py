"""Which server an installation uses, and how each role connects to it: our own, or the one of DATABASE_URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
from django.conf import settings
from django.db import connections

from lianfang.config.environment import Server
from lianfang.config.runtime import secrets
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import SUPERUSER, Cluster
from lianfang.config.runtime.roles import ROLES, can_enter, make_roles
from lianfang.config.runtime.troubles import (
    AddressUnreadable,
    MayNotMakeRoles,
    RolesOfAnother,
    ServerRefuses,
    ServerSilent,
    ServerTooOld,
)
from lianfang.kernel.roles import LOGINS
from lianfang.ledger.durability import Unsafe

OLDEST = 18
_WAIT = 5  # seconds for a connection


@dataclass(frozen=True, slots=True)
class Engine:
    """The server under an installation. `cluster` is our own one, none when DATABASE_URL names another."""

    administrator: Server
    passwords: dict[str, str]
    cluster: Cluster | None

    def server(self, role: str, name: str) -> Server:
        """How a role connects to a database of this installation."""
        return replace(self.administrator, user=role, password=self.passwords[role], name=name)


def engine(home: Home, *, small: bool = False) -> Engine:
    """The server of this home, not touched yet. `small` takes little memory, for tests."""
    words = secrets.passwords(home.secrets)
    if not (given := os.environ.get("DATABASE_URL")):
        cluster = Cluster(home.path, words[SUPERUSER], small=small)
        return Engine(cluster.server(), words, cluster)
    try:
        return Engine(Server.from_url(given), words, None)
    except ValueError:
        raise AddressUnreadable from None


def ensure_running(home: Home, *, small: bool = False) -> tuple[Engine, bool]:
    """Have the server answer; the engine, and whether it had to be started."""
    found = engine(home, small=small)
    if found.cluster is None:
        return found, False
    with home.alone("database"):
        started = found.cluster.start()
    return engine(home, small=small), started  # the port may be a new one


@contextmanager
def connected(server: Server, *, autocommit: bool = True) -> Iterator[psycopg.Connection[object]]:
    """A plain connection, with what can go wrong said in words."""
    try:
        connection = psycopg.connect(server.url(), autocommit=autocommit, connect_timeout=_WAIT)
    except psycopg.OperationalError as why:
        if "authentication" in str(why) or "role" in str(why):
            raise ServerRefuses(host=server.host, port=server.port, user=server.user) from None
        raise ServerSilent(host=server.host, port=server.port) from None
    with connection:
        yield connection


def lobby(found: Engine) -> str:
    """A database of the server that is there for sure, to make roles and databases from: the one named, else `postgres`."""
    name = found.administrator.name
    if found.cluster is not None or not name:
        return "postgres"
    try:
        psycopg.connect(found.administrator.url(), connect_timeout=_WAIT).close()
    except psycopg.OperationalError as why:
        if f'database "{name}" does not exist' in str(why):
            return "postgres"
    return name


def must_fit(connection: psycopg.Connection[object]) -> None:
    """Refuse a server that is too old, or one that confirms what it may lose."""
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise ServerTooOld(version=version)
    for setting in ("fsync", "synchronous_commit"):
        row = connection.execute(f"show {setting}").fetchone()
        if row == ("off",):
            raise Unsafe(setting=setting)


def must_fit_all(found: Engine, name: str) -> None:
    """The same of what each serving role is given in a database: a role or a database may have settings of its own."""
    for login in LOGINS:
        with connected(found.server(login, name)) as opened:
            must_fit(opened)


def ensure_roles(found: Engine) -> None:
    """Have the four roles stand with our passwords, without touching those of another installation."""
    hall = lobby(found)
    if all(can_enter(found.server(role, hall)) for role in ROLES):
        return
    with connected(replace(found.administrator, name=hall)) as server:
        must_fit(server)
        taken = server.execute("select rolname from pg_roles where rolname = any(%s) order by 1", [list(ROLES)]).fetchone()
        if taken and found.cluster is None:
            raise RolesOfAnother(role=taken[0] if isinstance(taken, tuple) else "")
        try:
            make_roles(server, found.passwords)
        except psycopg.errors.InsufficientPrivilege:
            raise MayNotMakeRoles(user=found.administrator.user) from None


def enter(server: Server) -> None:
    """Point Django, and the processes started from here, to a database and a role."""
    os.environ["LIANFANG_DATABASE"] = server.url()
    connections.close_all()
    settings.DATABASES["default"].update(
        HOST=server.host, PORT=str(server.port), NAME=server.name, USER=server.user, PASSWORD=server.password,
    )  # fmt: skip
    connections["default"].settings_dict.update(settings.DATABASES["default"])
