"""How a context has one of its tables followed by the change log."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL


def track(table: str, *, key: str = "id", place: str = "", position: str = "", redact: Sequence[str] = ()) -> RunSQL:
    """Triggers on a table that write its changes.

    `place` and `position` name the columns that say where the row belongs (empty: nowhere); `redact` names the columns
    whose values never reach the log. The triggers work on whole statements: a bulk load pays once.
    """
    arguments = ", ".join(f"'{argument}'" for argument in (key, place, position, ",".join(redact)))

    def trigger(operation: str, tables: str) -> str:
        return (
            f"create trigger {table}_{operation}_logged after {operation} on {table} referencing {tables} "
            f"for each statement execute function changes_log({arguments})"
        )

    return RunSQL(
        [
            trigger("insert", "new table as new_rows"),
            trigger("update", "old table as old_rows new table as new_rows"),
            trigger("delete", "old table as old_rows"),
        ],
        [f"drop trigger if exists {table}_{operation}_logged on {table}" for operation in ("insert", "update", "delete")],
    )


def touching(table: str, where: str, *, operations: Sequence[str] = ("insert", "update", "delete")) -> RunSQL:
    """Triggers that note where a table was touched (`queries.touched`); `where` selects lower and upper end over the rows, which stand as %I."""
    rows = {"insert": "new table as new_rows", "update": "old table as old_rows new table as new_rows", "delete": "old table as old_rows"}
    return RunSQL(
        [
            f"create trigger {table}_{operation}_touched after {operation} on {table} referencing {rows[operation]} "
            f"for each statement execute function changes_touched('{where}')"
            for operation in operations
        ],
        [f"drop trigger if exists {table}_{operation}_touched on {table}" for operation in operations],
    )
