"""The few things done to the database below Django's models: scope, actor, locks, bulk rows.

Row security reads its ranges from settings of the transaction (`lianfang.lo1` … `hi4`); connections start
with all of them zero, so that whoever forgets the scope sees nothing (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

import psycopg
from django.db import connection, transaction
from django.db.models import Model

from lianfang.kernel.ranges import Range, cover

SLOTS = 4
POSITIONS = "positions"  # the lock held alone while live rows follow a moved place, shared while rows are computed from positions
WEB_ROLE = "lianfang_web"
ONLY_FOR_TESTS = "lianfang.only_for_tests"  # "on" at servers that may lose what they confirm; only tests set it

_BOUNDS = tuple(f"lianfang.{end}{slot}" for slot in range(1, SLOTS + 1) for end in ("lo", "hi"))
_ROLE = "role"  # set as a setting, it is what `set local role` sets
STARTING = {**dict.fromkeys(_BOUNDS, "0"), "lianfang.actor": "", "lianfang.reason": ""}


def connection_options(**more: str) -> str:
    """Libpq `options` that every connection of ours starts with."""
    return " ".join(f"-c {name}={value}" for name, value in {**STARTING, **more}.items())


def _set_local(settings: dict[str, str]) -> None:
    sql = ", ".join("set_config(%s, %s, true)" for _ in settings)
    with connection.cursor() as cursor:
        cursor.execute(f"select {sql}", [part for pair in settings.items() for part in pair])


def _held(names: Sequence[str]) -> dict[str, str]:
    """The settings as they are, and the role."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, " + ", ".join("current_setting(%s, true)" for _ in names), list(names))
        role, *values = cursor.fetchone()
        return {name: value or STARTING[name] for name, value in zip(names, values, strict=True)} | {_ROLE: str(role)}


@contextmanager
def scope(ranges: Sequence[Range], actor: UUID | None) -> Iterator[None]:
    """One transaction as the web role, seeing only rows whose position lies in the ranges.

    More than four ranges are covered by wider ones: row security is the second lock and may be wider than the
    grant; the queries (the first lock) never are. On leaving, role and settings are as before.
    """
    pieces = cover(list(ranges), SLOTS)
    bounds = dict.fromkeys(_BOUNDS, "0")
    for slot, piece in enumerate(pieces, start=1):
        bounds[f"lianfang.lo{slot}"], bounds[f"lianfang.hi{slot}"] = str(piece.lo), str(piece.hi)
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:  # what it was before comes back by itself with the end of the transaction
            _set_local({**bounds, "lianfang.actor": str(actor or ""), _ROLE: WEB_ROLE})
            yield
            return
        before = _held([*_BOUNDS, "lianfang.actor"])
        as_web = before[_ROLE] == WEB_ROLE
        _set_local({**bounds, "lianfang.actor": str(actor or ""), **({} if as_web else {_ROLE: WEB_ROLE})})
        yield
        # Not reached when the block fails: the rollback then puts everything back by itself.
        _set_local({name: value for name, value in before.items() if name != _ROLE or not as_web})


@contextmanager
def acting(actor: UUID | None, reason: str = "") -> Iterator[None]:
    """One transaction whose changes to master data are logged under this actor and reason."""
    with transaction.atomic():
        before = _held(("lianfang.actor", "lianfang.reason"))
        _set_local({"lianfang.actor": str(actor or before["lianfang.actor"]), "lianfang.reason": reason})
        yield
        _set_local(before)


@contextmanager
def erasing() -> Iterator[None]:
    """One transaction in which the owner of the tables may delete from logs that are else only added to; nothing of it is logged anew."""
    with transaction.atomic():
        _set_local({"lianfang.erasing": "on", "lianfang.resealing": "on"})
        yield
        _set_local({"lianfang.erasing": "", "lianfang.resealing": ""})


def _lock_key(name: str) -> int:
    return crc32(name.encode())


def lock(name: str, *, shared: bool = False) -> None:
    """Wait for the named lock and hold it until the transaction ends; shared holders keep out only the one that is not."""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", [_lock_key(name)])


@contextmanager
def holding(name: str) -> Iterator[None]:
    """Share the named lock over several transactions."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [_lock_key(name)])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock_shared(%s)", [_lock_key(name)])


@contextmanager
def holding_alone(name: str) -> Iterator[bool]:
    """Hold the named lock alone over several transactions, if it is free; whether it is held."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_lock_key(name)])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_lock_key(name)])


Row = TypeVar("Row", bound=Model)


def read(model: type[Row], condition: str, values: Sequence[Any]) -> list[Row]:
    """Rows of a model by a condition in SQL, with its order and limit: for what thousands of phones ask at the same moment.

    Django writes a statement anew each time it is asked, which costs several times what the database then needs for a single row.
    """
    names, select, converted = _selected(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} where {condition}", values)
        found = cursor.fetchall()
    if converted:
        found = [[convert(value) if (convert := converted.get(at)) else value for at, value in enumerate(row)] for row in found]
    return [model.from_db("default", names, row) for row in found]


@cache
def _selected(model: type[Model]) -> tuple[list[str], str, dict[int, Callable[[Any], Any]]]:
    """The fields of a model, the statement that reads them, and what is made of the values of some (JSON comes as text)."""
    of = model._meta  # noqa: SLF001 - it is how Django shows its models
    columns = ", ".join(f'"{field.column}"' for field in of.concrete_fields)
    converted: dict[int, Callable[[Any], Any]] = {
        at: partial(field.from_db_value, expression=None, connection=connection)
        for at, field in enumerate(of.concrete_fields) if hasattr(field, "from_db_value")
    }  # fmt: skip
    return [field.attname for field in of.concrete_fields], f'select {columns} from "{of.db_table}"', converted


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table; how many there were."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is long and asked often: sent apart from its values, so that where a process prepares (settings) its plan is kept.

    To plan one that walks the tree of places takes several times what answering it takes. Not for a few rows out of many in some order
    (`order by … limit`): there the right plan depends on the values.
    """
    with columns_cursor() as cursor:
        if connection.queries_logged:  # somebody counts what is asked
            connection.queries_log.append({"sql": statement, "time": "0"})
        cursor.execute(statement, values)
        return cursor.fetchall()


@contextmanager
def columns_cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor for statements over long columns: `%b::uuid[]` sends a list in binary, where Django's own would write it into the text.

    Measured on lists of ids, names and sealed fields: 8 instead of 58 microseconds a row.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor
