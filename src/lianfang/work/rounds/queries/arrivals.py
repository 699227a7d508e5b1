"""People who came from elsewhere: how many, and who of them is still followed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import ArrivalRow
from lianfang.work.rounds.types import ArrivalCount, ArrivalDay, ArrivalFollowed, ArrivalSeen

# Somebody recorded twice is one person.
_COUNT = """
select w.no, count(distinct coalesce(a.subject, a.record)),
       count(distinct coalesce(a.subject, a.record)) filter (where a.follow_until >= %(day)s)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rounds_arrival a on a.position >= w.lo and a.position < w.hi and a.stream = %(stream)s and a.arrived_on <= %(day)s
group by w.no
"""
# Word of somebody who came is a visit or call of that day to them, or to their door as a whole: nobody is asked to write the same contact
# down twice. Whoever writes an arrival down at the door or on the telephone, days late or not, has had word of them that day.
_WORD = """
from came a left join lateral (
    select s.effective_at, case s.kind when 'visit' then s.payload ->> 'outcome' end as outcome,
        (s.payload -> 'answers' ->> 'symptoms')::boolean as symptoms
    from ledger_standing s join ledger_book b on b.id = s.book
    where s.place = a.place and s.effective_at >= %(begins)s and s.effective_at < %(ends)s and ledger_stream(b.drill, s.incident) = a.stream
      and (s.kind = 'visit' and s.payload ->> 'outcome' in ('seen', 'phone') and (s.subject is null or a.subject is null or s.subject = a.subject)
        or s.kind = 'arrival' and s.channel <> 'import' and (s.id = a.record or s.subject = a.subject))
    order by s.effective_at desc, s.id desc limit 1
) v on true
"""
# Who is followed up on a day, each person once by the latest arrival.
_FOLLOWED = """
with came as (
    select distinct on (coalesce(a.subject, a.record)) a.*
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join rounds_arrival a on a.position >= w.lo and a.position < w.hi and a.stream = %(stream)s and a.arrived_on <= %(day)s
    where a.follow_until >= %(day)s
    order by coalesce(a.subject, a.record), a.arrived_on desc, a.record desc
)
select {what}
"""
_ROWS = "a.record, a.place, a.position, a.subject, a.arrived_on, a.follow_until, a.origin, a.means, a.rule, v.effective_at, v.outcome, v.symptoms"
_DUE = "where v.effective_at is null and a.arrived_on < %(day)s"
_CAME = f"""
with each_once as (
    select distinct on (coalesce(a.subject, a.record)) a.*
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join rounds_arrival a on a.position >= w.lo and a.position < w.hi and a.stream = %(stream)s and a.arrived_on <= %(day)s
    order by coalesce(a.subject, a.record), a.arrived_on desc, a.record desc
), came as (
    select * from each_once order by arrived_on desc, record limit %(limit)s offset %(after)s
)
select {_ROWS} {_WORD} order by a.arrived_on desc, a.record
"""
_DAILY = """
with came as (
    select coalesce(a.subject, a.record) as who, a.arrived_on, a.follow_until
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join rounds_arrival a on a.position >= w.lo and a.position < w.hi and a.stream = %(stream)s
)
select d::date, count(distinct who) filter (where arrived_on = d), count(distinct who), count(distinct who) filter (where follow_until >= d)
from generate_series(%(first)s::date::timestamp, %(last)s::date::timestamp, interval '1 day') d left join came on arrived_on <= d
group by d order by d
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
    return [_seen(row) for row in rows.order_by("-arrived_on", "record")[after : after + limit]]


def _seen(row: ArrivalRow) -> ArrivalSeen:
    return ArrivalSeen(
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


def _values(ranges: Sequence[Range], day: date) -> dict[str, Any]:
    begins, ends = day_bounds(day)
    return {
        "lo": [piece.lo for piece in ranges],
        "hi": [piece.hi for piece in ranges],
        "day": day,
        "begins": begins,
        "ends": ends,
        "stream": REAL,
    }


def arrivals_due(ranges: Sequence[Range], day: date) -> int:
    """People (人) followed up on a day of whom nobody has had word on it; not on the day they came."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_FOLLOWED.format(what='count(*)')} {_WORD} {_DUE}", _values(ranges, day))
        return int(cursor.fetchone()[0])


def arrivals_followed(
    ranges: Sequence[Range], day: date, *, due_only: bool = False, after: int = 0, limit: int = 50
) -> list[ArrivalFollowed]:
    """Who is followed up on a day, door by door; of them only those due; `after` skips so many."""
    text = (
        f"{_FOLLOWED.format(what=_ROWS)} {_WORD} {_DUE if due_only else ''} order by a.position, a.record limit %(limit)s offset %(after)s"
    )
    return _followed(text, {**_values(ranges, day), "limit": limit, "after": after})


def _followed(text: str, values: dict[str, Any]) -> list[ArrivalFollowed]:
    day: date = values["day"]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows = [(ArrivalSeen(*row[:9]), *row[9:]) for row in cursor.fetchall()]
    return [
        ArrivalFollowed(came, (day - came.arrived_on).days, (came.follow_until - came.arrived_on).days if came.follow_until else 0, *word)
        for came, *word in rows
    ]


def arrivals_came(ranges: Sequence[Range], day: date, *, after: int = 0, limit: int = 50) -> list[ArrivalFollowed]:
    """All who had come by the end of a day, each once by the latest arrival, the latest first, as `arrivals_followed` tells of those followed up."""
    return _followed(_CAME, {**_values(ranges, day), "limit": limit, "after": after})


def arrivals_daily(ranges: Sequence[Range], first: date, last: date) -> list[ArrivalDay]:
    """Day by day: who came, the running total, who was followed up."""
    with connection.cursor() as cursor:
        cursor.execute(_DAILY, {**_values(ranges, last), "first": first, "last": last})
        return [ArrivalDay(*row) for row in cursor.fetchall()]


def arrival(record_id: UUID) -> ArrivalSeen | None:
    """One arrival, where it lies in the scope."""
    row = ArrivalRow.objects.filter(pk=record_id).first()
    return _seen(row) if row else None


def _inside(ranges: Sequence[Range]) -> QuerySet[ArrivalRow]:
    return ArrivalRow.objects.filter(inside(ranges))
