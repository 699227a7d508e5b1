"""A rebuild: the ledger folded from zero into a shadow, compared, and the difference applied.

The shadow is a schema of its own that stands first on the search path, so that the same SQL writes there. It is folded up to the
mark where the live tables stand; then, range by range of positions, in short transactions that hold the cursors still, both are
brought to the same mark and compared. The folder goes on in between.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

from django.db import connection, transaction

from lianfang.kernel import db
from lianfang.kernel.errors import Conflict
from lianfang.ledger.folding import batches, cursors, engine, whole
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.folding.projection import Projection, registered

SHADOW = "shadow"
ROWS_AT_ONCE = 50_000
SAMPLE = 5
_LOCK = crc32(b"lianfang rebuild")


class RebuildRuns(Conflict):
    """Another rebuild is running."""


@dataclass(slots=True)
class Compared:
    """How one table differs from the ledger folded from zero: rows that lacked, were too many, or said something else."""

    projection: str
    table: str
    rows: int = 0
    lacking: int = 0
    too_many: int = 0
    different: int = 0
    sample: list[dict[str, object]] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether the table is what the ledger says."""
        return not (self.lacking or self.too_many or self.different)


def rebuild(
    names: Collection[str] | None = None, *, check: bool = False, progress: Callable[[str], None] = lambda _: None
) -> list[Compared]:
    """Compare the tables of projections (all unless named) with the ledger folded from zero; without `check`, also mend them.

    Runs as owner, beside a serving folder. Raises RebuildRuns.
    """
    chosen = {name: projection for name, projection in registered().items() if names is None or name in names}
    with _alone(), db.holding(db.POSITIONS):
        engine.ensure_cursors()
        shadow = _Shadow(chosen)
        try:
            shadow.make()
            shadow.fold(progress)
            found = [report for projection in chosen.values() for report in _compare(projection, shadow, mend=not check)]
        finally:
            shadow.drop()
    if not check:
        _note_definitions(chosen)
    return found


def folded_by_other_rules() -> list[str]:
    """The projections whose tables stand by the SQL of another version: to be rebuilt."""
    known = registered()
    return [cursor.name for cursor in cursors.read() if cursor.name in known and cursor.definition != known[cursor.name].definition]


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise RebuildRuns
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


class _Shadow:
    """The shadow tables and how far each projection has been folded into them."""

    def __init__(self, chosen: dict[str, Projection]) -> None:
        self.chosen = chosen
        self.marks = dict.fromkeys(chosen, cursors.ZERO)

    def make(self) -> None:
        """Empty tables like the live ones, with their indexes."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"drop schema if exists {SHADOW} cascade; create schema {SHADOW}")
            for projection in self.chosen.values():
                for table in projection.tables:
                    cursor.execute(f"create unlogged table {SHADOW}.{table} (like public.{table} including all)")

    def drop(self) -> None:
        """Leave nothing behind."""
        with connection.cursor() as cursor:
            cursor.execute(f"drop schema if exists {SHADOW} cascade")

    def fold(self, progress: Callable[[str], None]) -> None:
        """Fold from zero to where the live tables stand now: at once where a projection knows how, else a batch a transaction."""
        targets = {cursor.name: cursor.mark for cursor in cursors.read(self.chosen)}
        seen = 0

        def add(count: int) -> None:
            nonlocal seen
            seen += count
            progress(f"{seen}")

        at_once = {name: targets[name] for name, projection in self.chosen.items() if projection.kinds and targets[name] > cursors.ZERO}
        for mark in sorted(set(at_once.values())):
            together = [name for name in at_once if at_once[name] == mark]
            whole.fold([self.chosen[name] for name in together], mark, SHADOW, add)
            self.marks |= dict.fromkeys(together, mark)
        while True:
            with transaction.atomic():
                count = self._step(targets)
            if count is None:
                return
            add(count)

    def catch_up(self, targets: dict[str, Mark]) -> None:
        """Fold to the marks of cursors that the caller holds still, in the caller's transaction."""
        while self._step(targets) is not None:
            pass

    def _step(self, targets: dict[str, Mark]) -> int | None:
        """One batch for those that are furthest behind; how many records it had, None when all have arrived."""
        behind = [name for name in self.chosen if self.marks[name] < targets[name]]
        if not behind:
            return None
        after = min(self.marks[name] for name in behind)
        group = [name for name in behind if self.marks[name] == after]
        upto = cursors.cut(after, min(targets[name] for name in group), engine.BATCH)
        with connection.cursor() as cursor:
            cursor.execute(f"set local search_path = {SHADOW}, public")
            count = batches.fill(after, upto)
            for name in group:
                engine.run(self.chosen[name])
            cursor.execute("set local search_path = public")
        self.marks |= dict.fromkeys(group, upto)
        return count


def _compare(projection: Projection, shadow: _Shadow, *, mend: bool) -> list[Compared]:
    found = []
    for table in projection.tables:
        report = Compared(projection.name, table)
        for bounds in _ranges(table):
            with transaction.atomic():
                held = {cursor.name: cursor.mark for cursor in cursors.read(shadow.chosen, lock=True)}
                shadow.catch_up(held)
                _compare_range(report, projection.keys[table], bounds, mend=mend)
        found.append(report)
    return found


def _ranges(table: str) -> list[tuple[int, int]]:
    """Ranges of positions of about so many right rows each, from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct position from (select position, row_number() over (order by position) as no from {SHADOW}.{table}) numbered "
            "where no %% %s = 0 order by position",
            [ROWS_AT_ONCE],
        )
        cuts = [0, *(row[0] for row in cursor.fetchall()), 2**63 - 1]
    return list(pairwise(cuts))


def _compare_range(report: Compared, keys: Sequence[str], bounds: tuple[int, int], *, mend: bool) -> None:
    """Compare, and mend, the rows of one range. Rows are compared whole; one that lies elsewhere in the other is mended by its key."""
    table, key = report.table, ", ".join(keys)
    inside = "position >= %(lo)s and position < %(hi)s"
    live, right = f"select {{}} from public.{table} where {inside}", f"select {{}} from {SHADOW}.{table} where {inside}"
    values = {"lo": bounds[0], "hi": bounds[1]}
    both = f"({live.format('*')}) l full join ({right.format('*')}) r using ({key})"
    lacks, extra, differs = f"l.{keys[0]} is null", f"r.{keys[0]} is null", "l is distinct from r"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) filter (where not {lacks}), count(*) filter (where {lacks}), count(*) filter (where {extra}), "
            f"count(*) filter (where {differs}) from {both}",
            values,
        )
        rows, lacking, too_many, wrong = cursor.fetchone()
        report.rows += rows
        report.lacking += lacking
        report.too_many += too_many
        report.different += wrong - lacking - too_many
        if not wrong:
            return
        cursor.execute(
            f"select to_jsonb(row) from (select {key} from {both} where {differs} limit {SAMPLE - len(report.sample)}) row", values
        )
        report.sample += [_named(row, keys) for (row,) in cursor.fetchall()]
        if mend:
            _mend(table, keys, right, live, values)


def _mend(table: str, keys: Sequence[str], right: str, live: str, values: dict[str, int]) -> None:
    key = ", ".join(keys)
    with connection.cursor() as cursor:
        cursor.execute(f"delete from public.{table} where ({key}) in ({live.format(key)} except {right.format(key)})", values)
        cursor.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
            [f"public.{table}"],
        )
        columns = [row[0] for row in cursor.fetchall()]
        said = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in keys)
        named = ", ".join(columns)
        cursor.execute(
            f"insert into public.{table} ({named}) ({right.format(named)} except {live.format(named)}) "
            f"on conflict ({key}) do update set {said}",
            values,
        )


def _named(row: object, keys: Sequence[str]) -> dict[str, object]:
    read = row if isinstance(row, dict) else json.loads(str(row))
    return {key: read[key] for key in keys}


def _note_definitions(chosen: dict[str, Projection]) -> None:
    """The tables are now what today's SQL says."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "update ledger_cursor set definition = %s where name = %s",
            [[projection.definition, name] for name, projection in chosen.items()],
        )
