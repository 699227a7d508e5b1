"""Which rounds a bulletin tells of: those in progress in its period anywhere in its place."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.bulletins.figures import moments
from lianfang.headquarters.upward import queries as upward
from lianfang.kernel.figures import Period
from lianfang.kernel.ranges import Range
from lianfang.work.rounds import queries as rounds


def names(ranges: Sequence[Range], period: Period) -> list[str]:
    """Their names, the one opened last first, those of nodes below after our own; none where no round covers place and period."""
    begins, ends = moments(period)
    here = [found.name for found in rounds.rounds_between(ranges, begins, ends)]
    return list(dict.fromkeys([*here, *(found.name for found in upward.rounds_between(ranges, begins, ends))]))
