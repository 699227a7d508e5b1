"""Doors one by one as they stood at the end of a day: what counts of doors are traced to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from lianfang.ground.places.queries.past_doors import STANDS, STOOD, walked
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import columns
from lianfang.ledger.types import REAL

_DOORS = f"""
select d.id, d.position, coalesce(before.outcome, s.outcome), coalesce(before.effective_at, s.effective_at), coalesce(before.id, s.record)
from (
    select p.id, p.lo as position from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join places_place p on p.level = 'door' and p.lo >= w.lo and p.lo < w.hi
        and {STANDS}
    union all
    select past.place_id, past.lo from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    join places_placepast past on past.level = 'door' and past.lo >= w.lo and past.lo < w.hi and {STOOD}
) d
left join rounds_doorstate s on s.stream = %(stream)s and s.place = d.id
left join lateral (
    select v.id, v.payload ->> 'outcome' as outcome, v.effective_at from ledger_standing v
    where s.effective_at >= %(ends)s and v.place = d.id and v.kind = 'visit' and v.effective_at < %(ends)s
        and v.book <> all(array(select id from ledger_book where drill))
    order by v.effective_at desc, v.id desc limit 1
) before on true
where case when s.effective_at is null or (s.effective_at >= %(ends)s and before.id is null) then %(never)s
           else coalesce(before.outcome, s.outcome) = any(%(outcomes)s) and coalesce(before.effective_at, s.effective_at) >= %(begins)s end
order by d.position limit %(limit)s
"""
_EVER = datetime.min.replace(tzinfo=day_bounds(date(2000, 1, 1))[0].tzinfo)


@dataclass(frozen=True, slots=True)
class DoorThen:
    """A door at the end of a day: the last visit before it, if there was any."""

    place_id: PlaceId
    position: int
    outcome: Outcome | None
    since: datetime | None
    record_id: RecordId | None


@dataclass(frozen=True, slots=True)
class Which:
    """Doors whose last visit had one of the outcomes and is not older than `since`; with `never` also those without any."""

    outcomes: Collection[Outcome]
    never: bool = False
    since: datetime | None = None


def doors_then(ranges: Sequence[Range], day: date, which: Which, *, after: int = -1, limit: int = 200) -> list[DoorThen]:
    """Doors that stood in the ranges on a day, by position, as they stood at its end."""
    values: dict[str, Any] = {
        "day": day, "ends": day_bounds(day)[1], "outcomes": sorted(outcome.value for outcome in which.outcomes),
        "never": which.never, "begins": which.since or _EVER, "stream": REAL,
    }  # fmt: skip

    def read(some: list[Range], at_most: int) -> list[DoorThen]:
        lo, hi = columns(some)
        with connection.cursor() as cursor:
            cursor.execute(_DOORS, {**values, "lo": lo, "hi": hi, "limit": at_most})
            return [_then(*row) for row in cursor.fetchall()]

    return walked(merged(ranges), after, limit, read)


def _then(place: PlaceId, position: int, outcome: str | None, since: datetime | None, record: RecordId | None) -> DoorThen:
    if outcome is None:
        return DoorThen(PlaceId(place), position, None, None, None)
    return DoorThen(PlaceId(place), position, Outcome(outcome), since, record)
