"""One batch: the temporary tables every projection reads, filled once for all that stand at the same mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ledger.folding import statements
from lianfang.ledger.folding.cursors import Mark

_COLUMNS = (
    "id uuid, book int, root uuid, kind text, place uuid, position bigint, stream uuid, actor uuid, subject uuid, effective_at timestamptz"
)
_INSIDE = "building uuid, building_lo bigint, building_hi bigint, community uuid, community_lo bigint, community_hi bigint"
_MAKE = f"""
create temp table if not exists batch ({_COLUMNS}) on commit delete rows;
create temp table if not exists touched ({_COLUMNS}, stands bigint, {_INSIDE}) on commit delete rows;
create temp table if not exists touched_moment (book int, id uuid, kind text, place uuid, position bigint, moment timestamptz, {_INSIDE})
    on commit delete rows;
create temp table if not exists touched_change (
    change int, book int, id uuid, kind text, place uuid, position bigint, stream uuid, effective_at timestamptz, payload jsonb, {_INSIDE}
)
    on commit delete rows
"""
_BATCH = """
insert into batch
select r.id, r.book, coalesce(r.corrects, r.id), r.kind, r.place, r.position, ledger_stream(b.drill, r.incident), r.actor, r.subject,
    r.effective_at
from ledger_record r join ledger_book b on b.id = r.book
where (r.xact, r.seq) > (%s::text::xid8, %s) and (r.xact, r.seq) <= (%s::text::xid8, %s)
"""
# A root that has not come yet leaves nothing to compute: its correction waits, and the root's own batch finds it.
# Ranges of a level are disjoint, so that the last one that begins before a position is the only one that may hold it.
_TOUCHED = """
with root as materialized (
    select r.id, r.book, r.kind, r.place, r.position, b.stream, r.actor, r.subject, r.effective_at, place.lo as stands,
        building.place_id as building, building.lo as building_lo, building.hi as building_hi
    from (select distinct on (book, root) book, root, stream from batch) b
    cross join lateral (
        select * from ledger_record r where r.book = b.book and r.id = b.root and r.corrects is null and (r.xact, r.seq) <= (%s::text::xid8, %s)
        offset 0
    ) r
    left join places_place place on place.id = r.place
    left join lateral (
        select place_id, lo, hi from places_position where level = 'building' and lo <= r.position order by lo desc limit 1
    ) building on building.hi > r.position
), community as (
    select at, c.place_id as community, c.lo as community_lo, c.hi as community_hi
    from (select distinct coalesce(building_lo, position) as at from root) places
    left join lateral (
        select place_id, lo, hi from places_position where level = 'community' and lo <= at order by lo desc limit 1
    ) c on c.hi > at
)
insert into touched
select r.id, r.book, r.id, r.kind, r.place, r.position, r.stream, r.actor, r.subject, r.effective_at, r.stands,
    r.building, r.building_lo, r.building_hi, c.community, c.community_lo, c.community_hi
from root r join community c on c.at = coalesce(r.building_lo, r.position)
"""
_MOMENTS = """
insert into touched_moment
select book, id, kind, place, position, effective_at, building, building_lo, building_hi, community, community_lo, community_hi from touched
union
select t.book, t.id, t.kind, t.place, t.position, ledger_moved_to(c.payload, c.recorded_at),
    t.building, t.building_lo, t.building_hi, t.community, t.community_lo, t.community_hi
from touched t
cross join lateral (
    select c.payload, c.recorded_at from ledger_record c where c.corrects = t.id and c.corrects is not null and c.book = t.book offset 0
) c
where ledger_moved_to(c.payload, c.recorded_at) is not null
"""
# How roots stand within the bound that is set; before the batch only those that were there, which is every root that it corrects.
_STANDING = """
insert into touched_change
select %s, t.book, t.id, t.kind, t.place, t.position, t.stream, s.effective_at, s.payload,
    t.building, t.building_lo, t.building_hi, t.community, t.community_lo, t.community_hi
from touched t
cross join lateral (select s.effective_at, s.payload from ledger_standing s where s.book = t.book and s.id = t.id offset 0) s
where %s or exists (select from batch b where b.root = t.id and b.book = t.book and b.id <> b.root)
"""


def fill(after: Mark, end: Mark) -> int:
    """Fill the tables with the records after one mark up to another; how many there were. Bounds the view of standing records."""
    _empty()
    bound(end)
    count = statements.execute(_BATCH, [str(after.xact), after.seq, str(end.xact), end.seq]).rowcount
    statements.execute(_TOUCHED, [str(end.xact), end.seq])
    statements.execute(_MOMENTS)
    bound(after)
    statements.execute(_STANDING, [-1, False])
    bound(end)
    statements.execute(_STANDING, [1, True])
    return count


def fill_chosen(end: Mark, choose: str, values: Mapping[str, Any]) -> int:
    """`fill` with roots that a statement chooses, as of a mark, and no changes: for those who fold keys whole; how many there were."""
    _empty()
    count = statements.execute(choose, values).rowcount
    statements.execute(_TOUCHED, [str(end.xact), end.seq])
    statements.execute(_MOMENTS)
    return count


def _empty() -> None:
    """All four tables, empty: at the beginning of a transaction they are, but a rebuild fills them many times in one."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('pg_temp.batch') is null")
        if cursor.fetchone()[0]:
            cursor.execute(_MAKE)
    for table in ("batch", "touched", "touched_moment", "touched_change"):
        statements.execute(f"delete from {table}")  # truncating would throw away every plan over them


def bound(end: Mark) -> None:
    """For the rest of the transaction: standing records are those up to a mark, and plans are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('lianfang.upto_xact', %s, true), set_config('lianfang.upto_seq', %s, true)",
            [str(end.xact), str(end.seq)],
        )
    statements.use_generic_plans()


def first_record() -> UUID | None:
    """The record of a batch of one, to name the one that a projection stumbles over."""
    found = statements.rows("select id from batch limit 2")
    return found[0][0] if len(found) == 1 else None
