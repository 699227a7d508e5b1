"""How far figures stand."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from lianfang.kernel import clock, db
from lianfang.ledger.folding import cursors, registered

_POLL = 0.01
_FIRST_BEYOND = """
select ledger_first_beyond(least.xact, least.seq)
from (
    select coalesce(c.xact, '0'::xid8) as xact, coalesce(c.seq, 0) as seq
    from unnest(%s::text[]) wanted(name) left join ledger_cursor c on c.name = wanted.name
    order by 1, 2 limit 1
) least
"""


def folded_until(names: Collection[str] | None = None) -> datetime:
    """The moment up to which tables hold all that was received anywhere: now, unless something still waits to be folded.

    `names` are projections; all of them unless given. A projection that never ran stands at the beginning.
    """
    wanted = list(registered() if names is None else names)
    found = db.rows(_FIRST_BEYOND, [wanted])
    return found[0][0] if found and found[0][0] else clock.now()


def wait_until_folded(seconds: float = 1.0, names: Collection[str] | None = None) -> bool:
    """Wait until all that is committed now is folded, at most so long; whether it is. Not inside a transaction that has written.

    `names` are projections, whether they run or not; all that run unless given.
    """
    with connection.cursor() as cursor:
        cursor.execute("select r.xact::text, r.seq from ledger_record r order by r.xact desc, r.seq desc limit 1")
        row = cursor.fetchone()
    if row is None:
        return True
    return wait_for(cursors.Mark(int(row[0]), row[1]), seconds, names)


def wait_for(mark: cursors.Mark, seconds: float, names: Collection[str] | None = None) -> bool:
    """Wait until projections have folded a mark, at most so long; whether they have. At once False where nobody folds.

    `names`: these, whether they run or not; every one that runs unless given.
    """
    until = time.monotonic() + seconds
    while True:
        found = cursors.read(registered() if names is None else names)
        marks = [cursor.mark for cursor in found if names is not None or cursor.state == "running"]
        if len(marks) >= max(len(names or ()), 1) and min(marks) >= mark:
            return True
        if time.monotonic() >= until or not cursors.somebody_folds():
            return False
        time.sleep(_POLL)
