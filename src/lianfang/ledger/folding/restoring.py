"""A dump restored into another server: its marks mean nothing there, so they are written anew and all is folded from zero."""

from __future__ import annotations

from django.db import connection, transaction

from lianfang.kernel.errors import Conflict
from lianfang.ledger.folding import cursors, registered

# Lower than any transaction of a living cluster (the first ordinary one is 3); the sequence alone orders what was restored.
_BEFORE_ALL = "3"


class FolderRuns(Conflict):
    """A folder is running on this database. Stop everything that serves it first."""


def adopt() -> int:
    """Take over a restored database: rewrite the marks of all records and begin folding from zero; how many records there are.

    As owner and alone. Reactions begin at zero too: what they appended before has the same ids, so nothing happens twice.
    """
    if not cursors.take_lock():
        raise FolderRuns
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("alter table ledger_record disable trigger ledger_append_only")
            cursor.execute("update ledger_record set xact = %s::text::xid8", [_BEFORE_ALL])
            count = int(cursor.rowcount)
            cursor.execute("alter table ledger_record enable trigger ledger_append_only")
            tables = [table for projection in registered().values() for table in projection.tables]
            cursor.execute(f"truncate {', '.join(tables)}")
            cursor.execute("delete from ledger_cursor")
    finally:
        cursors.give_lock()
    return count
