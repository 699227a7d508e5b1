"""Visits (户次) and doors visited (户) in whole local days, for many lists of ranges at once.

Communities that lie inside whole are read from sums by community and day, whole buildings of the others from sums by building and day, and only pieces of
buildings (for doors visited: pieces of communities) from the records: what a large area costs grows with its communities and days, not with its records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.kernel.clock import LOCAL, day_bounds, local
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import cut_each
from lianfang.ledger.types import REAL

_NO_DRILL = "book <> all(array(select id from ledger_book where drill))"
_PIECES = "unnest(%({0}no)s::int[], %({0}lo)s::bigint[], %({0}hi)s::bigint[])"
_SUMS = f"""
select w.no, t.{{what}}, sum(t.visits)
from {{pieces}} w(no, lo, hi)
join {{table}} t on t.position >= w.lo and t.position < w.hi and t.begins >= %(begins)s and t.begins < %(ends)s
where t.{_NO_DRILL}
group by 1, 2
"""
_VISITS = f"""
{_SUMS.replace("{table}", "rounds_visitday").replace("{pieces}", _PIECES.format(""))}
union all
{_SUMS.replace("{table}", "rounds_visittally").replace("{pieces}", _PIECES.format("buildings_"))}
union all
select c.no, {{said}}, count(*)
from {_PIECES.format("parts_")} c(no, lo, hi)
join ledger_standing s on s.kind = 'visit' and s.position >= c.lo and s.position < c.hi
    and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
where s.{_NO_DRILL}
group by 1, 2
"""
_BY_OUTCOME = _VISITS.replace("{what}", "outcome").replace("{said}", "s.payload ->> 'outcome'")
_BY_DAY = _VISITS.replace("{what}", "begins").replace("{said}", "date_trunc('day', s.effective_at, %(zone)s)")
# Of a door's days in the period only the first has its visit before outside of it. A door that moved in the period within the ranges has counted at each
# of its positions there, and is taken off for all but one.
_VISITED = f"""
select w.no, sum(t.doors)
from {_PIECES.format("")} w(no, lo, hi)
join rounds_doorday t on t.stream = %(stream)s and t.position >= w.lo and t.position < w.hi
    and t.day >= %(first)s and t.day <= %(last)s and t.previous < %(first)s
group by 1
union all
select c.no, count(distinct (s.place, s.position))
from {_PIECES.format("parts_")} c(no, lo, hi)
join ledger_standing s on s.kind = 'visit' and s.position >= c.lo and s.position < c.hi
    and s.effective_at >= %(begins)s and s.effective_at < %(ends)s
where s.{_NO_DRILL}
group by 1
union all
select m.no, count(distinct s.place) - count(distinct (s.place, s.position))
from (
    select distinct w.no, past.place_id
    from places_placepast past join {_PIECES.format("all_")} w(no, lo, hi) on past.lo >= w.lo and past.lo < w.hi
    where past.level = 'door' and past.valid_to >= %(first)s and past.valid_to <= %(last)s
) m
cross join lateral (
    select s.place, s.position from ledger_standing s
    where s.place = m.place_id and s.kind = 'visit' and s.effective_at >= %(begins)s and s.effective_at < %(ends)s and s.{_NO_DRILL}
    offset 0
) s
join {_PIECES.format("all_")} w(no, lo, hi) on w.no = m.no and s.position >= w.lo and s.position < w.hi
group by 1
"""
Lists = Sequence[Sequence[Range]]


def visits_each(many: Lists, begins: datetime, ends: datetime) -> list[dict[Outcome, int]]:
    """Visits (户次) by outcome from one local midnight to another."""
    found: list[dict[Outcome, int]] = [defaultdict(int) for _ in many]
    with connection.cursor() as cursor:
        cursor.execute(_BY_OUTCOME, {**_parted(many), "begins": begins, "ends": ends})
        for number, outcome, count in cursor.fetchall():
            found[number][Outcome(outcome)] += int(count)
    return [dict(counted) for counted in found]


def visits_by_day(ranges: Sequence[Range], first: date, last: date) -> dict[date, int]:
    """Visits (户次) of each local day that has any."""
    values: dict[str, Any] = {**_parted([ranges]), "begins": day_bounds(first)[0], "ends": day_bounds(last)[1], "zone": LOCAL.key}
    found: dict[date, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, values)
        for _, begins, count in cursor.fetchall():
            found[local(begins).date()] += int(count)
    return dict(found)


def doors_visited_each(many: Lists, first: date, last: date) -> list[int]:
    """Distinct doors (户) with at least one visit in days, both included."""
    cut = cut_each(many, "community")
    values: dict[str, Any] = {
        **columns_each([one.whole for one in cut]), **_named("parts_", [one.parts for one in cut]), **_named("all_", many),
        "first": first, "last": last, "begins": day_bounds(first)[0], "ends": day_bounds(last)[1], "stream": REAL,
    }  # fmt: skip
    found = [0] * len(many)
    with connection.cursor() as cursor:
        cursor.execute(_VISITED, values)
        for number, count in cursor.fetchall():
            found[number] += int(count)
    return found


def _parted(many: Lists) -> dict[str, list[int]]:
    """Lists of ranges in whole communities, whole buildings of others, and pieces of buildings."""
    cut = cut_each(many, "community")
    smaller = cut_each([one.parts for one in cut])
    return {
        **columns_each([one.whole for one in cut]),
        **_named("buildings_", [one.whole for one in smaller]),
        **_named("parts_", [one.parts for one in smaller]),
    }


def _named(begin: str, many: Lists) -> dict[str, list[int]]:
    return {f"{begin}{name}": column for name, column in columns_each(many).items()}
