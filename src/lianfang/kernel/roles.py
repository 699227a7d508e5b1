"""Database roles and the second lock, written once for all migrations.

`lianfang_owner` owns the tables and migrates; `lianfang_web`, `lianfang_intake` and `lianfang_folder` log in and own
nothing. Protected tables have row security: the web role sees rows whose position lies in one of the four
ranges of its transaction (kernel.db.scope); intake and folder are systems and see all. The policy uses plain
`current_setting`, never in a sub-select, so that the planner knows the values and picks the index.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

OWNER, WEB, INTAKE, FOLDER = "lianfang_owner", "lianfang_web", "lianfang_intake", "lianfang_folder"
LOGINS = (WEB, INTAKE, FOLDER)


def in_scope(position: str) -> str:
    """SQL that is true when a position column lies in one of the four ranges of the scope."""
    return (
        "("
        + " or ".join(
            f"({position} >= current_setting('lianfang.lo{n}')::bigint and {position} < current_setting('lianfang.hi{n}')::bigint)"
            for n in range(1, 5)
        )
        + ")"
    )


def grant(table: str, *, web: str = "select, insert, update", intake: str = "select", folder: str = "select") -> RunSQL:
    """Rights of the three logins on a table; an empty string grants nothing. Sequences of the table go along."""
    statements = [f"grant {rights} on {table} to {role}" for role, rights in ((WEB, web), (INTAKE, intake), (FOLDER, folder)) if rights]
    return RunSQL("; ".join(statements) or "select 1", RunSQL.noop)


def grant_sequence(sequence: str) -> RunSQL:
    """Use of a sequence for all three logins."""
    return RunSQL(f"grant usage, select on sequence {sequence} to {', '.join(LOGINS)}", RunSQL.noop)


def protect(table: str, position: str = "position", *, visible: str | None = None, writable: str | None = None) -> RunSQL:
    """Row security on a table: the web role reads and writes what lies in its scope, the systems see all.

    `visible` replaces the condition for reading (for rows without a position, by their residence or membership),
    `writable` the one for writing; both are SQL over the row.
    """
    reads = visible or in_scope(position)
    writes = writable or reads
    systems = f"{INTAKE}, {FOLDER}"
    return RunSQL(
        [
            f"alter table {table} enable row level security",
            f"create policy in_scope_read on {table} for select to {WEB} using ({reads})",
            f"create policy in_scope_insert on {table} for insert to {WEB} with check ({writes})",
            f"create policy in_scope_update on {table} for update to {WEB} using ({reads}) with check ({writes})",
            f"create policy in_scope_delete on {table} for delete to {WEB} using ({reads})",
            f"create policy systems on {table} to {systems} using (true) with check (true)",
        ],
        [
            *(
                f"drop policy if exists {name} on {table}"
                for name in ("in_scope_read", "in_scope_insert", "in_scope_update", "in_scope_delete", "systems")
            ),
            f"alter table {table} disable row level security",
        ],
    )
