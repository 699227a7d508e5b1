"""What happened at places: the records as kept, newest first, each with what became of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel.ids import AccountId, PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake.keeping import REMARK
from lianfang.ledger.queries.standing import COLUMNS, as_standing
from lianfang.ledger.types import HistoryLine, RecordNotFound, StandingRecord

_LINE = """
select r.id, r.kind, r.version, r.place, r.position, r.actor, r.entered_by, r.channel, r.subject, r.effective_at, r.recorded_at,
       r.corrects, r.reason, r.payload, s.payload, r.corrects is null and s.id is null,
       exists (select from ledger_remark m where m.id = r.id),
       extract(epoch from r.occurred_at) * 1000 - coalesce(r.skew, 0) > extract(epoch from r.recorded_at) * 1000
from {source} r left join ledger_standing s on s.book = r.book and s.id = r.id
"""


def _as_line(row: Sequence[Any]) -> HistoryLine:
    return HistoryLine(
        id=RecordId(row[0]), kind=row[1], version=row[2], place=PlaceId(row[3]), position=row[4],
        actor=None if row[5] is None else AccountId(row[5]), entered_by=None if row[6] is None else AccountId(row[6]),
        channel=row[7], subject=row[8], effective_at=row[9], recorded_at=row[10],
        corrects=None if row[11] is None else RecordId(row[11]), reason=row[12], payload=_read(row[13]),
        standing=None if row[14] is None else _read(row[14]), withdrawn=row[15], has_remark=row[16],
        clock_ahead=row[17],
    )  # fmt: skip


def _read(payload: Any) -> dict[str, Any]:
    return payload if isinstance(payload, dict) else json.loads(payload)


def history(
    ranges: Sequence[Range],
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    kinds: Sequence[str] = (),
) -> list[HistoryLine]:
    """The latest records in the ranges, newest first by (effective_at, id). `before` is that pair of the last line seen."""
    if not ranges:
        return []
    conditions = ["(" + " or ".join(["(r.position >= %s and r.position < %s)"] * len(ranges)) + ")"]
    values: list[Any] = [bound for piece in ranges for bound in piece]
    if before is not None:
        conditions.append("(r.effective_at, r.id) < (%s, %s)")
        values += before
    if kinds:
        conditions.append("r.kind = any(%s)")
        values.append(list(kinds))
    newest = f"(select * from ledger_record r where {' and '.join(conditions)} order by r.effective_at desc, r.id desc limit %s)"
    with connection.cursor() as cursor:
        cursor.execute(_LINE.format(source=newest) + " order by r.effective_at desc, r.id desc", [*values, limit])
        return [_as_line(row) for row in cursor.fetchall()]


def record(record_id: UUID) -> list[HistoryLine]:
    """A record with all corrections of it, in the order in which they hold; the record first. Raises RecordNotFound."""
    with connection.cursor() as cursor:
        cursor.execute("select book from ledger_receipt where id = %s", [record_id])
        row = cursor.fetchone()
        if row is None:
            raise RecordNotFound
        both = "(select * from ledger_record where book = %s and (id = %s or corrects = %s))"
        cursor.execute(_LINE.format(source=both) + " order by r.corrects is not null, r.effective_at, r.id", [row[0], record_id, record_id])
        lines = [_as_line(line) for line in cursor.fetchall()]
    if not lines or lines[0].id != record_id:
        raise RecordNotFound
    return lines


def root_of(record_id: UUID) -> StandingRecord:
    """A root as it was first kept, whatever became of it. Raises RecordNotFound, also for corrections."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, null from ledger_receipt x join ledger_record s on s.book = x.book and s.id = x.id and s.corrects is null "
            "where x.id = %s",
            [record_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise RecordNotFound
    return as_standing(row)


def remark_of(record_id: UUID) -> str | None:
    """The free words that came with a record, opened; None where there are none in the scope. Who may read them is asked by the door."""
    with connection.cursor() as cursor:
        cursor.execute("select sealed from ledger_remark where id = %s", [record_id])
        row = cursor.fetchone()
        return keyring().open(bytes(row[0]), REMARK) if row else None


def remarks_of(record_ids: Collection[UUID]) -> dict[RecordId, str]:
    """The free words of several records, opened, in one read; those without any in the scope are left out."""
    with connection.cursor() as cursor:
        cursor.execute("select id, sealed from ledger_remark where id = any(%s)", [list(record_ids)])
        ring = keyring()
        return {RecordId(row[0]): ring.open(bytes(row[1]), REMARK) for row in cursor.fetchall()}


def actors_of(record_ids: Collection[RecordId]) -> dict[RecordId, AccountId | None]:
    """Who acted in each of some records, in one read; those outside the scope are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.id, r.actor from ledger_receipt x join ledger_record r on r.book = x.book and r.id = x.id where x.id = any(%s)",
            [list(record_ids)],
        )
        return {RecordId(row[0]): None if row[1] is None else AccountId(row[1]) for row in cursor.fetchall()}
