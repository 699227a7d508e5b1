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


def standing_of_touched(kinds: Collection[str], among: str) -> list[StandingRecord]:
    """The touched roots of a batch that is being read (`folding.batches`), as they stand, in the order of the book; `among` is SQL over `s`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, s.correction from touched t join ledger_standing s on s.book = t.book and s.id = t.id "
            f"where t.kind = any(%s) and ({among}) order by s.recorded_at, s.id",
            [list(kinds)],
        )
        return [as_standing(row) for row in cursor.fetchall()]
