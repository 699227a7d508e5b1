"""The figure strip: a few numbers with unit, what each is out of, and one line of sense."""

from __future__ import annotations

from dataclasses import dataclass

from lianfang.doors.desk.words import Text
from lianfang.kernel.figures import Unit


@dataclass(frozen=True, slots=True)
class Item:
    """One number of the strip. `tone` is "" or "owed" (something is still to be done) or "late"."""

    label: Text
    value: int | None
    unit: Unit
    href: str = ""
    denominator: int | None = None
    note: Text = ""
    tone: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that is missing or waits: how many, what, and the one button that mends it."""

    value: int
    unit: Unit
    text: Text
    note: Text = ""
    href: str = ""
    button: Text = ""
    tone: str = ""
