"""A test database in which transactions are really committed.

Folding reads only what is committed, and races need several connections, so such tests cannot run inside one
rolled-back transaction. The database is emptied afterwards by the server's superuser: the book itself refuses to be emptied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from tests.settings import DATABASE, SERVER

_known_empty: list[bool] = []
KEEP = {"django_migrations", "django_content_type", "auth_permission"}


def superuser() -> psycopg.Connection[tuple[object, ...]]:
    """The test database, as whoever owns the server."""
    name = str(connection.settings_dict["NAME"])
    assert name.startswith(DATABASE), "only a test database is ever emptied"
    return psycopg.connect(replace(SERVER, name=name).url(), autocommit=True)


def empty(prefixes: tuple[str, ...] = ("",)) -> None:
    """Empty all tables, or those whose name begins so; with them the partitions of the book."""
    with superuser() as server:
        server.execute("set session_replication_role = replica")
        rows = server.execute("select tablename::text from pg_tables where schemaname = 'public' order by 1").fetchall()
        names = [str(row[0]) for row in rows]
        books = [sql.SQL("drop table {}").format(sql.Identifier(name)) for name in names if name.startswith("ledger_record_b")]
        others = [name for name in names if not name.startswith("ledger_record_b") and name.startswith(prefixes) and name not in KEEP]
        server.execute(sql.SQL("; ").join([*books, *(sql.SQL("delete from {}").format(sql.Identifier(name)) for name in others)]))


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Stands in for the fixture of pytest-django, which would truncate."""
    with django_db_blocker.unblock():
        if not _known_empty:
            empty()  # a run that was broken off may have left something
        _known_empty.clear()
        yield
        connection.close()
        empty()
        _known_empty.append(True)
