"""Bringing a report into the window: one transaction, and only what differs, so that no more is sent on than has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lianfang.headquarters.upward.publication import COLUMNS, KEYS
from lianfang.headquarters.upward.types import FORM, Report
from lianfang.kernel.replication import Connection


def tell(window: Connection, report: Report) -> int:
    """Bring a report into the window, in one transaction, and only what differs from what stands there; how many rows did."""
    day = (report.node, report.day, report.name, report.range.lo, report.range.hi, FORM, report.as_of, " ".join(report.keys))
    figures = [(report.node, report.day, piece.lo, piece.hi, key, value) for piece, key, value in report.figures]
    rounds = [(report.node, one.id, one.name, one.range.lo, one.range.hi, one.opens_at, one.ends_at) for one in report.rounds]
    organisations = [
        (report.node, one.id, one.parent, one.name, one.kind, one.range.lo, one.range.hi, one.valid_from, one.valid_to)
        for one in report.organisations
    ]
    with window.transaction():
        return (
            _differ(window, "upward_figure", figures, "node = %s and day = %s", [report.node, report.day])
            + _differ(window, "upward_round", rounds, "node = %s", [report.node])
            + _differ(window, "upward_organisation", organisations, "node = %s", [report.node])
            + _differ(window, "upward_day", [day], "node = %s and day = %s", [report.node, report.day])
        )


def _differ(window: Connection, table: str, rows: Sequence[Sequence[Any]], where: str, values: Sequence[Any]) -> int:
    """Have exactly these rows where a condition holds."""
    columns, keys = COLUMNS[table], KEYS[table]
    others = [column for column in columns if column not in keys]
    listed = ", ".join(columns)
    window.execute(f"create temp table told on commit drop as select {listed} from {table} limit 0")
    with window.cursor() as cursor, cursor.copy(f"copy told ({listed}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    same = " and ".join(f"t.{key} = u.{key}" for key in keys)
    gone = window.execute(f"delete from {table} u where {where} and not exists (select from told t where {same})", list(values))
    put = window.execute(
        f"insert into {table} as u ({listed}) select {listed} from told on conflict ({', '.join(keys)}) do update "
        f"set {', '.join(f'{column} = excluded.{column}' for column in others)} "
        f"where ({', '.join(f'u.{column}' for column in others)}) is distinct from ({', '.join(f'excluded.{column}' for column in others)})"
    )
    window.execute("drop table told")
    return gone.rowcount + put.rowcount
