"""The registry of erasers: who deletes what when an incident ends.

Each context registers a function that erases its part of a book and answers how much it erased;
`headquarters.closing` runs them all and writes the counts into the certificate.
"""

from __future__ import annotations

from collections.abc import Callable

Eraser = Callable[[int], int]

_erasers: dict[str, Eraser] = {}


def register(name: str, erase: Eraser) -> None:
    """Add an eraser: it takes the book's number and returns how many rows or files went."""
    _erasers[name] = erase


def erasers() -> dict[str, Eraser]:
    """All erasers by name."""
    return dict(_erasers)
