"""The database roles, made once before any migration: the owner and the three logins.

`lianfang_owner` owns every table and migrates; it is no superuser and is a member of the three logins, so that a
command run as owner may step down (`set role`). `lianfang_web`, `lianfang_intake` and `lianfang_folder` log in and own nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import psycopg
from psycopg import sql

from lianfang.config.environment import Server
from lianfang.kernel.roles import LOGINS, OWNER

ROLES = (OWNER, *LOGINS)

# No transaction of a serving role may hold the folder back for long, whatever goes wrong inside it.
_LIMITS = {
    "lianfang_web": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "10s", "lock_timeout": "10s"},
    "lianfang_intake": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "10s", "lock_timeout": "10s"},
    "lianfang_folder": {"idle_in_transaction_session_timeout": "30s"},
}

# Tables of Django itself, which our migrations do not make: what the web role needs of them.
_WEB_RIGHTS = {
    "django_session": "select, insert, update, delete",
    "django_content_type": "select",
    "django_migrations": "select",
    "auth_permission": "select",
}


def can_enter(server: Server) -> bool:
    """Whether a role is let in with its password."""
    try:
        psycopg.connect(server.url(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def make_roles(server: psycopg.Connection[object], passwords: Mapping[str, str]) -> None:
    """Make the four roles, or give them these passwords; `server` must be allowed to make roles.

    Safe to repeat, and safe when several do it at once (they take turns). Passwords travel hashed, so that a server that
    logs its statements does not log them.
    """
    with server.transaction():
        server.execute("select pg_advisory_xact_lock(hashtext('lianfang roles'))")
        for role in ROLES:
            known = server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            verb = sql.SQL("alter role {}" if known else "create role {}").format(sql.Identifier(role))
            hashed = server.pgconn.encrypt_password(passwords[role].encode(), role.encode(), b"scram-sha-256").decode()
            right = sql.SQL("createdb" if role == OWNER else "nocreatedb")
            server.execute(sql.SQL("{} login {} password {}").format(verb, right, sql.Literal(hashed)))
        for login in LOGINS:
            server.execute(sql.SQL("grant {} to {}").format(sql.Identifier(login), sql.Identifier(OWNER)))
            for setting, value in _LIMITS[login].items():
                server.execute(sql.SQL("alter role {} set {} = {}").format(sql.Identifier(login), sql.SQL(setting), sql.Literal(value)))
        # So that the doctor sees the transactions of strangers too; where that is not ours to give, it says that it does not.
        with suppress(psycopg.errors.InsufficientPrivilege), server.transaction():
            server.execute(sql.SQL("grant pg_read_all_stats to {}").format(sql.Identifier(OWNER)))


def make_database(server: psycopg.Connection[object], name: str) -> bool:
    """Make an empty database; whether it was made. `server` is the owner's connection elsewhere, in autocommit mode."""
    if server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return False
    server.execute(sql.SQL("create database {} encoding 'UTF8' template template0").format(sql.Identifier(name)))
    return True


def drop_database(server: psycopg.Connection[object], name: str) -> None:
    """Remove a database if it is there; `server` is its owner's connection elsewhere, in autocommit mode."""
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def let_owner_in(database: psycopg.Connection[object]) -> None:
    """Give the owner what it needs in a database that somebody else made for us; `database` is its owner's connection."""
    owner, name = sql.Identifier(OWNER), sql.Identifier(database.info.dbname)
    with database.transaction():
        database.execute(sql.SQL("grant create, connect, temporary on database {} to {}").format(name, owner))
        database.execute(sql.SQL("grant create, usage on schema public to {}").format(owner))


def grant_common(database: psycopg.Connection[object]) -> None:
    """After migrating, as owner: give the web role what it needs of Django's own tables."""
    with database.transaction():
        for table, rights in _WEB_RIGHTS.items():
            if database.execute("select to_regclass(%s)", [table]).fetchone() != (None,):
                database.execute(sql.SQL("grant {} on {} to lianfang_web").format(sql.SQL(rights), sql.Identifier(table)))
