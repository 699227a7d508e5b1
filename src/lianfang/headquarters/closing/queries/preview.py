"""What would go and what would stay, counted before anything is done."""

from __future__ import annotations

from typing import Any

from django.db import connection

from lianfang.ground.incidents import queries as incidents
from lianfang.headquarters.closing import rules
from lianfang.headquarters.closing.inventory import TABLES, Ends
from lianfang.headquarters.closing.queries.holds import holds_of
from lianfang.headquarters.closing.types import Preview
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId
from lianfang.ledger import ending


def preview(incident_id: IncidentId) -> Preview:
    """Rows by table that an erasure takes, and records that stay, as far as the reader may see. Raises IncidentNotFound."""
    told = incidents.incident(incident_id)
    books = ending.books_of(incident_id)
    values: dict[str, Any] = {"books": [book.id for book in books if book.goes], "incident": incident_id}
    every: dict[str, Any] = {**values, "books": [book.id for book in books]}
    goes, stays = {}, {}
    with connection.cursor() as cursor:
        # Some tables are for the work behind the desk alone: pairs of who may be the same person.
        cursor.execute("select t from unnest(%s::text[]) t where has_table_privilege(current_user, t, 'select')", [list(TABLES)])
        readable = {row[0] for row in cursor.fetchall()}
        for table, place in TABLES.items():
            if isinstance(place, Ends) and table in readable:
                asked = every if place.eraser.startswith(rules.ERASES) else values
                cursor.execute(f"select count(*) from {table} where {place.rows}", asked)
                goes[table] = int(cursor.fetchone()[0])
        for book in books:
            if not book.goes and book.there:
                cursor.execute("select count(*) from ledger_record where book = %s", [book.id])
                stays[book.retention] = int(cursor.fetchone()[0])
    in_the_way = () if told.ended_at is not None and told.ended_at <= clock.now() else ("running",)
    return Preview(
        incident=incident_id, name=told.name, goes={table: count for table, count in goes.items() if count}, stays=stays,
        holds=tuple(holds_of(incident_id)), due_on=rules.due_on(clock.local(told.ended_at).date()) if told.ended_at else None,
        in_the_way=("drill",) if told.drill else in_the_way,
    )  # fmt: skip
