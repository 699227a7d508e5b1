"""The shape of every number the product shows, and the registry of their declarations.

A figure says its unit, what it is out of, and as of when it stands. 户/人 count distinct doors,
households or people; 户次/人次 count events. The two are never mixed up: the declaration says which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lianfang.kernel.ranges import Range


class Unit(StrEnum):
    """What is counted."""

    HOUSEHOLDS = "households"  # 户, distinct
    VISITS = "visits"  # 户次, events
    PEOPLE = "people"  # 人, distinct
    PEOPLE_TIMES = "people_times"  # 人次, events
    ITEMS = "items"  # 件
    MINUTES = "minutes"  # 分钟: of the slowest, never added up


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with everything needed to read it honestly."""

    key: str
    value: int
    unit: Unit
    denominator: int | None
    as_of: datetime


_EVENTS = frozenset({Unit.VISITS, Unit.PEOPLE_TIMES, Unit.ITEMS})
_DISTINCT = frozenset({Unit.HOUSEHOLDS, Unit.PEOPLE, Unit.ITEMS, Unit.MINUTES})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A figure, declared once: what it means, how it is counted, and which rows prove it.

    `value` and `trace` take the same place ranges and period, so that a figure and its proof cannot part. `each` is `value` for many
    lists of ranges at once, in few queries: the children of a place side by side. `events` tells 户次/人次 from 户/人: what counts
    events is out of nothing, so that visits never pass for coverage. `denominator` names another figure of the same unit; `parts` are
    figures that add up to this one. What is not `dated` is a register as it stands now, whatever the period; what happens
    `within` the period is told of its days, all others of their end.
    """

    key: str
    name: str  # English, the gettext msgid
    unit: Unit
    events: bool
    value: Callable[[Sequence[Range], Period], int]
    trace: Callable[..., Sequence[Any]]
    source: str
    denominator: str | None = None
    parts: tuple[str, ...] = field(default=())
    each: Callable[[Sequence[Sequence[Range]], Period], Sequence[int]] | None = None
    dated: bool = True
    within: bool = False

    def __post_init__(self) -> None:
        """A declaration that mixes events with what is distinct is a mistake of the programmer."""
        if self.unit not in (_EVENTS if self.events else _DISTINCT):
            raise ValueError(f"figure {self.key} counts {'events' if self.events else 'what is distinct'} in {self.unit}")
        if self.events and self.denominator is not None:
            raise ValueError(f"figure {self.key} counts events: it is out of nothing, and covers nothing")


_declared: dict[str, Declaration] = {}


def declare(declaration: Declaration) -> Declaration:
    """Add a figure to the one list; the same key twice is a mistake of the programmer."""
    if declaration.key in _declared:
        raise ValueError(f"figure {declaration.key} is declared twice")
    whole = _declared.get(declaration.denominator or "")
    if declaration.denominator is not None and (whole is None or whole.events or whole.unit is not declaration.unit):
        raise ValueError(f"figure {declaration.key} is out of {declaration.denominator}, which is not declared before it in the same unit")
    _declared[declaration.key] = declaration
    return declaration


def declared() -> dict[str, Declaration]:
    """All figures by key."""
    return dict(_declared)
