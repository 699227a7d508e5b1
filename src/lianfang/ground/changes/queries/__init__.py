"""Reads of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lianfang.ground.changes.models import Change
from lianfang.kernel.db import read
from lianfang.kernel.ranges import Range, merged

__all__ = ["Moment", "changes_of_row", "changes_within", "snapshot", "touched"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been committed when it was taken, on a server that has run since then: transactions of one that was set back count anew."""

    snapshot: str
    running_since: datetime


# What a snapshot did not see: begun after it, or not yet ended then. Both are found from its oldest transaction on.
_TOUCHED = """
select pg_postmaster_start_time() <> %(running_since)s or exists (
    select from changes_touch t join unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi) on t.lo < w.hi and t.hi > w.lo
    where t.xact >= pg_snapshot_xmin(%(since)s::pg_snapshot) and not pg_visible_in_snapshot(t.xact, %(since)s::pg_snapshot)
)
"""


def changes_within(ranges: Sequence[Range], *, tables: Sequence[str] = (), before: datetime | None = None, limit: int = 20) -> list[Change]:
    """The latest changes of rows that lie in the ranges, newest first; optionally of some tables only."""
    pieces = merged(ranges)
    condition = "(" + (" or ".join(["position >= %s and position < %s"] * len(pieces)) or "false") + ")"
    values: list[Any] = [bound for piece in pieces for bound in piece]
    if tables:
        condition, values = f'{condition} and "table" = any(%s)', [*values, list(tables)]
    if before is not None:
        condition, values = f"{condition} and at < %s", [*values, before]
    return read(Change, f"{condition} order by at desc, id desc limit %s", [*values, limit])


def changes_of_row(table: str, row_id: object, *, limit: int = 50) -> list[Change]:
    """The history of one row, newest first."""
    return list(Change.objects.filter(table=table, row_id=str(row_id)).order_by("-at", "-id")[:limit])


def snapshot() -> Moment:
    """This moment, as `touched` is asked about it: taken before what is to be kept is read."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_snapshot()::text, pg_postmaster_start_time()")
        return Moment(*cursor.fetchone())


def touched(ranges: Sequence[Range], since: Moment) -> bool:
    """Whether places, people, areas, posts or duty telephones in the ranges were changed by anything that the moment did not see."""
    pieces = merged(ranges)
    with connection.cursor() as cursor:
        lists = {"lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces]}
        cursor.execute(_TOUCHED, {**lists, "since": since.snapshot, "running_since": since.running_since})
        return bool(cursor.fetchone()[0])
