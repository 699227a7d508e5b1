"""The registry of erasers: who deletes what when a book ends.

Each context registers a function that erases its part of a book and answers how much it erased; `headquarters.closing` runs them all, in
the order of registration, and writes the counts into the certificate. Whoever names persons by id alone (no foreign key shows it) says so
with `keeps`: who is named there has another reason to be known than the book that ends.
"""

from __future__ import annotations

from collections.abc import Callable

Eraser = Callable[[int], int]

_erasers: dict[str, Eraser] = {}
_keeps: dict[str, str] = {}


def register(name: str, erase: Eraser) -> None:
    """Add an eraser: it takes the book's number and returns how many rows or files went."""
    _erasers[name] = erase


def erasers() -> dict[str, Eraser]:
    """All erasers by name."""
    return dict(_erasers)


def keeps(name: str, sql: str) -> None:
    """Say whom a table still needs: SQL that selects ids of persons, with `%(book)s` for the book that goes."""
    _keeps[name] = sql


def kept() -> list[str]:
    """The SQL of everybody who said whom they keep."""
    return list(_keeps.values())
