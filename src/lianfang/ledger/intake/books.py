"""Books in the database: opened when the first record needs one, ended for good."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from lianfang.ledger.rules import BookName


@dataclass(frozen=True, slots=True)
class BookState:
    """The number of a book and whether it has ended."""

    id: int
    ended: bool


def open_books(names: Collection[BookName]) -> dict[BookName, BookState]:
    """The books of these names; those that do not exist yet are opened, in order, so that two openers wait instead of locking crosswise."""
    opened: dict[BookName, BookState] = {}
    with connection.cursor() as cursor:
        for name in sorted(names, key=lambda one: one.key):
            cursor.execute(
                "select id, state from ledger_open_book(%s, %s, %s, %s, %s)",
                [name.key, name.incident, name.retention, name.period, name.drill],
            )
            number, state = cursor.fetchone()
            opened[name] = BookState(number, ended=state == "ended")
    return opened


def states_of(numbers: Collection[int]) -> dict[int, bool]:
    """Whether each of these books has ended."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select id, state = 'ended' from ledger_book where id = any(%s)", [list(numbers)])
        return dict(cursor.fetchall())


def ended_of(incidents: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """The books of these incidents that have ended: incident and class."""
    with connection.cursor() as cursor:
        cursor.execute("select incident, retention from ledger_book where state = 'ended' and incident = any(%s)", [list(incidents)])
        return frozenset(cursor.fetchall())
