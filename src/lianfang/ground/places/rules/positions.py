"""Arithmetic of positions: 12 digits of the community and 7 below, as the official code has them where it can.

Official codes (GB/T 2260 and the statistical code of twelve digits): 2 digits province, 2 city, 2 county, 3 street,
3 community. Nothing may be read off a position once it is given; the digits only keep those who debug company.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable

from lianfang.ground.places.types import Level
from lianfang.kernel.ranges import Range

BELOW = 7  # digits below the community
CODE_LENGTH = 12
# Digits of the code that a level adds, and how many of them there are up to that level.
OWN_DIGITS = {Level.PROVINCE: 2, Level.CITY: 2, Level.COUNTY: 2, Level.STREET: 3, Level.COMMUNITY: 3}
CODE_DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.STREET: 9, Level.COMMUNITY: 12}
LEVEL_OF_DIGITS = {digits: level for level, digits in CODE_DIGITS.items()}
WIDTH: dict[Level, int] = {level: 10 ** (CODE_LENGTH - digits + BELOW) for level, digits in CODE_DIGITS.items()}
HOUSE = 10  # positions of a lone house or a site


def padded(code: str) -> str:
    """The code as the official lists write it, with zeros to twelve digits."""
    return code.ljust(CODE_LENGTH, "0")


def prefix(code: str, level: Level) -> str:
    """The digits of a code up to a level."""
    return code[: CODE_DIGITS[level]]


def range_at(lo: int, level: Level) -> Range:
    """The range of a division that starts at a position."""
    return Range(lo, lo + WIDTH[level])


def by_code(code: str, level: Level) -> Range:
    """The range that an official code suggests."""
    return range_at(int(padded(code)) * 10**BELOW, level)


def choose(level: Level, parent: Range | None, *, code: str | None, taken: Collection[int], was: int | None = None) -> int | None:
    """Where a division shall start inside its parent, never where one of its level has ever been; None when all is used up.

    First the official code, if it lies inside the parent; then the digits it had (`was`, the distance from its parent's
    start before the parent moved); then the last hundred numbers (900-999, of two digits 90-99), which the official
    lists leave free; then, when even they are gone, whatever is free from above.
    """
    width = WIDTH[level]
    if code is not None:
        wanted = by_code(code, level)
        if wanted.lo not in taken and (parent is None or parent.holds(wanted)):
            return wanted.lo
    if parent is None:
        return None
    if was is not None and 0 <= was < parent.hi - parent.lo and parent.lo + was not in taken:
        return parent.lo + was
    numbers: int = 10 ** OWN_DIGITS[level]
    spare = numbers - numbers // 10
    digits = (*range(spare, numbers), *range(spare - 1, 0, -1))
    return next((start for digit in digits if (start := parent.lo + digit * width) not in taken), None)


def power_of_ten(at_least: int) -> int:
    """The smallest power of ten that is not smaller, 10 at least."""
    size = 10
    while size < at_least:
        size *= 10
    return size


def unit_block(doors: int) -> int:
    """The numbers of a unit: a power of ten at least twice its doors, so that doors can be added."""
    return power_of_ten(2 * doors)


def building_block(doors: int, units: int, doors_of_largest_unit: int) -> int:
    """The numbers of a building: a power of ten at least twice its doors, and room for its units and one more.

    The first number of every block stays with the place itself, so that a position names one place only.
    """
    return power_of_ten(max(2 * doors, (units + 1) * unit_block(doors_of_largest_unit)) if units else 2 * doors)


class Room:
    """The numbers of a place below which blocks are given: aligned, lowest first, never one that was given before."""

    def __init__(self, space: Range, given: Iterable[Range]) -> None:
        self.space = space
        self._given = sorted(given)
        self._next: dict[int, int] = {}

    def take(self, size: int) -> Range | None:
        """The lowest free block of this size, which is then given; None when there is none."""
        # A start at the place's own number would make two places of one position.
        start = self._next.get(size, self.space.lo + size)
        start = -(-start // size) * size
        while start + size <= self.space.hi:
            blocking = self._blocking(start, start + size)
            if blocking is None:
                block = Range(start, start + size)
                insort(self._given, block)
                self._next[size] = block.hi
                return block
            start = -(-blocking.hi // size) * size
        return None

    def _blocking(self, lo: int, hi: int) -> Range | None:
        """The last given block that meets [lo, hi); blocks given are disjoint."""
        at = bisect_left(self._given, Range(hi, hi))
        if at and self._given[at - 1].hi > lo:
            return self._given[at - 1]
        return None
