"""How doors stood in a round at the end of a past day: from the records as known today, each at its own time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lianfang.ground.places.queries.past_doors import CHANGED_EACH, DOORS_ON_EACH, columns_each, doors_on_each, walked
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.ids import PlaceId, RecordId, RoundId
from lianfang.kernel.ranges import Range, intersect, merged, subtract
from lianfang.work.rounds.queries.covering import rows_each, summed
from lianfang.work.rounds.rules import SETTLING
from lianfang.work.rounds.state import STATE_IN_ROUND
from lianfang.work.rounds.types import Coverage, DoorThen

_REACH_EVER = "select lo, hi, excluded from rounds_reach where round = %s"
# Visited since, or a household came or left since: such a door may have stood otherwise.
_CHANGED = """s.last_at >= %(ends)s or s.standing = 'household'
        or exists (select from people_household h where h.door_id = s.place and h.valid_to > %(day)s offset 0)"""
# Visited once, and since: nobody had been there then.
_FIRST_SINCE = "s.visits = 1 and s.last_at >= %(ends)s"
# A door that nobody has visited since stands as it stood; the others are computed anew from the visits before the end of the day.
_THEN = f"""
with door as ({DOORS_ON_EACH}),
rounds_touched as materialized (
    select s.round, s.place, r.stream, r.opens_at, least(r.ends_at, %(ends)s) as ends_at, s.position as stands
    from (select distinct id from door) d
    join rounds_rounddoor s on s.round = %(round)s and s.place = d.id and ({_CHANGED}) and not ({_FIRST_SINCE})
    join rounds_round r on r.id = s.round
),
{STATE_IN_ROUND},
stood as (
    select d.no, d.id, s.standing, s.settled, s.record, s.effective_at, s.visits, s.people_seen, s.people_times
    from door d join rounds_rounddoor s on s.round = %(round)s and s.place = d.id and not ({_CHANGED})
    union all
    select d.no, d.id, t.standing, t.settled, t.record, t.effective_at, t.visits, t.people_seen, t.people_times
    from door d join state t on t.of_place = d.id and t.record is not null
)
"""
# What today's counts are to be changed by. In doubt are doors visited since, doors that owe a household's outcome or that a household left
# since, and doors that ended or moved: as they stand now they are taken off, as they stood then they are added.
_CHANGES = f"""
with w as materialized (
    select * from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
), changed as materialized ({CHANGED_EACH}),
visited as materialized (
    select w.no, s.place as id from w
    join rounds_rounddoor s on s.round = %(round)s and s.position >= w.lo and s.position < w.hi
    where s.last_at >= %(ends)s or s.standing = 'household'
    union
    select w.no, h.door_id from w join people_household h on h.position >= w.lo and h.position < w.hi and h.valid_to > %(day)s
), doubtful as materialized (
    select no, id, true as is_there, true as was_there, true as here from visited v where not exists (select from changed c where c.id = v.id)
    union all
    select no, id, is_there, was_there, here from changed where is_there or was_there
),
rounds_touched as materialized (
    select s.round, s.place, r.stream, r.opens_at, least(r.ends_at, %(ends)s) as ends_at, s.position as stands
    from (select distinct id from doubtful where was_there) d
    join rounds_rounddoor s on s.round = %(round)s and s.place = d.id and not ({_FIRST_SINCE})
    join rounds_round r on r.id = s.round
),
{STATE_IN_ROUND}
select no, standing, settled, sum(doors), sum(visits), sum(people_seen), sum(people_times)
from (
    select d.no, s.standing, s.settled, -d.is_there::int as doors, -s.visits as visits, -s.people_seen as people_seen, -s.people_times as people_times
    from doubtful d join rounds_rounddoor s on s.round = %(round)s and s.place = d.id
    where d.here
    union all
    select d.no, t.standing, t.settled, 1, t.visits, t.people_seen, t.people_times
    from doubtful d join state t on t.of_place = d.id and t.record is not null
    where d.was_there
) both_ways group by no, standing, settled
"""
_LISTED = f"""
{_THEN} select d.id, d.position, s.standing, s.effective_at, s.record
from door d left join stood s on s.id = d.id
where case when s.standing is null then %(never)s else s.standing = any(%(standings)s) end
order by d.position limit %(limit)s
"""


def reach_ever(round_id: RoundId) -> list[Range]:
    """All positions that a round reaches or ever reached."""
    held: tuple[list[Range], list[Range]] = ([], [])
    with connection.cursor() as cursor:
        cursor.execute(_REACH_EVER, [round_id])
        for lo, hi, excluded in cursor.fetchall():
            held[excluded].append(Range(lo, hi))
    return subtract(merged(held[0]), merged(held[1]))


def _values(round_id: RoundId, many: Sequence[Sequence[Range]], day: date) -> dict[str, Any]:
    settling = sorted(outcome.value for outcome in SETTLING)
    return {**columns_each(many), "day": day, "ends": day_bounds(day)[1], "round": round_id, "settling": settling}


def coverage_then_each(round_id: RoundId, many: Sequence[Sequence[Range]], day: date) -> list[Coverage]:
    """How far a round had come by the end of a past day, for several lists of ranges side by side."""
    reached = reach_ever(round_id)
    inside = [intersect(reached, merged(ranges)) for ranges in many]
    rows = rows_each(round_id, inside)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, _values(round_id, inside, day))
        for number, *row in cursor.fetchall():
            rows[number].append(row)
    return [summed(doors, found) for doors, found in zip(doors_on_each(inside, day), rows, strict=True)]


@dataclass(frozen=True, slots=True)
class WhichDoors:
    """Doors that stand in one of these ways (an outcome, or "household"); with `never` also those nobody had been to."""

    standings: Collection[str]
    never: bool = False


def doors_in_round_then(
    round_id: RoundId, ranges: Sequence[Range], day: date, which: WhichDoors, *, after: int = -1, limit: int = 200
) -> list[DoorThen]:
    """Doors that stood in a round in some ways at the end of a day, by position."""
    wanted: dict[str, Any] = {"standings": sorted(which.standings), "never": which.never}

    def read(some: list[Range], at_most: int) -> list[DoorThen]:
        with connection.cursor() as cursor:
            cursor.execute(_LISTED, {**_values(round_id, [some], day), **wanted, "limit": at_most})
            return [
                DoorThen(PlaceId(place), position, standing, since, None if record is None else RecordId(record))
                for place, position, standing, since, record in cursor.fetchall()
            ]

    return walked(intersect(reach_ever(round_id), merged(ranges)), after, limit, read)
