"""Which columns of the database are sealed, and sealing them anew when the key changes.

Each context registers its columns with the purpose they are bound to. Resealing goes through them in small
transactions, any number of times: a value already under the current key is passed over, so that a run that was
interrupted goes on where it stopped. It runs as the owner of the tables, beside the serving processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from lianfang.kernel import filed
from lianfang.kernel.errors import Refused
from lianfang.kernel.sealing import Keyring


@dataclass(frozen=True, slots=True)
class SealedColumns:
    """The sealed columns of one table, each with its purpose."""

    table: str
    key: str
    purposes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Resealed:
    """How far resealing has come in one table."""

    table: str
    rows: int


_tables: dict[str, SealedColumns] = {}


def seals(table: str, purposes: dict[str, str], key: str = "id") -> None:
    """Register the sealed columns of a table: column to purpose."""
    _tables[table] = SealedColumns(table, key, tuple(purposes.items()))


def sealed_tables() -> list[SealedColumns]:
    """All registered tables."""
    return [_tables[table] for table in sorted(_tables)]


def keys_in_use() -> dict[str, int]:
    """How many sealed values each key holds, over all registered columns and the files of books."""
    held: dict[str, int] = dict(filed.keys_in_use())
    with connection.cursor() as cursor:
        for columns in sealed_tables():
            for column, _ in columns.purposes:
                # The second byte is the length of the key's name, which follows it (kernel.sealing).
                cursor.execute(
                    f"select substring({column} from 3 for get_byte({column}, 1)), count(*) from {columns.table} "
                    f"where {column} is not null group by 1",
                )
                for name, count in cursor.fetchall():
                    held[bytes(name).decode()] = held.get(bytes(name).decode(), 0) + count
    return held


def unopened(table: str, ring: Keyring, *, sample: int = 200) -> list[str]:
    """What is wrong with the sealed values of a table: keys that the ring lacks, and values of a sample that do not open."""
    columns = _tables[table]
    wrong: list[str] = []
    with connection.cursor() as cursor:
        for column, purpose in columns.purposes:
            cursor.execute(
                f"select distinct substring({column} from 3 for get_byte({column}, 1)) from {table} where {column} is not null",
            )
            held = {bytes(name).decode() for (name,) in cursor.fetchall()}
            wrong += [f"{table}.{column}: key {name} is not in the keyring" for name in sorted(held - set(ring.names))]
            cursor.execute(
                f"select {columns.key}, {column} from {table} where {column} is not null order by {columns.key} desc limit %s", [sample]
            )
            for key, value in cursor.fetchall():
                try:
                    ring.open(bytes(value), purpose)
                except Refused as refused:
                    wrong.append(f"{table}.{column} of {key}: {refused.code}")
    return wrong


def reseal(ring: Keyring, *, batch: int = 500) -> Iterator[Resealed]:
    """Seal everything under the ring's current key, yielding progress after each small transaction.

    Rows that somebody else holds locked are passed over and met again in the next pass, until a pass finds nothing.
    """
    for columns in sealed_tables():
        done, found = 0, True
        while found:
            found = False
            after: UUID | None = None
            while rows := _reseal_some(columns, ring, after, batch):
                found, after, done = True, rows[-1], done + len(rows)
                yield Resealed(columns.table, done)
    for done in filed.reseal(ring):
        yield Resealed("files", done)


def _stale(column: str, prefix: bytes) -> str:
    return f"({column} is not null and substring({column} from 1 for {len(prefix)}) <> '\\x{prefix.hex()}'::bytea)"


def _reseal_some(columns: SealedColumns, ring: Keyring, after: UUID | None, batch: int) -> list[UUID]:
    """Seal the next rows beyond a key anew; their keys."""
    prefix = ring.seal("", "prefix")[: 2 + len(ring.current)]
    names = [column for column, _ in columns.purposes]
    stale = " or ".join(_stale(name, prefix) for name in names)
    beyond = f"and {columns.key} > %s" if after is not None else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('lianfang.resealing', 'on', true)")
        cursor.execute(
            f"select {columns.key}, {', '.join(names)} from {columns.table} where ({stale}) {beyond} "
            f"order by {columns.key} limit %s for update skip locked",
            [*([] if after is None else [after]), batch],
        )
        rows = cursor.fetchall()
        cursor.executemany(
            f"update {columns.table} set {', '.join(f'{name} = %s' for name in names)} where {columns.key} = %s",
            [[*_under_current(row[1:], columns, ring), row[0]] for row in rows],
        )
        cursor.execute("select set_config('lianfang.resealing', '', true)")
    return [row[0] for row in rows]


def _under_current(sealed: Sequence[bytes | None], columns: SealedColumns, ring: Keyring) -> list[bytes | None]:
    return [
        None if value is None else ring.seal(ring.open(bytes(value), purpose), purpose)
        for value, (_, purpose) in zip(sealed, columns.purposes, strict=True)
    ]
