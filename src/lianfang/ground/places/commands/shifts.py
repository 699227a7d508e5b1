"""Taking along what stands on a range that moved: buildings, units, doors, and every table that carries a position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lianfang.ground.places.rules.positions import WIDTH
from lianfang.ground.places.types import Level
from lianfang.kernel import db
from lianfang.kernel.carriers import carriers
from lianfang.kernel.ranges import Range, subtract


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything in [old_lo, old_hi) now stands as far behind `new_lo`, from a day on."""

    old_lo: int
    old_hi: int
    new_lo: int
    on: date


BELOW_COMMUNITY = ("building", "unit", "door")
_BELOW = "p.level = any(%(levels)s) and (p.valid_to is null or p.valid_to > s.day)"

# A position given after the day of the move was stamped on records all the same: its period in the past is then empty.
_KEEP_PAST = f"""
    insert into places_placepast (place_id, level, valid_from, valid_to, name, code, parent_id, lo, hi, moved_itself)
    select p.id, p.level, p.since, greatest(p.since, s.day), p.name, p.code, p.parent_id, p.lo, p.hi, false
    from places_place p join places_shift s on p.lo >= s.old_lo and p.lo < s.old_hi where {_BELOW} and {{besides}}"""

_GIVE = f"""
    insert into places_position (place_id, level, lo, hi, given_on)
    select p.id, p.level, p.lo + s.by, p.hi + s.by, greatest(p.since, s.day)
    from places_place p join places_shift s on p.lo >= s.old_lo and p.lo < s.old_hi
    where p.level <> 'door' and {_BELOW} and {{besides}}"""

_MOVE = f"""
    update places_place p set lo = p.lo + s.by, hi = p.hi + s.by, since = greatest(p.since, s.day)
    from places_shift s where p.lo >= s.old_lo and p.lo < s.old_hi and {_BELOW} and {{besides}}"""

# What was there after the day and has changed since, or left, was there under the new numbers; the old ones stay written down.
_CUT_PAST = """
    with cut as (
        update places_placepast p set valid_to = greatest(p.valid_from, s.day), moved_itself = false
        from places_shift s
        where p.lo >= s.old_lo and p.lo < s.old_hi and p.level = any(%(levels)s) and p.valid_to > s.day and p.valid_from < p.valid_to
          and p.place_id <> all(%(besides)s)
        returning old.place_id, old.level, greatest(old.valid_from, s.day) as start, old.valid_to, old.name, old.code, old.parent_id,
                  old.lo + s.by as lo, old.hi + s.by as hi, old.moved_itself
    )
    insert into places_placepast (place_id, level, valid_from, valid_to, name, code, parent_id, lo, hi, moved_itself) select * from cut
    returning place_id, level, lo, hi, valid_from"""
_GIVE_PAST = """
    insert into places_position (place_id, level, lo, hi, given_on)
    select distinct on (n.level, n.lo) n.place_id, n.level, n.lo, n.hi, n.start
    from unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::date[]) n(place_id, level, lo, hi, start)
    where n.level <> 'door' and not exists (select from places_position g where g.level = n.level and g.lo = n.lo)
    order by n.level, n.lo, n.start"""

_CARRY = "update {table} c set {column} = c.{column} + s.by from places_shift s where c.{column} >= s.old_lo and c.{column} < s.old_hi and ({live})"


# A list may end a community while buildings stand in it (`doctor` tells). Ended places do not move, and what they hold stays with them.
_LEFT_BEHIND = """
    select c.lo, c.hi from places_place c
    where c.level = 'community' and c.valid_to <= %s and c.lo >= %s and c.lo < %s
      and exists (select from places_place b where b.parent_id = c.id and b.valid_to is null)"""


def _without_left_behind(whole: Shift) -> list[Shift]:
    """The parts of a shift of more than one community that are not inside ended ones."""
    if whole.old_hi - whole.old_lo <= WIDTH[Level.COMMUNITY]:
        return [whole]
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND, [whole.on, whole.old_lo, whole.old_hi])
        left = [Range(*piece) for piece in cursor.fetchall()]
    parts = subtract([Range(whole.old_lo, whole.old_hi)], left)
    return [Shift(part.lo, part.hi, whole.new_lo + part.lo - whole.old_lo, whole.on) for part in parts]


def shift(shifts: Sequence[Shift], *, besides: Sequence[object] = (), levels: Sequence[str] = BELOW_COMMUNITY) -> int:
    """Carry along all of these levels that lives in the ranges; how many places. Those in `besides` were moved by the caller."""
    moves = [part for piece in shifts if piece.old_lo != piece.new_lo for part in _without_left_behind(piece)]
    if not moves:
        return 0
    db.lock(db.POSITIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table if not exists places_shift (old_lo bigint, old_hi bigint, by bigint, day date) on commit delete rows",
        )
        cursor.execute("truncate places_shift")
    db.copy_rows("places_shift", ("old_lo", "old_hi", "by", "day"), ((m.old_lo, m.old_hi, m.new_lo - m.old_lo, m.on) for m in moves))
    others = "p.id <> all(%(besides)s)"
    with connection.cursor() as cursor:
        cursor.execute("analyze places_shift")
        values: dict[str, Any] = {"besides": list(besides), "levels": list(levels)}
        cursor.execute(_CUT_PAST, values)
        was = cursor.fetchall()
        for sql in (_KEEP_PAST, _GIVE, _MOVE):
            cursor.execute(sql.format(besides=others), values)
        moved = cursor.rowcount
        if was:
            cursor.execute(_GIVE_PAST, [list(column) for column in zip(*was, strict=True)])
        for carrier in carriers():
            cursor.execute(_CARRY.format(table=carrier.table, column=carrier.column, live=carrier.live))
    return int(moved)
