"""How organisations are numbered, and how many members a branch needs.

Everything below an organisation is one range inside its own. A new part takes a thousandth of what is still free there, so that
neither few large parts nor thousands of small ones exhaust it: after a thousand parts a third is left, and
the tree goes six levels deep. Numbers are never given twice: what is free begins after the last ever given.
"""

from __future__ import annotations

from datetime import timedelta

from lianfang.kernel.ranges import EVERYWHERE, Range

WHOLE = Range(1, EVERYWHERE.hi)
_SHARE = 1024


def next_part(inside: Range, given_up_to: int) -> Range | None:
    """The range of the next part inside one, beyond the highest number given there; None when nothing is left.

    The first number of a range stands for the organisation itself.
    """
    lo = max(given_up_to, inside.lo + 1)
    free = inside.hi - lo
    if free < 1:
        return None
    return Range(lo, lo + max(1, free // _SHARE))


FEWEST_FULL = 3
"""A branch has at least three full members (支部工作条例 art. 5); of a temporary one by the practice of the same rule."""

MOST = 50
"""More than this many members are looked at, not forbidden."""

COMMITTEE_FROM = 7
"""From so many full members a branch has a committee; below it a secretary, and a deputy where needed."""

LONGEST = timedelta(days=182)
"""A task of half a year calls for an ordinary branch: pointed out, not forbidden."""


def enough_full(full: int) -> bool:
    """Whether a branch may be founded or go on with so many full members."""
    return full >= FEWEST_FULL


def warnings(full: int, probationary: int, active_days: int, committee: int = 0) -> list[str]:
    """What should be looked at in an active branch: too large, too long, a committee that does not fit."""
    found = []
    if full + probationary > MOST:
        found.append("large")
    if active_days > LONGEST.days:
        found.append("long")
    if full < COMMITTEE_FROM and committee > 0:
        found.append("no_committee_yet")
    return found
