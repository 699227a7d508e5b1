"""Statements that are planned once a connection.

The book has a partition for each incident and class, and the planner looks at all of them: with sixty books, planning takes longer
than folding. Prepared statements with generic plans are planned once and cut down to the books in question when they run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

_EVERY_TIME = 5


def execute(sql: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement of our own, prepared; its cursor has the rows. Errors are Django's."""
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = _EVERY_TIME  # Django switches preparing off; its own cursors bind values themselves and never prepare
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(raw)
        return cursor.execute(sql.encode(), values, prepare=True)


def rows(sql: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows that a statement answers."""
    with execute(sql, values) as cursor:
        return cursor.fetchall()


def use_generic_plans() -> None:
    """For the rest of the transaction: plans do not depend on the values, so that they can be kept."""
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")
