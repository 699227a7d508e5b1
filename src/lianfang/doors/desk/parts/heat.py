"""Heat: how many doors are still open, by the share of the doors there are; the count stands in every cell."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = (0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Cell:
    """One building of the strip: its name, doors still open, doors in all, and where the cell leads."""

    name: str
    still_open: int
    doors: int
    href: str

    @property
    def step(self) -> str:
        """0 when all is settled, 1 to 4 by the share still open, x where there are no doors."""
        return step(self.still_open, self.doors)


def step(still_open: int, doors: int) -> str:
    """The step of the scale for so many open doors."""
    if not doors:
        return "x"
    if not still_open:
        return "0"
    share = still_open / doors
    return str(next((number for number, limit in enumerate(STEPS, 1) if share <= limit), 4))
