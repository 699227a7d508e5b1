"""Matters counted for many lists of ranges at once: the children of a place side by side, in one query whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from lianfang.ground.places.queries.past_doors import columns_each
from lianfang.ground.places.queries.within import POSITION_ON
from lianfang.kernel import clock
from lianfang.kernel.ranges import Range
from lianfang.ledger.types import REAL

_AT = f"""
with stood as (
    select coalesce(case when %(past)s then {POSITION_ON} end, m.position) as position, m.due_at, m.raised_at, m.settled_at
    from matters_matter m join places_place p on p.id = m.place
    where m.stream = %(stream)s and m.raised_at < %(at)s and (m.settled_at is null or m.settled_at >= %(begins)s)
)
select w.no,
       count(*) filter (where m.settled_at is null or m.settled_at >= %(at)s),
       count(*) filter (where (m.settled_at is null or m.settled_at >= %(at)s) and m.due_at < %(at)s),
       count(*) filter (where m.raised_at >= %(begins)s),
       count(*) filter (where m.settled_at < %(at)s)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join stood m on m.position >= w.lo and m.position < w.hi
group by 1
"""


@dataclass(frozen=True, slots=True)
class MattersThen:
    """Matters (件) of a time: open and late at its end, raised and settled within it."""

    open: int = 0
    late: int = 0
    raised: int = 0
    settled: int = 0


def matters_each(many: Sequence[Sequence[Range]], begins: datetime, at: datetime | None) -> list[MattersThen]:
    """For each list of ranges; `at` is the end of the time, None for now."""
    moment = at or clock.now()
    day = clock.local(moment - timedelta(microseconds=1)).date()
    values: dict[str, Any] = {**columns_each(many), "past": at is not None, "day": day, "begins": begins, "at": moment, "stream": REAL}
    with connection.cursor() as cursor:
        cursor.execute(_AT, values)
        found = {row[0]: MattersThen(*(int(count) for count in row[1:])) for row in cursor.fetchall()}
    return [found.get(number, MattersThen()) for number in range(len(many))]
