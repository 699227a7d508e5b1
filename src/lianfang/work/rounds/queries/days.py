"""Visits and doors settled day by day: the bars of a place page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from lianfang.kernel.clock import LOCAL, day_bounds, local
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.queries.cutting import columns
from lianfang.ledger.types import REAL
from lianfang.work.rounds.queries.visits import visits_by_day
from lianfang.work.rounds.types import DayCount

_SETTLED = """
select date_trunc('day', s.effective_at, %(zone)s), count(*)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_doorstate s on s.position >= w.lo and s.position < w.hi
    and s.stream = %(stream)s and s.settled and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
group by 1
"""


def days(ranges: Sequence[Range], first: date, last: date) -> list[DayCount]:
    """Every day from first to last: visits (户次), and doors (户) whose present outcome, a settling one, dates from that day.

    A door counts on one day only, the one of its last outcome, so that the days of doors add up; visits do so by themselves.
    """
    begins, ends = day_bounds(first)[0], day_bounds(last)[1]
    lo, hi = columns(merged(ranges))
    visits = visits_by_day(ranges, first, last)
    settled: dict[date, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"lo": lo, "hi": hi, "begins": begins, "ends": ends, "zone": LOCAL.key, "stream": REAL})
        for moment, count in cursor.fetchall():
            settled[local(moment).date()] = int(count)
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [DayCount(day, visits.get(day, 0), settled.get(day, 0)) for day in every]
