"""The declarations of figures, one module a subject.

Each figure takes ranges of positions and a period of local days. What counts events sums the period; what counts a state tells
how it stands at the end of the period (now, if that has not passed). Every figure has `each`: many lists of ranges in one query, so that
a bulletin reads all children of a place at once; what several figures need they read through `shared`, once for a bulletin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ranges import Range

PAGE = 200
Many = Sequence[Sequence[Range]]
Each = Callable[[Many, Period], Sequence[int]]
Answer = TypeVar("Answer")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("lianfang_figures_read", default=None)


@contextmanager
def together() -> Iterator[None]:
    """As long as this lasts, what is `shared` is read once. Not longer than one bulletin: nothing is forgotten in between."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def shared(read: Callable[[Many, Period], Answer], many: Many, period: Period) -> Answer:
    """What several figures take a number from."""
    kept = _kept.get()
    if kept is None:
        return read(many, period)
    asked = (read, period, tuple(tuple(ranges) for ranges in many))
    if asked not in kept:
        kept[asked] = read(many, period)
    answer: Answer = kept[asked]
    return answer


def one(each: Each) -> Callable[[Sequence[Range], Period], int]:
    """The value for one list of ranges, from the same reading as that for many."""

    def value(ranges: Sequence[Range], period: Period) -> int:
        """The number."""
        return each([ranges], period)[0]

    return value


def moments(period: Period) -> tuple[datetime, datetime]:
    """First moment of a period and the first after it."""
    return clock.day_bounds(period.first)[0], clock.day_bounds(period.last)[1]


def past_end(period: Period) -> datetime | None:
    """The end of a period, if it has passed: then the state of that moment is asked for, not today's."""
    ends = moments(period)[1]
    return ends if ends <= clock.now() else None


def declare_all() -> Sequence[str]:
    """Import every module of figures; the keys there are then."""
    from lianfang.headquarters.bulletins.figures import arrivals, calls, doors, duty, leaders, matters, people, rounds, visits
    from lianfang.kernel.figures import declare, declared

    for module in (doors, leaders, rounds, people, visits, arrivals, matters, duty, calls):
        for declaration in module.FIGURES:
            if declaration.key not in declared():
                declare(declaration)
    return list(declared())
