"""What was built once in an empty database and committed, kept as rows: the next test gets the same rows back in a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from psycopg import sql

from tests.committed import KEEP, superuser

Built = TypeVar("Built")
_rows: dict[Callable[[], Any], tuple[Any, dict[str, bytes]]] = {}


def again(build: Callable[[], Built]) -> Built:
    """What `build` makes in an empty database: built the first time, copied each time after."""
    if build not in _rows:
        made = build()
        _rows[build] = deepcopy(made), _taken()
        return made
    made, tables = _rows[build]
    with superuser() as server:
        server.execute("set session_replication_role = replica")
        with server.transaction(), server.cursor() as cursor:
            for table, rows in tables.items():
                with cursor.copy(sql.SQL("copy {} from stdin (format binary)").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
            cursor.execute("update changes_touch set xact = default")
    return deepcopy(made)


def _taken() -> dict[str, bytes]:
    """The rows of every table that has some."""
    taken = {}
    with superuser() as server, server.cursor() as cursor:
        names = cursor.execute(
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
        ).fetchall()
        for (name,) in names:
            with cursor.copy(sql.SQL("copy {} to stdout (format binary)").format(sql.Identifier(str(name)))) as copy:
                rows = b"".join(bytes(part) for part in copy)
            if len(rows) > _EMPTY and name not in KEEP:
                taken[str(name)] = rows
    return taken


_EMPTY = 21  # bytes of head and end
