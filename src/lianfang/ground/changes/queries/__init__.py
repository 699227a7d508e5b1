"""Reads of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.ground.changes.models import Change
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside

__all__ = ["changes_of_row", "changes_within"]


def changes_within(ranges: Sequence[Range], *, tables: Sequence[str] = (), before: datetime | None = None, limit: int = 20) -> list[Change]:
    """The latest changes of rows that lie in the ranges, newest first; optionally of some tables only."""
    found = Change.objects.filter(inside(ranges))
    if tables:
        found = found.filter(table__in=tables)
    if before is not None:
        found = found.filter(at__lt=before)
    return list(found.order_by("-at", "-id")[:limit])


def changes_of_row(table: str, row_id: object, *, limit: int = 50) -> list[Change]:
    """The history of one row, newest first."""
    return list(Change.objects.filter(table=table, row_id=str(row_id)).order_by("-at", "-id")[:limit])
