"""Records as they stand after their corrections."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel.ids import AccountId, IncidentId, PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.ledger.folding import statements
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.types import StandingRecord

COLUMNS = (
    "s.id, s.book, s.kind, s.version, s.incident, s.place, s.position, s.actor, s.entered_by, s.channel, s.subject, "
    "s.occurred_at, s.recorded_at, s.effective_at, s.payload"
)
PAGE = 200


def as_standing(row: Sequence[Any]) -> StandingRecord:
    """A row of COLUMNS and the correction that holds."""
    payload = row[14] if isinstance(row[14], dict) else json.loads(row[14])
    return StandingRecord(
        id=RecordId(row[0]), book=row[1], kind=row[2], version=row[3], incident=None if row[4] is None else IncidentId(row[4]),
        place=PlaceId(row[5]), position=row[6], actor=None if row[7] is None else AccountId(row[7]),
        entered_by=None if row[8] is None else AccountId(row[8]), channel=row[9], subject=row[10], occurred_at=row[11],
        recorded_at=row[12], effective_at=row[13], payload=payload, correction=None if row[15] is None else RecordId(row[15]),
    )  # fmt: skip


def standing(record_id: UUID) -> StandingRecord | None:
    """A root as it stands; None where it is not there, was withdrawn, or lies outside the scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, s.correction from ledger_receipt x join ledger_standing s using (book, id) where x.id = %s",
            [record_id],
        )
        row = cursor.fetchone()
        return as_standing(row) if row else None


def standing_within(
    kinds: Collection[str],
    ranges: Sequence[Range],
    begins: datetime,
    ends: datetime,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> list[StandingRecord]:
    """Standing records of real (not practised) events in the ranges and time, oldest first; the rows behind a figure.

    `after` is (effective_at, id) of the last one seen, for the next page.
    """
    if not ranges:
        return []
    beyond = "and (s.effective_at, s.id) > (%(after)s, %(after_id)s)" if after else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, s.correction from ledger_standing s join ledger_book b on b.id = s.book and not b.drill "
            f"join unnest(%(lo)s::bigint[], %(hi)s::bigint[]) r(lo, hi) on s.position >= r.lo and s.position < r.hi "
            f"where s.kind = any(%(kinds)s) and s.effective_at >= %(begins)s and s.effective_at < %(ends)s {beyond} "
            "order by s.effective_at, s.id limit %(limit)s",
            {
                "kinds": list(kinds), "lo": [piece.lo for piece in ranges], "hi": [piece.hi for piece in ranges], "begins": begins,
                "ends": ends, "limit": limit, "after": after and after[0], "after_id": after and after[1],
            },
        )  # fmt: skip
        return [as_standing(row) for row in cursor.fetchall()]


# A root is looked at as it stands only where it may set something off: as it came, or because it is corrected, be the correction new or
# here before its root.
_TOUCHED = """
select {columns}, s.correction from (
    select coalesce(s.corrects, s.id) as id, s.book from ledger_record s
    where (s.xact, s.seq) > (%(after_xact)s::text::xid8, %(after_seq)s) and (s.xact, s.seq) <= (%(upto_xact)s::text::xid8, %(upto_seq)s)
        and (s.corrects is not null or s.kind = any(%(kinds)s) and (({among})
            or exists (select from ledger_record c where c.book = s.book and c.corrects = s.id and c.corrects is not null)))
    group by 1, 2
) t join ledger_standing s on s.book = t.book and s.id = t.id
where s.kind = any(%(kinds)s) and ({among}) order by s.recorded_at, s.id
"""


def standing_of_touched(after: Mark, upto: Mark, kinds: Collection[str], among: str) -> list[StandingRecord]:
    """The roots that the records after one mark up to another touch, as they stand, in the order of the book; `among` is SQL over a record `s`.

    Whoever asks has bounded what stands (`folding.batches.bound`).
    """
    values = {
        "after_xact": str(after.xact), "after_seq": after.seq, "upto_xact": str(upto.xact), "upto_seq": upto.seq, "kinds": list(kinds),
    }  # fmt: skip
    return [as_standing(row) for row in statements.rows(_TOUCHED.format(columns=COLUMNS, among=among), values)]
