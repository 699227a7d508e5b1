"""What goes with a book, and what is kept of it as sums. Each of these is done once; done again it finds nothing."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.db import connection
from psycopg import sql

from lianfang.kernel import db
from lianfang.kernel.clock import LOCAL
from lianfang.kernel.sealing import keyring
from lianfang.ledger.ending.books import EndingBook
from lianfang.ledger.intake.quarantine import PURPOSE
from lianfang.ledger.kinds.form import Incoming

_NO_RECORD = UUID(int=0)
_SERVED = """
insert into ledger_served (book, actor, kind, day, position, records)
select r.book, r.actor, r.kind, (r.effective_at at time zone %(zone)s)::date, coalesce(c.lo, 0), count(*)
from ledger_standing r
left join lateral (
    select lo, hi from places_position where level = 'community' and lo <= r.position order by lo desc limit 1
) c on r.position < c.hi
where r.book = %(book)s and r.actor is not null
group by 1, 2, 3, 4, 5
on conflict (book, actor, kind, day, position) do update set records = excluded.records
"""


def freeze_service(book: EndingBook) -> int:
    """Keep who made how many records of a kind in which community on which day: work done, without residents. How many rows."""
    if not book.there:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SERVED, {"book": book.id, "zone": LOCAL.key})
        return int(cursor.rowcount)


def brought(book: int, what: str) -> list[UUID]:
    """The persons or doors that came through records of a book."""
    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_brought where book = %s and what = %s", [book, what])
        return [row[0] for row in cursor.fetchall()]


def erase_beside(book: EndingBook) -> dict[str, int]:
    """Erase what lies beside the records of a book: free words, and for its incident all that waits or was decided in quarantine."""
    with db.erasing(), connection.cursor() as cursor:
        cursor.execute("delete from ledger_remark where book = %s", [book.id])
        remarks = int(cursor.rowcount)
        cursor.execute("delete from ledger_brought where book = %s", [book.id])
        waiting = [] if book.incident is None else _quarantined(book.incident)
        cursor.execute("delete from ledger_quarantine where id = any(%s)", [waiting])
        cursor.execute(
            "delete from changes_change where \"table\" = 'ledger_quarantine' and row_id = any(%s)", [[str(one) for one in waiting]]
        )
    return {"remarks": remarks, "quarantine": len(waiting)}


def _quarantined(incident: UUID) -> list[UUID]:
    """The rows of an incident; rows from before that was noted say it in their sealed body, as long as they wait."""
    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_quarantine where incident = %s", [incident])
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("select id, sealed from ledger_quarantine where incident is null and sealed is not null")
        ring = keyring()
        for name, sealed in cursor.fetchall():
            if msgspec.json.decode(ring.open(bytes(sealed), PURPOSE), type=Incoming).incident == incident:
                found.append(name)
    return found


def drop_book(book: EndingBook) -> int:
    """Drop the partition of an ended book, and the receipts of its records; how many records went.

    The receipts of an incident's records go whole: its book answers for them. Those of a month or a year stay without the fingerprint of what
    was said, because a record that comes again is told to a later month by its time.
    """
    if not book.there:
        return 0
    partition = sql.Identifier(f"ledger_record_b{book.id}")
    with db.erasing(), connection.cursor() as cursor:
        # Whoever writes to other books waits behind this lock: it is asked for briefly, and the step is taken again where it was not given.
        cursor.execute("set local lock_timeout = '5s'")
        # That somebody looked at a photo stays known; at which record, and with what words, goes with it.
        cursor.execute(
            sql.SQL("update ledger_photo_look set record_id = %s, reason = '—' where record_id in (select id from {})").format(partition),
            [_NO_RECORD],
        )
        cursor.execute(sql.SQL("select count(*) from {}").format(partition))
        count = int(cursor.fetchone()[0])
        cursor.execute(sql.SQL("alter table ledger_record detach partition {}").format(partition))
        cursor.execute(sql.SQL("drop table {}").format(partition))
        if book.incident is not None:
            cursor.execute("delete from ledger_receipt where book = %s", [book.id])
        else:
            cursor.execute("update ledger_receipt set digest = '' where book = %s and digest is not null", [book.id])
    return count
