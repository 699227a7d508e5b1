"""What the books say about an incident as a whole."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from lianfang.kernel.ids import IncidentId


def incident_of_book(book: int) -> IncidentId | None:
    """The incident whose book this is; None for books of peacetime, drills and rolling classes."""
    with connection.cursor() as cursor:
        cursor.execute("select incident from ledger_book where id = %s", [book])
        row = cursor.fetchone()
        return IncidentId(row[0]) if row and row[0] else None


def acted_in(incident_id: IncidentId, beside: Collection[str]) -> bool:
    """Whether anybody has recorded anything in an incident or a drill, beside some kinds; within the scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from ledger_record r join ledger_book b on b.id = r.book "
            "where (b.incident = %(incident)s or b.drill) and b.state = 'open' and r.incident = %(incident)s and r.kind <> all(%(kinds)s))",
            {"incident": incident_id, "kinds": list(beside)},
        )
        return bool(cursor.fetchone()[0])


def books_of(incident_id: IncidentId) -> list[int]:
    """The numbers of an incident's own books."""
    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_book where incident = %s order by id", [incident_id])
        return [row[0] for row in cursor.fetchall()]
