"""Reads of matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from lianfang.ground.places.queries.within import POSITION_ON
from lianfang.kernel import clock
from lianfang.kernel.db import read, rows
from lianfang.kernel.ids import AccountId, MatterId, PlaceId, RecordId
from lianfang.kernel.ranges import Range, merged
from lianfang.kernel.within import inside
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.ledger.types import REAL
from lianfang.work.matters.models import Matter
from lianfang.work.matters.rules import is_late
from lianfang.work.matters.types import MatterNotFound, MatterSeen

_INSTANT = timedelta(microseconds=1)
_OPEN_AT = f"""
select m.id from matters_matter m join places_place p on p.id = m.place
where m.stream = %(stream)s and m.raised_at < %(at)s and (m.settled_at is null or m.settled_at >= %(at)s)
  and exists (select from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) r(lo, hi) where {POSITION_ON} >= r.lo and {POSITION_ON} < r.hi)
"""
_OPEN = """
select count(*), count(*) filter (where m.due_at < %(now)s)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi) join matters_matter m on m.position >= w.lo and m.position < w.hi
where m.stream = %(stream)s and m.settled_at is null
"""
_WAITING = """
select count(*), count(*) filter (where due_at < %s) from matters_matter where owner = %s and stream = %s and settled_at is null
"""

__all__ = ["MatterCount", "counts", "matter", "matters", "matters_of", "matters_within", "settled", "waiting_for"]


@dataclass(frozen=True, slots=True)
class MatterCount:
    """Matters (件) at a moment: still open, and of these past their time."""

    open: int
    late: int


def _inside(ranges: Sequence[Range]) -> Q:
    return inside(ranges) & Q(stream=REAL)


def _open(ranges: Sequence[Range]) -> QuerySet[Matter]:
    return Matter.objects.filter(_inside(ranges), settled_at=None)


def _open_at(ranges: Sequence[Range], moment: datetime) -> QuerySet[Matter]:
    """Matters that were open at a past moment, at places that lay in the ranges on that day."""
    values: dict[str, Any] = {
        "day": clock.local(moment - _INSTANT).date(),
        "lo": [piece.lo for piece in ranges],
        "hi": [piece.hi for piece in ranges],
        "at": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_AT, {**values, "stream": REAL})
        return Matter.objects.filter(pk__in=[row[0] for row in cursor.fetchall()])


def counts(ranges: Sequence[Range], at: datetime | None = None) -> MatterCount:
    """How many matters in the ranges are (or at a past moment were) open, and late."""
    if at is None:
        pieces = merged(ranges)
        values = {"now": clock.now(), "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces], "stream": REAL}
        return MatterCount(*rows(_OPEN, values)[0])
    found = _open_at(ranges, at).aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return MatterCount(found["open"], found["late"])


def waiting_for(owner: AccountId) -> MatterCount:
    """How many open matters an account must settle, and how many of them are late, within the scope."""
    return MatterCount(*rows(_WAITING, [clock.now(), owner, REAL])[0])


def matters(
    ranges: Sequence[Range], *, open_only: bool = True, late_only: bool = False, at: datetime | None = None, after: int = 0, limit: int = 50
) -> list[MatterSeen]:
    """Matters in the ranges, the most urgent and then the earliest due first; `after` skips so many.

    `at`: those that were open at a past moment.
    """
    moment = at or clock.now()
    found = _open_at(ranges, at) if at else _open(ranges) if open_only else Matter.objects.filter(_inside(ranges))
    if late_only:
        found = found.filter(due_at__lt=moment)
    return [_seen(row) for row in found.order_by("-urgent", "due_at", "id")[after : after + limit]]


def settled(ranges: Sequence[Range], *, after: int = 0, limit: int = 50) -> list[MatterSeen]:
    """Matters in the ranges that are settled, the latest settled first; `after` skips so many."""
    found = Matter.objects.filter(_inside(ranges), settled_at__isnull=False).order_by("-settled_at", "id")
    return [_seen(row) for row in found[after : after + limit]]


def matters_within(
    ranges: Sequence[Range], begins: datetime, ends: datetime, *, settled: bool, after: int = 0, limit: int = 50
) -> list[MatterSeen]:
    """Matters in the ranges that were raised, or with `settled` settled, in a time, the earliest first; `after` skips so many."""
    moment = "settled_at" if settled else "raised_at"
    found = Matter.objects.filter(_inside(ranges), **{f"{moment}__gte": begins, f"{moment}__lt": ends})
    return [_seen(row) for row in found.order_by(moment, "id")[after : after + limit]]


def matters_of(owner: AccountId, *, limit: int = 50) -> list[MatterSeen]:
    """Open matters that an account must settle, within the scope."""
    condition = "owner = %s and settled_at is null and stream = %s order by urgent desc, due_at, id limit %s"
    return [_seen(row) for row in read(Matter, condition, [owner, REAL, limit])]


def matter(matter_id: MatterId) -> MatterSeen:
    """One matter. Raises MatterNotFound, also for one that is not folded yet."""
    row = Matter.objects.filter(pk=matter_id).first()
    if row is None:
        raise MatterNotFound
    return _seen(row)


def _seen(row: Matter) -> MatterSeen:
    return MatterSeen(
        id=MatterId(row.id), place_id=PlaceId(row.place), position=row.position, about=About(row.about), urgent=row.urgent,
        raised_at=row.raised_at, raised_by=None if row.raised_by is None else AccountId(row.raised_by),
        owner=None if row.owner is None else AccountId(row.owner), due_at=row.due_at,
        cause=None if row.cause is None else RecordId(row.cause), settled_at=row.settled_at,
        settled_by=None if row.settled_by is None else AccountId(row.settled_by),
        settlement=None if row.settlement is None else Settlement(row.settlement),
        late=is_late(row.due_at, row.settled_at, clock.now()),
    )  # fmt: skip
