"""Which tables carry a live position, so that a moved subtree takes them along.

A record keeps the position it was stamped with; a live row of master data (a household, a residence)
follows its place. Each context registers its tables; the move of a subtree updates all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """A table, its column of positions, and the condition under which a row is live (SQL)."""

    table: str
    column: str
    live: str


_carriers: dict[str, Carrier] = {}


def carries_position(table: str, column: str = "position", live: str = "valid_to is null") -> None:
    """Register a table whose live rows follow the place they name."""
    _carriers[table] = Carrier(table, column, live)


def carriers() -> list[Carrier]:
    """All registered tables."""
    return list(_carriers.values())
