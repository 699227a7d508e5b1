"""Visits (户次) and doors visited (户) in a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import columns, cut
from lianfang.work.rounds.types import VisitsOn

# Whole buildings by their tally of days; of a building that a range cuts, the standing records of the doors inside.
_VISITS = """
select t.outcome, sum(t.visits)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_visittally t on t.position >= w.lo and t.position < w.hi and t.begins >= %(begins)s and t.begins < %(ends)s
where t.book <> all(array(select id from ledger_book where drill))
group by t.outcome
union all
select s.payload ->> 'outcome', count(*)
from unnest(%(cut_lo)s::bigint[], %(cut_hi)s::bigint[]) c(lo, hi)
join ledger_standing s on s.kind = 'visit' and s.position >= c.lo and s.position < c.hi
    and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
where s.book <> all(array(select id from ledger_book where drill))
group by s.payload ->> 'outcome'
"""
_HOURS = """
select t.begins, t.outcome, sum(t.visits)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_visithour t on t.position >= w.lo and t.position + t.span <= w.hi and t.begins >= %(begins)s and t.begins < %(ends)s
where t.book <> all(array(select id from ledger_book where drill))
group by t.begins, t.outcome order by t.begins
"""
_DOORS = """
select count(distinct s.place)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join ledger_standing s on s.kind = 'visit' and s.position >= w.lo and s.position < w.hi
    and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
where s.book <> all(array(select id from ledger_book where drill))
"""


def visits(ranges: Sequence[Range], begins: datetime, ends: datetime) -> dict[Outcome, int]:
    """Visits (户次) by outcome in whole local days from one midnight to another."""
    parted = cut(ranges)
    (lo, hi), (cut_lo, cut_hi) = columns(parted.whole), columns(parted.parts)
    counted: dict[Outcome, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, {"lo": lo, "hi": hi, "cut_lo": cut_lo, "cut_hi": cut_hi, "begins": begins, "ends": ends})
        for outcome, count in cursor.fetchall():
            counted[Outcome(outcome)] += int(count)
    return dict(counted)


def visits_by_hour(ranges: Sequence[Range], begins: datetime, ends: datetime) -> list[VisitsOn]:
    """Visits (户次) hour by hour of the whole communities in the ranges; hours without any are left out."""
    lo, hi = columns(merged(ranges))
    hours: dict[datetime, dict[Outcome, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"lo": lo, "hi": hi, "begins": begins, "ends": ends})
        for hour, outcome, count in cursor.fetchall():
            hours[hour][Outcome(outcome)] = int(count)
    return [VisitsOn(hour, sum(counted.values()), counted) for hour, counted in hours.items()]


def doors_visited(ranges: Sequence[Range], begins: datetime, ends: datetime) -> int:
    """Distinct doors (户) with at least one visit in the time, counted from the records: days of a door cannot be added up."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, {"lo": lo, "hi": hi, "begins": begins, "ends": ends})
        return int(cursor.fetchone()[0])
