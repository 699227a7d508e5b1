"""The same counts for many lists of ranges at once: the children of a place side by side, in one query whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from lianfang.ground.places.queries.past_doors import CHANGED_EACH, columns_each
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.types import REAL
from lianfang.work.rounds.queries.doors import door_counts_each
from lianfang.work.rounds.rules import settles
from lianfang.work.rounds.types import DoorCount

_NO_DRILL = "book <> all(array(select id from ledger_book where drill))"

# What today's counts are to be changed by: a door visited since is taken off as it stands, and added as it stood, by its last visit before the
# end of the day; and so is one that ended or moved. And the doors whose outcome at the end of the day dates from the days.
_CHANGES = f"""
with changed as materialized ({CHANGED_EACH}),
stand as materialized (
    select w.no, s.place, s.outcome, s.effective_at, s.visits, true as is_there, true as was_there
    from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
    join rounds_doorstate s on s.position >= w.lo and s.position < w.hi and s.stream = %(stream)s and s.effective_at >= %(begins)s
    where not exists (select from changed c where c.id = s.place)
    union all
    select c.no, s.place, s.outcome, s.effective_at, s.visits, c.is_there, c.was_there
    from changed c join rounds_doorstate s on s.stream = %(stream)s and s.place = c.id
)
select no, outcome, count(*) filter (where was_there and effective_at < %(ends)s) - count(*) filter (where is_there),
    count(*) filter (where was_there and effective_at >= %(begins)s and effective_at < %(ends)s)
from stand group by 1, 2
union all
select s.no, latest.outcome, count(*), count(*) filter (where latest.effective_at >= %(begins)s)
from stand s
cross join lateral (
    select v.payload ->> 'outcome' as outcome, v.effective_at from ledger_standing v
    where v.place = s.place and v.kind = 'visit' and v.effective_at < %(ends)s and v.{_NO_DRILL}
    order by v.effective_at desc, v.id desc limit 1
) latest
where s.was_there and s.effective_at >= %(ends)s and s.visits > 1
group by 1, 2
"""
# Today: whole rows of state, since the tally knows no days.
_SINCE = """
select w.no, s.outcome, count(*)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rounds_doorstate s on s.position >= w.lo and s.position < w.hi and s.stream = %(stream)s and s.effective_at >= %(begins)s
join places_place p on p.id = s.place and p.valid_to is null
group by 1, 2
"""
ByOutcome = list[dict[Outcome, int]]


def door_counts_on_each(many: Sequence[Sequence[Range]], first: date, last: date) -> tuple[list[DoorCount], ByOutcome]:
    """How doors stood at the end of a past day, among those that stood there; and of these the ones whose outcome dates from the days.

    From the records as known today: a visit that arrived later counts at its own time.
    """
    values: dict[str, Any] = {
        **columns_each(many), "day": last, "begins": day_bounds(first)[0], "ends": day_bounds(last)[1], "stream": REAL,
    }  # fmt: skip
    stood: ByOutcome = [defaultdict(int, counted.by_outcome) for counted in door_counts_each(many)]
    within: ByOutcome = [defaultdict(int) for _ in many]
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, values)
        for number, outcome, more, recent in cursor.fetchall():
            stood[number][Outcome(outcome)] += int(more)
            within[number][Outcome(outcome)] += int(recent)
    return [_count({outcome: doors for outcome, doors in counted.items() if doors}) for counted in stood], within


def _count(by_outcome: dict[Outcome, int]) -> DoorCount:
    settled = sum(doors for outcome, doors in by_outcome.items() if settles(outcome))
    return DoorCount(sum(by_outcome.values()), settled, by_outcome)


def doors_since_each(many: Sequence[Sequence[Range]], begins: datetime) -> ByOutcome:
    """Doors by outcome whose present outcome dates from a moment or later."""
    found: ByOutcome = [{} for _ in many]
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {**columns_each(many), "begins": begins, "stream": REAL})
        for number, outcome, count in cursor.fetchall():
            found[number][Outcome(outcome)] = int(count)
    return found
