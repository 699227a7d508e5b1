"""Persons who were known through an incident alone: they go with it, with their homes, their numbers and what the logs say of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from lianfang.kernel import db, erasers

NO_REASON = "—"
_LINKS = """
select c.conrelid::regclass::text, a.attname
from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.confrelid = 'people_person'::regclass
    and c.conrelid <> all(array['people_residence', 'people_phone', 'people_match', 'people_apart']::regclass[])
"""
_HOMES = "select household_id from people_residence where person_id = any(%(gone)s)"
_EMPTY = """
delete from people_household h where h.id = any(%(homes)s) and not exists (select from people_residence r where r.household_id = h.id)
returning h.id
"""
_LOGGED = 'delete from changes_change where "table" = any(%(tables)s) and row_id = any(%(rows)s)'


def erase_persons(asked: Sequence[UUID], book: int) -> int:
    """Erase persons whom nothing but an ended book knows; how many went.

    Whoever works here, belongs to a body, or is named by a roster of peacetime stays. As owner; nothing of it is logged, and what was
    logged of them goes.
    """
    with db.erasing(), connection.cursor() as cursor:
        gone = _without_other_reason(list(asked), book)
        if not gone:
            return 0
        cursor.execute(_HOMES, {"gone": gone})
        homes = [row[0] for row in cursor.fetchall()]
        cursor.execute("delete from people_residence where person_id = any(%s) returning id", [gone])
        residences = [row[0] for row in cursor.fetchall()]
        cursor.execute(_EMPTY, {"homes": homes})
        households = [row[0] for row in cursor.fetchall()]
        cursor.execute("delete from people_phone where person_id = any(%s)", [gone])
        for pairs in ("people_match", "people_apart"):
            cursor.execute(f"delete from {pairs} where one_id = any(%s) or other_id = any(%s)", [gone, gone])
        cursor.execute("update people_look set reason = %s where person_id = any(%s)", [NO_REASON, gone])
        cursor.execute("delete from people_person where id = any(%s)", [gone])
        count = int(cursor.rowcount)
        tables = ["people_person", "people_residence", "people_household", "people_match"]
        cursor.execute(_LOGGED, {"tables": tables, "rows": [str(one) for one in (*gone, *residences, *households)]})
        return count


def _without_other_reason(asked: list[UUID], book: int) -> list[UUID]:
    """Those whom no table names: by a foreign key, or by an id as contexts above have said."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS)
        links = [f"select {column} from {table} where {column} = any(%(asked)s)" for table, column in cursor.fetchall()]
        named = " union all ".join([*links, *(f"select kept.* from ({sql}) kept" for sql in erasers.kept())]) or "select null::uuid"
        cursor.execute(
            f"select p.id from people_person p where p.id = any(%(asked)s) and p.id not in "
            f"(select named.* from ({named}) named where named.* is not null)",
            {"asked": asked, "book": book},
        )
        return [row[0] for row in cursor.fetchall()]
