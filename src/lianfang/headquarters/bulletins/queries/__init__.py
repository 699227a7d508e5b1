"""Reads of published bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from lianfang.headquarters.bulletins.models import Issue as Row
from lianfang.headquarters.bulletins.types import Issue, IssueId, IssueNotFound
from lianfang.kernel.figures import Figure, Unit
from lianfang.kernel.ids import AccountId, AreaId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.ledger.folding.cursors import Mark

PAGE = 50

__all__ = ["earlier", "issue", "issues", "last_number", "latest", "told", "told_of"]


def _seen(row: Row) -> Issue:
    gone = getattr(row, "withdrawal", None)
    return Issue(
        id=IssueId(row.id), definition=row.definition, version=row.version, subject_id=row.subject, place_id=PlaceId(row.place_id),
        area_id=AreaId(row.area_id) if row.area_id else None, here=Range(row.lo, row.hi), number=row.number, first=row.first, last=row.last,
        published_at=row.published_at, published_by=AccountId(row.published_by) if row.published_by else None,
        mark=Mark(row.xact, row.seq), content=row.content, withdrawn_at=gone.withdrawn_at if gone else None,
        withdrawn_by=AccountId(gone.withdrawn_by) if gone and gone.withdrawn_by else None, withdrawn_because=gone.reason if gone else "",
    )  # fmt: skip


def issue(issue_id: IssueId) -> Issue:
    """A published bulletin, also a withdrawn one. Raises IssueNotFound."""
    row = Row.objects.select_related("withdrawal").filter(pk=issue_id).first()
    if row is None:
        raise IssueNotFound
    return _seen(row)


def issues(subject_id: UUID, *, before: int | None = None, limit: int = PAGE) -> list[Issue]:
    """The bulletins of a place or area, the latest number first; `before` is the number of the last one seen."""
    rows = Row.objects.select_related("withdrawal").filter(subject=subject_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [_seen(row) for row in rows.order_by("-number", "-published_at")[:limit]]


def told(subject_id: UUID, definition: str, first: date, last: date) -> Issue | None:
    """The standing issue that tells a period, if there is one."""
    rows = Row.objects.select_related("withdrawal").filter(
        subject=subject_id, definition=definition, first=first, last=last, withdrawal=None
    )
    row = rows.order_by("-number").first()
    return _seen(row) if row else None


def earlier(subject_id: UUID, definition: str, since: date) -> list[Issue]:
    """The standing issues of a bulletin whose period ends on a day or later, the oldest number first."""
    rows = Row.objects.select_related("withdrawal").filter(subject=subject_id, definition=definition, last__gte=since, withdrawal=None)
    return [_seen(row) for row in rows.order_by("number")]


def last_number(subject_id: UUID, definition: str) -> int:
    """The number given last, of withdrawn issues too; 0 where there is none."""
    return Row.objects.filter(subject=subject_id, definition=definition).aggregate(last=Max("number"))["last"] or 0


def told_of(found: Issue, key: str, of: UUID) -> Figure | None:
    """What an issue says of a figure: of the place or area it is about, or of one of its parts. None where it says nothing."""
    cell = found.content["figures"].get(key)
    if of == found.subject_id and cell:
        return Figure(key, int(cell["value"]), Unit(cell["unit"]), cell["denominator"], datetime.fromisoformat(cell["as_of"]))
    parts = found.content["parts"]
    at = next((number for number, column in enumerate(parts["columns"]) if column["figure"] == key), None)
    row = next((row for row in parts["rows"] if row["place_id"] == str(of)), None)
    if at is None or row is None:
        return None
    return Figure(key, int(row["values"][at]), Unit(parts["columns"][at]["unit"]), None, datetime.fromisoformat(found.content["as_of"]))


def latest(ranges: Sequence[Range], limit: int = PAGE) -> list[Issue]:
    """The bulletins published last of places in the ranges."""
    inside = Q(pk__in=())
    for piece in ranges:
        inside |= Q(lo__gte=piece.lo, hi__lte=piece.hi)
    return [_seen(row) for row in Row.objects.select_related("withdrawal").filter(inside).order_by("-published_at")[:limit]]
