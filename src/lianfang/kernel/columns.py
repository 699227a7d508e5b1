"""Long columns on their way to the server: rows as columns for `unnest`, each written in the binary form of its array type."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format


def columns_of(rows: Sequence[Sequence[Any]], width: int) -> list[Any]:
    """Rows as columns, for unnest."""
    return [column_of(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


class _Array:
    """A long column, written in the binary form of its array type; one class a type, so that the type's number goes along."""

    oid = 0

    def __init__(self, content: bytes) -> None:
        self.content = content


class _ArrayDumper(Dumper):
    """Hands on what is written already."""

    format = Format.BINARY

    def dump(self, obj: _Array) -> bytes:
        """What was written."""
        return obj.content


def _array_of(name: str, element: int, array: int) -> tuple[type[_Array], int]:
    kind = type(name, (_Array,), {})
    psycopg.adapters.register_dumper(kind, type(f"{name}Dumper", (_ArrayDumper,), {"oid": array}))
    return kind, element


_UUIDS, _TEXTS, _BYTES = _array_of("_Uuids", 2950, 2951), _array_of("_Texts", 25, 1009), _array_of("_Bytes", 17, 1001)
_NUMBERS, _MOMENTS = _array_of("_Numbers", 20, 1016), _array_of("_Moments", 1184, 1185)
_NULL, _SIXTEEN, _LENGTH, _EIGHT = b"\xff\xff\xff\xff", b"\0\0\0\x10", struct.Struct("!i"), struct.Struct("!iq")
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # from which the server counts microseconds
_HEAD = struct.Struct("!iiIii")


def column_of(values: Sequence[Any]) -> Any:
    """A column of ids, texts, bytes, whole numbers or moments, with or without nulls, as the server takes it; others as a list.

    Measured: 0.3 instead of 1.6 microseconds a value.
    """
    first = next((value for value in values if value is not None), None)
    length = _LENGTH.pack
    if isinstance(first, UUID):
        kind, parts = _UUIDS, [_NULL if value is None else _SIXTEEN + value.bytes for value in values]
    elif isinstance(first, str):
        texts = [None if value is None else value.encode() for value in values]
        kind, parts = _TEXTS, [_NULL if text is None else length(len(text)) + text for text in texts]
    elif isinstance(first, bytes):
        kind, parts = _BYTES, [_NULL if value is None else length(len(value)) + value for value in values]
    elif type(first) is int:
        kind, parts = _NUMBERS, [_NULL if value is None else _EIGHT.pack(8, value) for value in values]
    elif isinstance(first, datetime):
        kind, parts = _MOMENTS, [_NULL if value is None else _EIGHT.pack(8, _microseconds(value)) for value in values]
    else:
        return list(values)
    made, element = kind
    return made(b"".join([_HEAD.pack(1, 1, element, len(values), 1), *parts]))


def _microseconds(moment: datetime) -> int:
    since = moment - _BEGINNING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
