"""What is read of a book before it goes: marks by which its bytes can be searched for afterwards, and what is held for a reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel.sealing import keyring
from lianfang.ledger.ending.books import EndingBook
from lianfang.ledger.intake.keeping import REMARK

_RECORDS = """
select r.id, to_jsonb(r) - array['xact', 'seq', 'position'] as record, k.sealed
from ledger_record r left join ledger_remark k on k.id = r.id
where r.book = any(%(books)s) and (
    r.id = any(%(items)s) or r.corrects = any(%(items)s) or r.subject = any(%(items)s) or r.place = any(%(items)s)
    or r.id in (select (payload ->> 'cause')::uuid from ledger_record m where m.book = any(%(books)s) and m.id = any(%(items)s))
)
order by r.effective_at, r.id
"""


def marks_of(book: EndingBook, most: int) -> list[bytes]:
    """Bytes that lie nowhere but in a book: ids of its records, and pieces of its sealed words. Taken before it goes, searched for after."""
    if not book.there or book.incident is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"(select id from ledger_record_b{book.id} order by seq limit %s) union (select id from ledger_record_b{book.id} order by seq desc limit %s)",
            [most, most],
        )
        ids = [row[0].bytes for row in cursor.fetchall()]
        cursor.execute(
            "select substring(sealed from 20 for 24) from ledger_remark where book = %s and length(sealed) > 44 limit %s", [book.id, most]
        )
        return [*ids, *(bytes(row[0]) for row in cursor.fetchall())]


def is_there(books: Sequence[int], item: UUID) -> bool:
    """Whether any record of the books is the item, is about it or lies at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from ledger_record where book = any(%(books)s) and (id = %(item)s or subject = %(item)s or place = %(item)s))",
            {"books": list(books), "item": item},
        )
        return bool(cursor.fetchone()[0])


def held_records(books: Sequence[int], items: Sequence[UUID]) -> list[dict[str, Any]]:
    """The records of books that are the items, correct them, are about them or lie at them, each with its words opened."""
    ring = keyring()
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"books": list(books), "items": list(items)})
        return [
            (json.loads(record) if isinstance(record, str) else record) | ({"remark": ring.open(bytes(sealed), REMARK)} if sealed else {})
            for _, record, sealed in cursor.fetchall()
        ]
