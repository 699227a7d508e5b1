"""Folding in tests: on a shared server somebody else's open transaction may hold records back for a moment."""

from __future__ import annotations

import time

from django.db import connection

from lianfang.ledger.folding import cursors, fold_here
from lianfang.ledger.folding.projection import registered

PATIENCE = 30.0


def fold_all() -> None:
    """Fold and react until every record that is committed has been read."""
    until = time.monotonic() + PATIENCE
    while True:
        assert fold_here(), "somebody else folds this test's database"
        with connection.cursor() as cursor:
            cursor.execute("select r.xact::text, r.seq from ledger_record r order by r.xact desc, r.seq desc limit 1")
            row = cursor.fetchone()
        behind = [cursor.name for cursor in cursors.read() if row and cursor.mark < (int(row[0]), row[1]) and cursor.state == "running"]
        if not behind:
            return
        assert time.monotonic() < until, f"not folded in time: {behind} of {list(registered())}"
        time.sleep(0.05)
