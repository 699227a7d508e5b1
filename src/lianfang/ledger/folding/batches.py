"""One batch: the temporary tables every projection reads, filled once for all that stand at the same mark."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from lianfang.ledger.folding.cursors import Mark

_COLUMNS = (
    "id uuid, book int, root uuid, kind text, place uuid, position bigint, stream uuid, actor uuid, subject uuid, effective_at timestamptz"
)
_MAKE = f"""
create temp table if not exists batch ({_COLUMNS}) on commit delete rows;
create temp table if not exists touched ({_COLUMNS}) on commit delete rows;
create temp table if not exists touched_moment (book int, id uuid, kind text, place uuid, position bigint, moment timestamptz)
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
_TOUCHED = """
insert into touched
select r.id, r.book, r.id, r.kind, r.place, r.position, b.stream, r.actor, r.subject, r.effective_at
from (select distinct on (book, root) book, root, stream from batch) b
join ledger_record r on r.book = b.book and r.id = b.root and r.corrects is null and (r.xact, r.seq) <= (%s::text::xid8, %s)
"""
_MOMENTS = """
insert into touched_moment
select book, id, kind, place, position, effective_at from touched
union
select t.book, t.id, t.kind, t.place, t.position, ledger_moved_to(c.payload, c.recorded_at)
from touched t join ledger_record c on c.corrects = t.id and c.corrects is not null and c.book = t.book
where ledger_moved_to(c.payload, c.recorded_at) is not null
"""


def prepare() -> None:
    """Make the temporary tables of this connection, and empty them: a rebuild fills them many times in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('pg_temp.batch') is null")
        if cursor.fetchone()[0]:
            cursor.execute(_MAKE)
        else:
            cursor.execute("truncate batch, touched, touched_moment")


def fill(after: Mark, end: Mark) -> int:
    """Fill the tables with the records after one mark up to another; how many there were. Bounds the view of standing records."""
    prepare()
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('lianfang.upto_xact', %s, true), set_config('lianfang.upto_seq', %s, true)",
            [str(end.xact), str(end.seq)],
        )
        cursor.execute(_BATCH, [str(after.xact), after.seq, str(end.xact), end.seq])
        count = int(cursor.rowcount)
        cursor.execute(_TOUCHED, [str(end.xact), end.seq])
        cursor.execute(_MOMENTS)
    return count


def first_record() -> UUID | None:
    """The record of a batch of one, to name the one that a projection stumbles over."""
    with connection.cursor() as cursor:
        cursor.execute("select id from batch limit 2")
        rows = cursor.fetchall()
        return rows[0][0] if len(rows) == 1 else None
