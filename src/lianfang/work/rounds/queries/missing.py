"""The doors of a round that are still open, page by page as one walks, and those whose next try is due.

A city has hundreds of thousands of doors and few that are open, or few that are settled: the tallies of buildings tell where open doors
are, so that a page reads the doors of those buildings only, and stops when it is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from lianfang.kernel.ids import PlaceId, RecordId, RoundId
from lianfang.kernel.ranges import Range, intersect, merged
from lianfang.ledger.queries.cutting import columns, cut
from lianfang.work.rounds.queries.campaigns import reach
from lianfang.work.rounds.types import MissingDoor, Order, Reason

PAGE = 50

# Units in their order, floors from the top down, doors of a floor in their order. Houses and sites have neither unit nor floor.
_WALK = "coalesce(u.lo, b.lo) as unit_lo, -coalesce(d.floor, 0) as down"
_DOOR = f"""
    select d.id, d.lo, d.name, d.floor, u.id as unit, coalesce(u.name, '') as unit_name, {_WALK}, s.standing, s.tries, s.visits, s.last_at,
           s.next_at, s.record
    from places_place d
    left join places_place u on u.id = d.parent_id and u.level = 'unit'
    left join rounds_rounddoor s on s.round = %(round)s and s.place = d.id
    where d.level = 'door' and d.valid_to is null and d.lo >= greatest(b.lo, %(lo)s) and d.lo < least(b.hi, %(hi)s)
      and s.settled is not true and {{reason}}
    offset 0
"""
_COLUMNS = "d.id, d.lo, d.name, d.floor, d.unit, d.unit_name, b.id, b.name, d.standing, d.tries, d.visits, d.last_at, d.next_at, d.record"
_ORDER = {Order.WALKING: "b.lo, d.unit_lo, d.down, d.lo", Order.POSITION: "b.lo, d.lo"}
_BEYOND = {
    Order.WALKING: "(b.lo, d.unit_lo, d.down, d.lo) > (%(after_building)s, %(after_unit)s, %(after_down)s, %(after)s)",
    Order.POSITION: "(b.lo, d.lo) > (%(after_building)s, %(after)s)",
}
# Whole buildings: one whose doors are all settled, by its tally (less doors that have ended since), is not looked into. Each of the others
# has at least one door to list (but the one where the page before ended), so that as many buildings as doors are wanted fill the page.
_WHOLE = """
select {columns}
from (
    select p.id, p.lo, p.hi, p.name from places_tally t
    join places_place p on p.id = t.place_id
    cross join lateral (
        select coalesce(sum(r.doors) filter (where {counts}), 0) as doors
        from rounds_roundtally r where r.round = %(round)s and r.building = t.place_id
    ) r
    cross join lateral (
        select count(*) as doors from places_place e join rounds_rounddoor s on s.round = %(round)s and s.place = e.id and {ended}
        where e.level = 'door' and e.valid_to is not null and e.lo >= p.lo and e.lo < p.hi
    ) e
    where t.position >= greatest(%(lo)s, %(after_building)s) and t.position < %(hi)s and {some}
    order by t.position
    limit %(limit)s + 1
) b
cross join lateral ({door}) d
where {beyond}
order by {order} limit %(limit)s
"""
# A piece of one building (a unit, some doors): its tally may lie outside what the reader sees, its doors do not.
_PART = """
select {columns}
from (
    select id, lo, hi, name from places_place where level <> 'door' and level = 'building' and lo <= %(lo)s order by lo desc limit 1
) b
cross join lateral ({door}) d
where {beyond}
order by {order} limit %(limit)s
"""
_LAST = """
select b.lo, coalesce(u.lo, b.lo), -coalesce(d.floor, 0)
from places_place d
left join places_place u on u.id = d.parent_id and u.level = 'unit'
cross join lateral (
    select lo from places_place where level <> 'door' and level = 'building' and lo <= d.lo order by lo desc limit 1
) b
where d.level = 'door' and d.lo = %s
"""
_DUE = """
select d.id, d.lo, d.name, d.floor, u.id, coalesce(u.name, ''), b.id, b.name, s.standing, s.tries, s.visits, s.last_at, s.next_at, s.record
from (
    select s.* from rounds_rounddoor s
    where s.round = %(round)s and not s.settled and s.next_at < %(before)s
      and exists (select from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi) where s.position >= w.lo and s.position < w.hi)
    order by s.next_at, s.position limit %(limit)s offset %(skip)s
) s
join places_place d on d.id = s.place and d.valid_to is null
join places_place p on p.id = d.parent_id
left join places_place u on u.id = p.id and u.level = 'unit'
join places_place b on b.id = case when p.level = 'unit' then p.parent_id else p.id end
order by s.next_at, s.position
"""
_DUE_COUNT = """
select count(*) from rounds_rounddoor s
where s.round = any(%(rounds)s::uuid[]) and not s.settled and s.next_at < %(before)s
  and exists (select from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi) where s.position >= w.lo and s.position < w.hi)
"""


def missing(
    round_id: RoundId,
    ranges: Sequence[Range],
    *,
    reason: Reason | None = None,
    after: int | None = None,
    limit: int = PAGE,
    order: Order = Order.WALKING,
) -> list[MissingDoor]:
    """Doors in the ranges that a round has not settled, all or those open for one reason; `after` is the position of the last one seen."""
    inside = intersect(reach(round_id), merged(ranges))
    parted = cut(inside)
    values: dict[str, Any] = {"round": round_id, "reason": None if reason is None else reason.value, **_after(after)}
    pieces = sorted([(piece, _WHOLE) for piece in parted.whole] + [(piece, _PART) for piece in parted.parts])
    found: list[MissingDoor] = []
    for piece, sql in pieces:
        if len(found) >= limit or piece.hi <= values["after_building"]:
            continue
        found += _page(sql, values | {"lo": piece.lo, "hi": piece.hi, "limit": limit - len(found)}, reason, order)
    return found


def _after(position: int | None) -> dict[str, int]:
    """Where the page before ended: the keys of its last door."""
    keys = ("after_building", "after_unit", "after_down")
    if position is not None:
        with connection.cursor() as cursor:
            cursor.execute(_LAST, [position])
            row = cursor.fetchone()
        if row is not None:
            return dict(zip(keys, row, strict=True)) | {"after": position}
    return dict.fromkeys(keys, -1) | {"after": -1}


def _page(sql: str, values: dict[str, Any], reason: Reason | None, order: Order) -> list[MissingDoor]:
    door = _DOOR.format(reason=_of_reason("s.standing", reason))
    statement = sql.format(
        columns=_COLUMNS,
        door=door,
        beyond=_BEYOND[order],
        order=_ORDER[order],
        counts=_counts(reason),
        ended=_ended(reason),
        some=_some(reason),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_as_missing(row) for row in cursor.fetchall()]


def _of_reason(standing: str, reason: Reason | None) -> str:
    if reason is None:
        return "true"
    return f"{standing} is null" if reason is Reason.NOT_YET else f"{standing} = %(reason)s"


def _counts(reason: Reason | None) -> str:
    """Which doors of a building's tally tell whether it has any of the wanted ones."""
    if reason is None:
        return "r.settled"
    return "true" if reason is Reason.NOT_YET else "r.standing = %(reason)s"


def _ended(reason: Reason | None) -> str:
    return _counts(reason).replace("r.", "s.")


def _some(reason: Reason | None) -> str:
    """Whether a building has any of the wanted doors, by its tallies."""
    return "t.doors > r.doors - e.doors" if reason in {None, Reason.NOT_YET} else "r.doors > e.doors"


def _as_missing(row: Sequence[Any]) -> MissingDoor:
    return MissingDoor(
        place_id=PlaceId(row[0]), position=row[1], label=row[2], floor=row[3], unit_id=None if row[4] is None else PlaceId(row[4]),
        unit_name=row[5], building_id=PlaceId(row[6]), building_name=row[7], reason=Reason(row[8]) if row[8] else Reason.NOT_YET,
        tries=row[9] or 0, visits=row[10] or 0, last_at=row[11], next_at=row[12], record_id=None if row[13] is None else RecordId(row[13]),
    )  # fmt: skip


def due(round_id: RoundId, ranges: Sequence[Range], before: datetime, *, after: int = 0, limit: int = PAGE) -> list[MissingDoor]:
    """Open doors whose next try is planned before a moment, the earliest first; `after` skips so many."""
    lo, hi = columns(intersect(reach(round_id), merged(ranges)))
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"round": round_id, "before": before, "lo": lo, "hi": hi, "limit": limit, "skip": after})
        return [_as_missing(row) for row in cursor.fetchall()]


def due_count(round_ids: Sequence[RoundId], ranges: Sequence[Range], before: datetime) -> int:
    """How many doors (户) of rounds wait for a try planned before a moment. Rounds that overlap count a door in each of them."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_DUE_COUNT, {"rounds": list(round_ids), "before": before, "lo": lo, "hi": hi})
        return int(cursor.fetchone()[0])
