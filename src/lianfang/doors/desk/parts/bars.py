"""Bars of the last days: tries at doors (户次, outlined) and doors newly settled (户, filled)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lianfang.doors.desk.parts import nodes
from lianfang.kernel import clock
from lianfang.kernel.ranges import Range
from lianfang.work.rounds import queries as rounds

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 390, 126, 36, 12, 104
_NICE = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: tries at doors, and doors settled for the first time."""

    day: date
    visits: int
    settled: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A day placed in the drawing."""

    of: Day
    x: float
    width: float
    middle: float
    visits_y: float
    visits_height: float
    settled_y: float
    settled_height: float
    today: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """The drawing: bars, the line of the scale, and the days as a table for those who do not see it."""

    bars: Sequence[Bar]
    scale: int
    scale_y: float
    days: Sequence[Day]

    @property
    def empty(self) -> bool:
        """Whether nothing happened at all."""
        return not any(day.visits or day.settled for day in self.days)


def bars_of(ranges: Sequence[Range], days: int) -> Bars:
    """The drawing of the last so many days over some ranges."""
    last = clock.today()
    if nodes.meets([ranges]):
        told = nodes.days(ranges, last - timedelta(days=days - 1), last)
        every = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
        return bars([Day(day, *(told.get(day, {}).get(key, 0) for key in nodes.BARS)) for day in every])
    counted = rounds.days(ranges, last - timedelta(days=days - 1), last)
    return bars([Day(each.day, each.visits, each.settled) for each in counted])


def _round_up(value: int) -> int:
    power = 1
    while True:
        for nice in _NICE:
            if nice * power >= value:
                return nice * power
        power *= 10


def bars(days: Sequence[Day]) -> Bars:
    """The drawing of some days, oldest first."""
    highest = max((max(day.visits, day.settled) for day in days), default=0)
    scale = _round_up(max(highest, 1))
    room = BOTTOM - TOP
    step = (WIDTH - LEFT) / max(len(days), 1)
    width = round(step * 0.7, 1)

    def drawn(number: int, day: Day) -> Bar:
        x = round(LEFT + number * step + (step - width) / 2, 1)
        visits, settled = (round(value / scale * room, 1) for value in (day.visits, day.settled))
        return Bar(
            of=day,
            x=x,
            width=width,
            middle=round(x + width / 2, 1),
            visits_y=BOTTOM - visits,
            visits_height=visits,
            settled_y=BOTTOM - settled,
            settled_height=settled,
            today=day.day == clock.today(),
        )

    return Bars([drawn(number, day) for number, day in enumerate(days)], scale, TOP, days)
