"""People who came from elsewhere: how many, and who of them is still followed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import ArrivalRow
from lianfang.work.rounds.types import ArrivalCount, ArrivalSeen

# Somebody recorded twice is one person.
_COUNT = """
select w.no, count(distinct coalesce(a.subject, a.record)),
       count(distinct coalesce(a.subject, a.record)) filter (where a.follow_until >= %(day)s)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rounds_arrival a on a.position >= w.lo and a.position < w.hi and a.stream = %(stream)s and a.arrived_on <= %(day)s
group by w.no
"""


def arrival_count(ranges: Sequence[Range], day: date) -> ArrivalCount:
    """People (人) who had come to the ranges by the end of a day, and those still followed up on it."""
    return arrival_count_each([ranges], day)[0]


def arrival_count_each(many: Sequence[Sequence[Range]], day: date) -> list[ArrivalCount]:
    """The same for several lists of ranges in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {**columns_each(many), "day": day, "stream": REAL})
        found = {number: ArrivalCount(int(total), int(following)) for number, total, following in cursor.fetchall()}
    return [found.get(number, ArrivalCount(0, 0)) for number in range(len(many))]


def arrivals(ranges: Sequence[Range], day: date, *, following: bool = False, after: int = 0, limit: int = 50) -> list[ArrivalSeen]:
    """Who had come by the end of a day (or of them those still followed up), the latest first; `after` skips so many."""
    rows = _inside(ranges).filter(stream=REAL, arrived_on__lte=day)
    if following:
        rows = rows.filter(follow_until__gte=day)
    return [
        ArrivalSeen(
            RecordId(row.record),
            PlaceId(row.place),
            row.position,
            row.subject,
            row.arrived_on,
            row.follow_until,
            row.origin,
            row.means,
            row.rule,
        )
        for row in rows.order_by("-arrived_on", "record")[after : after + limit]
    ]


def _inside(ranges: Sequence[Range]) -> QuerySet[ArrivalRow]:
    inside = Q(pk__in=())
    for piece in ranges:
        inside |= Q(position__gte=piece.lo, position__lt=piece.hi)
    return ArrivalRow.objects.filter(inside)
