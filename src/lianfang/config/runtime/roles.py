"""The database roles, made once before any migration: the owner and the three logins.

`lianfang_owner` owns every table and migrates; it is no superuser and is a member of the three logins, so that a
command run as owner may step down (`set role`). `lianfang_web`, `lianfang_intake` and `lianfang_folder` log in and own nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from lianfang.kernel.roles import LOGINS, OWNER

ROLES = (OWNER, *LOGINS)

# Tables of Django itself, which our migrations do not make: what the web role needs of them.
_WEB_RIGHTS = {
    "django_session": "select, insert, update, delete",
    "django_content_type": "select",
    "django_migrations": "select",
    "auth_permission": "select",
}


def make_roles(server: psycopg.Connection[object], passwords: Mapping[str, str]) -> None:
    """Make the four roles, or give them these passwords; `server` must be allowed to make roles.

    Safe to repeat, and safe when several do it at once (they take turns).
    """
    with server.transaction():
        server.execute("select pg_advisory_xact_lock(hashtext('lianfang roles'))")
        for role in ROLES:
            known = server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            verb = sql.SQL("alter" if known else "create")
            rights = sql.SQL("login nosuperuser nobypassrls nocreaterole " + ("createdb" if role == OWNER else "nocreatedb"))
            server.execute(
                sql.SQL("{} role {} {} password {}").format(verb, sql.Identifier(role), rights, sql.Literal(passwords[role])),
            )
        for login in LOGINS:
            server.execute(sql.SQL("grant {} to {}").format(sql.Identifier(login), sql.Identifier(OWNER)))


def make_database(server: psycopg.Connection[object], name: str) -> bool:
    """Make an empty database for the owner; whether it is new. `server` is in autocommit mode."""
    if server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return False
    server.execute(
        sql.SQL("create database {} owner {} encoding 'UTF8' template template0").format(sql.Identifier(name), sql.Identifier(OWNER)),
    )
    return True


def grant_common(database: psycopg.Connection[object]) -> None:
    """After migrating, as owner: give the web role what it needs of Django's own tables."""
    with database.transaction():
        for table, rights in _WEB_RIGHTS.items():
            if database.execute("select to_regclass(%s)", [table]).fetchone() != (None,):
                database.execute(sql.SQL("grant {} on {} to lianfang_web").format(sql.SQL(rights), sql.Identifier(table)))
