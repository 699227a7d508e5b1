"""Visits and doors settled day by day: the bars of a place page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from lianfang.kernel.clock import LOCAL, day_bounds, local
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.queries.cutting import columns, cut
from lianfang.ledger.types import REAL
from lianfang.work.rounds.types import DayCount

# Whole buildings by their tally of days; of a building that a range cuts, the standing records of the doors inside.
_VISITS = """
select t.begins, sum(t.visits)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_visittally t on t.position >= w.lo and t.position < w.hi and t.begins >= %(begins)s and t.begins < %(ends)s
where t.book <> all(array(select id from ledger_book where drill))
group by t.begins
union all
select date_trunc('day', s.effective_at, %(zone)s), count(*)
from unnest(%(cut_lo)s::bigint[], %(cut_hi)s::bigint[]) c(lo, hi)
join ledger_standing s on s.kind = 'visit' and s.position >= c.lo and s.position < c.hi
    and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
where s.book <> all(array(select id from ledger_book where drill))
group by 1
"""
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
    parted = cut(ranges)
    (lo, hi), (cut_lo, cut_hi) = columns(parted.whole), columns(parted.parts)
    values: dict[str, Any] = {"lo": lo, "hi": hi, "cut_lo": cut_lo, "cut_hi": cut_hi, "begins": begins, "ends": ends, "zone": LOCAL.key}
    visits: dict[date, int] = {}
    settled: dict[date, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, values)
        for moment, count in cursor.fetchall():
            day = local(moment).date()
            visits[day] = visits.get(day, 0) + int(count)
        all_lo, all_hi = columns(merged(ranges))
        cursor.execute(_SETTLED, {**values, "lo": all_lo, "hi": all_hi, "stream": REAL})
        for moment, count in cursor.fetchall():
            settled[local(moment).date()] = int(count)
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [DayCount(day, visits.get(day, 0), settled.get(day, 0)) for day in every]
