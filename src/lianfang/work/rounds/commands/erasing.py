"""What goes when a book ends: door by door statements of its rounds. What is folded goes by itself once the records are gone."""

from __future__ import annotations

from django.db import connection, transaction

_OF_ROUNDS = (
    "(select id from rounds_round where incident = (select incident from ledger_book where id = %(book)s and retention = 'resident'))"
)
# A difference that somebody settled is named by the record it is about.
_SETTLED = """
delete from rounds_settledline l using ledger_book b
where b.id = %(book)s and b.retention = 'resident'
    and exists (select from ledger_receipt r where r.id = l.id and r.book = b.id)
"""


@transaction.atomic
def erase_book(book: int) -> int:
    """Doors not reached and counts by building of the rounds of an incident, and the lines settled by hand; how many rows."""
    gone = 0
    with connection.cursor() as cursor:
        for table in ("rounds_unreached", "rounds_statement"):
            cursor.execute(f"delete from {table} where round in {_OF_ROUNDS}", {"book": book})
            gone += int(cursor.rowcount)
        cursor.execute(_SETTLED, {"book": book})
        return gone + int(cursor.rowcount)
