"""What must always hold of the ledger, looked at anew: for `./lianfang doctor`. Counted here by ways of its own, not by the folds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from lianfang.kernel import clock
from lianfang.kernel.soundness import Finding
from lianfang.ledger import reacting
from lianfang.ledger.folding import cursors, projection, rebuilding

QUARANTINE_LATE = timedelta(days=3)
FOLDING_LATE = timedelta(seconds=60)


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({sql}) found")
        return int(cursor.fetchone()[0])


def _none(check: str, what: str, sql: str, mend: str) -> Finding:
    """A check that holds when the query finds nothing."""
    count = _count(sql)
    return Finding(check, ok=count == 0, found=f"{count} {what}", mend=mend if count else "")


def receipts() -> Finding:
    """Each record has the one receipt that says its book, and each receipt its record, unless a correction waits or the book has ended."""
    return _none(
        "ledger.receipts",
        "records without their receipt, or receipts without their record",
        "select r.id from ledger_record r left join ledger_receipt x on x.id = r.id and x.book = r.book and x.digest is not null where x.id is null "
        "union all select x.id from ledger_receipt x join ledger_book b on b.id = x.book and b.state = 'open' "
        "left join ledger_record r on r.book = x.book and r.id = x.id where x.digest is not null and r.id is null",
        "the book was written past its intake: restore the last backup beside this database and compare",
    )


def books() -> Finding:
    """Each open book has its partition, with the trigger that refuses to rewrite, and no partition lacks its book."""
    return _none(
        "ledger.books",
        "books without a guarded partition, or partitions without a book",
        "select b.id from ledger_book b where b.state = 'open' and not exists ("
        "select from pg_inherits i join pg_trigger t on t.tgrelid = i.inhrelid and t.tgname = 'ledger_append_only' and t.tgenabled <> 'D' "
        "where i.inhparent = 'ledger_record'::regclass and i.inhrelid = to_regclass('ledger_record_b' || b.id)) "
        "union all select 0 from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'ledger_record'::regclass "
        "and not exists (select from ledger_book b where 'ledger_record_b' || b.id = c.relname)",
        "open the book anew with ledger_open_book, or put the trigger back on its partition",
    )


def corrections() -> Finding:
    """A correction lies in the book of its root."""
    return _none(
        "ledger.corrections",
        "corrections outside the book of their root",
        "select c.id from ledger_record c join ledger_receipt x on x.id = c.corrects where c.corrects is not null and x.book <> c.book",
        "withdraw the record again by a new correction",
    )


def stamps() -> Finding:
    """Each record is stamped with a position that its place has, or had."""
    return _none(
        "ledger.positions",
        "records stamped with a position that their place never had",
        "select r.id from ledger_record r left join places_place p on p.id = r.place where p.id is null or (p.lo <> r.position "
        "and not exists (select from places_placepast w where w.place_id = r.place and w.lo = r.position))",
        "the book was written past its intake: restore the last backup beside this database and compare",
    )


def folding_cluster() -> Finding:
    """Cursors belong to this cluster."""
    here = cursors.cluster()
    foreign = [cursor.name for cursor in cursors.read() if cursor.cluster != here]
    return Finding(
        "ledger.cluster", ok=not foreign, found=f"{len(foreign)} cursors of another cluster", mend="./lianfang restore" if foreign else ""
    )


def folding_stuck() -> Finding:
    """No projection or reaction has stopped over a record."""
    stuck = [cursor for cursor in cursors.read() if cursor.state == "stuck"]
    told = "; ".join(f"{one.name} at record {one.stuck_record or 'unknown'} ({one.trouble})" for one in stuck)
    mend = "correct or withdraw the record; it is tried again every minute. If many stop, the program is at fault: see HOME/logs/folder.log"
    return Finding("ledger.stuck", ok=not stuck, found=told or "none stopped", mend=mend if stuck else "")


def folding_late() -> Finding:
    """What was received a minute ago is folded."""
    behind = []
    for cursor in cursors.read():
        waiting = _first_waiting(cursor)
        if cursor.state == "running" and waiting is not None and waiting > FOLDING_LATE:
            behind.append(f"{cursor.name} by {waiting.total_seconds():.0f} s")
    mend = "start the folder (./lianfang up), or end the open transaction that `database.transactions` names"
    return Finding("ledger.folded", ok=not behind, found="; ".join(behind) or "figures follow", mend=mend if behind else "")


def _first_waiting(cursor: cursors.Cursor) -> timedelta | None:
    with connection.cursor() as sql:
        sql.execute(
            "select %s - recorded_at from ledger_record where (xact, seq) > (%s::text::xid8, %s) order by xact, seq limit 1",
            [clock.now(), str(cursor.mark.xact), cursor.mark.seq],
        )
        row = sql.fetchone()
        return row[0] if row else None


def folding_rules() -> Finding:
    """The tables were folded by the SQL of this version, and nothing folds what no longer exists."""
    known, other = projection.registered(), rebuilding.folded_by_other_rules()
    gone = [cursor.name for cursor in cursors.read() if cursor.name not in known and cursor.name not in reacting.registered()]
    found = "; ".join([f"{name} was folded by another rule" for name in other] + [f"{name} is unknown" for name in gone])
    return Finding("ledger.rules", ok=not (other or gone), found=found or "same rules", mend="./lianfang rebuild" if found else "")


def quarantine() -> Finding:
    """Nobody waits long for a decision."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*), min(received_at) from ledger_quarantine where state = 'waiting'")
        count, oldest = cursor.fetchone()
    late = oldest is not None and clock.now() - oldest > QUARANTINE_LATE
    found = f"{count} records wait" + (f", the oldest since {clock.local(oldest):%Y-%m-%d %H:%M}" if oldest else "")
    return Finding("ledger.quarantine", ok=not late, found=found, mend="the secretaries decide under “records that wait”" if late else "")


_CHECKS: tuple[Callable[[], Finding], ...] = (
    receipts, books, corrections, stamps, folding_cluster, folding_stuck, folding_late, folding_rules, quarantine,
)  # fmt: skip


def checks() -> list[Finding]:
    """All checks of the ledger."""
    return [check() for check in _CHECKS]
