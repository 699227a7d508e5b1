"""How organisations are numbered.

Everything below an organisation is one range inside its own. A new part takes a thousandth of what is still free there, so that
neither few large parts nor thousands of small ones exhaust it: after a thousand parts a third is left, and
the tree goes six levels deep. Numbers are never given twice: what is free begins after the last ever given.
"""

from __future__ import annotations

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
