"""Folding: records into tables, batch by batch, all projections that stand at the same mark in one transaction.

A projection that fails stops alone and says so; the others go on. It is tried again with ever smaller batches until the
record it stumbles over is known, and from then on once a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction

from lianfang.kernel import clock, db
from lianfang.ledger.folding import batches, cursors, statements
from lianfang.ledger.folding.cursors import Cursor, Mark
from lianfang.ledger.folding.projection import Projection, registered

BATCH = 5000
TRY_AGAIN = timedelta(seconds=60)
# Trouble of the server or of two writers meeting, not of a projection: connection, crosswise locks, shutdown, no room.
_PASSING = ("08", "40", "53", "55", "57", "58")


@dataclass(slots=True)
class Patience:
    """How many records are folded at once: `most`, and fewer (`size`) for a projection that failed."""

    most: int = BATCH
    size: dict[str, int] = field(default_factory=dict)

    def size_for(self, cursor: Cursor) -> int:
        """How many records to try at once."""
        return self.size.get(cursor.name, self.most)

    def ready(self, cursor: Cursor) -> bool:
        """Whether it is time to try: at once while the culprit is being narrowed down, then once a minute."""
        if cursor.state == "running" or cursor.stuck_record is None or cursor.failed_at is None:
            return True
        return clock.now() >= cursor.failed_at + TRY_AGAIN

    def failed(self, name: str, count: int) -> None:
        """Try half as many next time."""
        self.size[name] = max(1, count // 2)

    def went_well(self, name: str) -> None:
        """Dare more again."""
        if name in self.size:
            self.size[name] *= 2
            if self.size[name] >= self.most:
                del self.size[name]


def ensure_cursors() -> None:
    """Every projection has a cursor; a new one begins at the beginning. Refuses in a foreign cluster."""
    cursors.check_cluster()
    known = registered()
    cursors.begin(list(known), [projection.definition for projection in known.values()], cursors.ZERO, clock.now())


def fold_available(patience: Patience | None = None) -> int:
    """Fold everything that may be read, one short transaction per batch; how many batches were folded.

    The caller holds the lock of folding (`cursors.take_lock`).
    """
    patience = patience or Patience()
    known = registered()
    done = 0
    while True:
        standing = [cursor for cursor in cursors.read(known) if patience.ready(cursor)]
        if not standing:
            return done
        end = cursors.end_of_book(min(cursor.mark for cursor in standing))
        behind = [cursor for cursor in standing if cursor.mark < end]
        if not behind:
            return done
        moved = [_fold_group(group, end, patience) for group in _lockstep(behind, patience)]
        done += len(moved)
        if not any(moved):
            return done


def _lockstep(behind: Sequence[Cursor], patience: Patience) -> list[list[Cursor]]:
    """Those at the same mark fold the same batch; one that is tried with smaller batches goes alone."""
    groups: dict[tuple[Mark, str], list[Cursor]] = defaultdict(list)
    for cursor in behind:
        groups[cursor.mark, cursor.name if cursor.name in patience.size or cursor.state == "stuck" else ""].append(cursor)
    return list(groups.values())


def _fold_group(group: Sequence[Cursor], end: Mark, patience: Patience) -> bool:
    """One batch for cursors at one mark; whether any of them moved or will be tried with less."""
    known = registered()
    names = [name for name in known if name in {cursor.name for cursor in group}]
    with transaction.atomic():
        db.lock(db.POSITIONS, shared=True)
        held = cursors.read(names, lock=True)
        after = group[0].mark
        if any(cursor.mark != after for cursor in held):
            return True  # somebody moved them in between: look again
        upto = cursors.cut(after, end, min(patience.size_for(cursor) for cursor in group))
        now = clock.now()
        count = batches.fill(after, upto)
        well = [name for name in names if _fold_one(known[name], count, patience)]
        cursors.advance(well, upto, now if upto == end else _recorded_at(upto))
    return bool(well) or count > 1


def _fold_one(projection: Projection, count: int, patience: Patience) -> bool:
    try:
        with transaction.atomic():
            run(projection)
    except (DatabaseError, InterfaceError) as failed:
        state = getattr(failed.__cause__, "sqlstate", None) or ""
        if state[:2] in _PASSING or not connection.is_usable():
            raise
        cursors.stick(projection.name, state or type(failed).__name__, batches.first_record(), clock.now())
        patience.failed(projection.name, count)
        return False
    patience.went_well(projection.name)
    return True


def run(projection: Projection) -> None:
    """Run a projection's SQL on the batch that is filled."""
    for statement in projection.statements:
        statements.execute(statement, projection.parameters)


def compute_again(projection: Projection, choose: Sequence[str], values: Mapping[str, Any]) -> int:
    """Compute keys of a projection anew outside a batch, as of its mark; how many the statements that choose them have chosen.

    For what no record touches: master data that a projection reads has changed. Part of the caller's transaction, which it keeps short.
    """
    db.lock(db.POSITIONS, shared=True)
    [cursor] = cursors.read([projection.name], lock=True)
    batches.bound(cursor.mark)
    chosen = [statements.execute(statement, values).rowcount for statement in choose][-1]
    if chosen:
        for statement in projection.computes:
            statements.execute(statement, projection.parameters)
    return chosen


def _recorded_at(mark: Mark) -> datetime:
    moment: datetime
    [(moment,)] = statements.rows(
        "select recorded_at from ledger_record where (xact, seq) = (%s::text::xid8, %s)", [str(mark.xact), mark.seq]
    )
    return moment
