"""What the book holds up to a mark, folded into empty tables at once: stretch by stretch of positions, a few statements each.

Batch by batch each record's key is looked up in the book again, which is right for what is new and dear for ten million. Here every record is read
once, beside those of its neighbours. A stretch is a transaction of its own and short: a long one would keep the folder from reading on. A
stretch has whole doors, since a door has one position; doors that have moved, whose records lie elsewhere than they stand today, are left to the end
and then folded by the door, as if their records had just come. Statements of projections (`Projection.whole`) read:

`standing`         the roots stamped in the stretch as they stand (id, book, kind, stream, place, position, effective_at, subject, payload), and where
                   their place `stands` today
`standing_ground`  each position `at` which they were stamped, with its building and community (building, building_lo, building_hi, community …)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from lianfang.ledger.folding import batches, statements
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.folding.projection import Projection

RECORDS_AT_ONCE = 100_000

_MAKE = """
create temp table whole_corrected (book int, id uuid, position bigint, primary key (book, id));
create temp table whole_astray (book int, id uuid, primary key (book, id));
create temp table standing (
    id uuid, book int, kind text, stream uuid, place uuid, position bigint, effective_at timestamptz, subject uuid, payload jsonb, stands bigint
) on commit delete rows;
create temp table standing_ground (
    at bigint, building uuid, building_lo bigint, building_hi bigint, community uuid, community_lo bigint, community_hi bigint
) on commit delete rows
"""
_DROP = "drop table if exists whole_corrected, whole_astray, standing, standing_ground"
_CORRECTED = """
insert into whole_corrected
select r.book, r.id, r.position from (select distinct book, corrects from ledger_record where corrects is not null) c
cross join lateral (select r.* from ledger_record r where r.book = c.book and r.id = c.corrects and r.corrects is null offset 0) r
"""
_CUTS = """
select distinct position from (select position, row_number() over (order by position) as no from ledger_record) numbered
where no %% %s = 0 order by position
"""
_STANDING = """
insert into standing
select s.id, s.book, s.kind, ledger_stream(b.drill, s.incident), s.place, s.position, s.effective_at, s.subject, s.payload, p.lo
from (
    select r.id, r.book, r.kind, r.incident, r.place, r.position, r.effective_at, r.subject, r.payload
    from ledger_record r
    where r.position >= %(lo)s and r.position < %(hi)s and r.corrects is null and r.kind = any(%(kinds)s)
        and not (r.xact, r.seq) > (%(xact)s::text::xid8, %(seq)s)
        and not exists (select from whole_corrected c where c.book = r.book and c.id = r.id)
    union all
    select s.id, s.book, s.kind, s.incident, s.place, s.position, s.effective_at, s.subject, s.payload
    from whole_corrected c
    cross join lateral (select s.* from ledger_standing s where s.book = c.book and s.id = c.id and s.kind = any(%(kinds)s) offset 0) s
    where c.position >= %(lo)s and c.position < %(hi)s
) s
join ledger_book b on b.id = s.book
left join places_place p on p.id = s.place
"""
# Ranges of a level are disjoint, so that the last one that begins before a position is the only one that may hold it.
_GROUND = """
with stamped as materialized (
    select a.at, b.place_id as building, b.lo as building_lo, b.hi as building_hi
    from (select distinct position as at from standing) a
    left join lateral (
        select place_id, lo, hi from places_position where level = 'building' and lo <= a.at order by lo desc limit 1
    ) b on b.hi > a.at
), community as materialized (
    select p.begins, c.place_id as community, c.lo as community_lo, c.hi as community_hi
    from (select distinct coalesce(building_lo, at) as begins from stamped) p
    left join lateral (
        select place_id, lo, hi from places_position where level = 'community' and lo <= p.begins order by lo desc limit 1
    ) c on c.hi > p.begins
)
insert into standing_ground
select s.*, c.community, c.community_lo, c.community_hi from stamped s join community c on c.begins = coalesce(s.building_lo, s.at)
"""
_ASTRAY = """
insert into whole_astray select book, id from standing where position is distinct from stands on conflict do nothing
"""
_ROOTS = """
insert into batch
select r.id, r.book, r.id, r.kind, r.place, r.position, ledger_stream(b.drill, r.incident), r.actor, r.subject, r.effective_at
"""
_ROOTS_ASTRAY = (
    _ROOTS
    + """
from whole_astray a join ledger_record r on r.book = a.book and r.id = a.id join ledger_book b on b.id = r.book
"""
)
_ROOTS_OF_KINDS = (
    _ROOTS
    + """
from ledger_record r join ledger_book b on b.id = r.book
where r.position >= %(lo)s and r.position < %(hi)s and r.corrects is null and r.kind = any(%(kinds)s)
    and not (r.xact, r.seq) > (%(xact)s::text::xid8, %(seq)s)
"""
)


def fold(chosen: Collection[Projection], upto: Mark, schema: str, progress: Callable[[int], None]) -> None:
    """Fill the empty tables that projections which name their kinds have in a schema, up to a mark; `progress` hears how many roots were read."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        try:
            later = _without_indexes(schema, [table for projection in chosen for table in projection.bare])
            cursor.execute(_CORRECTED)
            cursor.execute("analyze whole_corrected")
            cursor.execute(_CUTS, [RECORDS_AT_ONCE])
            cuts = [0, *(row[0] for row in cursor.fetchall()), 2**63 - 1]
            for lo, hi in pairwise(cuts):
                with _folding(schema, upto):
                    progress(_fold_stretch(chosen, {"lo": lo, "hi": hi, "xact": str(upto.xact), "seq": upto.seq}))
            for index in later:
                cursor.execute(index)
            with _folding(schema, upto):
                batches.fill_chosen(upto, _ROOTS_ASTRAY, {})
                _run(projection for projection in chosen if projection.whole)
        finally:
            cursor.execute(_DROP)


def _without_indexes(schema: str, tables: Sequence[str]) -> list[str]:
    """Take the indexes of tables away; what makes them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname, i.indrelid::regclass::text "
            "from pg_index i left join pg_constraint c on c.conindid = i.indexrelid where i.indrelid = any(%s::regclass[])",
            [[f"{schema}.{table}" for table in tables]],
        )
        found = cursor.fetchall()
        for index, _, constraint, table in found:
            cursor.execute(f"alter table {table} drop constraint {constraint}" if constraint else f"drop index {index}")
    return [definition for _, definition, _, _ in found]


@contextmanager
def _folding(schema: str, upto: Mark) -> Iterator[None]:
    """A transaction that writes to this schema, sees the book up to the mark, and plans for the stretch at hand."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local search_path = {schema}, public")
        batches.bound(upto)
        cursor.execute(
            "set local plan_cache_mode = force_custom_plan; set local work_mem = '128MB'; set local default_statistics_target = 10"
        )
        yield
        cursor.execute("set local search_path = public")


def _fold_stretch(chosen: Collection[Projection], values: Mapping[str, Any]) -> int:
    """Fold one stretch; how many roots it had."""
    whole = [projection for projection in chosen if projection.whole]
    other = [projection for projection in chosen if not projection.whole]
    count = statements.execute(_STANDING, {**values, "kinds": _kinds(whole)}).rowcount
    statements.execute("analyze standing (book, stream, place, position, effective_at, stands)")
    statements.execute(_GROUND)
    statements.execute("analyze standing_ground")
    statements.execute(_ASTRAY)
    for projection in whole:
        for statement in projection.fills:
            statements.execute(statement, projection.parameters)
    if other:
        count += batches.fill_chosen(Mark(values["xact"], values["seq"]), _ROOTS_OF_KINDS, {**values, "kinds": _kinds(other)})
        _run(other)
    return count


def _kinds(projections: Iterable[Projection]) -> list[str]:
    return sorted({kind for projection in projections for kind in projection.kinds})


def _run(projections: Iterable[Projection]) -> None:
    for projection in projections:
        for statement in projection.statements:
            statements.execute(statement, projection.parameters)
