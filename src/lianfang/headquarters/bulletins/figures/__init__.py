"""The declarations of figures, one module a subject.

Each figure takes ranges of positions and a period of local days. What counts events sums the period; what counts a state tells
how it stands at the end of the period (now, if that has not passed).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.kernel import clock
from lianfang.kernel.figures import Period

PAGE = 200


def moments(period: Period) -> tuple[datetime, datetime]:
    """First moment of a period and the first after it."""
    return clock.day_bounds(period.first)[0], clock.day_bounds(period.last)[1]


def past_end(period: Period) -> datetime | None:
    """The end of a period, if it has passed: then the state of that moment is asked for, not today's."""
    ends = moments(period)[1]
    return ends if ends <= clock.now() else None


def declare_all() -> Sequence[str]:
    """Import every module of figures; the keys there are then."""
    from lianfang.headquarters.bulletins.figures import doors, duty, matters, people, visits
    from lianfang.kernel.figures import declare, declared

    for module in (doors, people, visits, matters, duty):
        for declaration in module.FIGURES:
            if declaration.key not in declared():
                declare(declaration)
    return list(declared())
