"""How organisations are numbered, how many members a branch needs, how the hours of a post are written.

Everything below an organisation is one range inside its own. A new part takes a thousandth of what is still free there, so that
neither few large parts nor thousands of small ones exhaust it: after a thousand parts a third is left, and
the tree goes six levels deep. Numbers are never given twice: what is free begins after the last ever given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from lianfang.ground.organisations.force_types import Hours
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

FEWEST_GROUPED = 3
"""A group (党小组) has at least three members, a full one among them: guidance, pointed out, not forbidden."""

LONGEST = timedelta(days=182)
"""A task of half a year calls for an ordinary branch: pointed out, not forbidden."""


def enough_full(full: int) -> bool:
    """Whether a branch may be founded or go on with so many full members."""
    return full >= FEWEST_FULL


def warnings(full: int, probationary: int, active_days: int, committee: int = 0, groups: Sequence[tuple[int, int]] = ()) -> list[str]:
    """What should be looked at in an active branch: too large, too long, a committee or a group that does not fit.

    `groups`: of each group how many full members it has, and how many probationary ones.
    """
    found = []
    if full + probationary > MOST:
        found.append("large")
    if active_days > LONGEST.days:
        found.append("long")
    if full < COMMITTEE_FROM and committee > 0:
        found.append("no_committee_yet")
    if any(full == 0 or full + rest < FEWEST_GROUPED for full, rest in groups):
        found.append("group_unfit")
    return found


WHOLE_WEEK, DAY = 127, 1440
_LINE = re.compile(
    r"(?:(?:周|星期)?(?P<first>[1-7一二三四五六日天])(?:(?:-|–|—|~|至|到)(?:周|星期)?(?P<last>[1-7一二三四五六日天]))?\s+)?"
    r"(?P<begin>\d{1,2})[:：](?P<minute>\d{2})\s*(?:-|–|—|~|至|到)\s*(?P<end>\d{1,2})[:：](?P<until>\d{2})"
)
_NUMBER = {**{str(number): number for number in range(1, 8)}, **dict(zip("一二三四五六日", range(1, 8), strict=True)), "天": 7}


def hours_read(text: str) -> list[Hours] | None:
    """The shifts of a post, a line each: `08:00-20:00`, `1-5 08:00-20:00` or `周一至周五 20:00-08:00`; None where a line is no shift."""
    found: list[Hours] = []
    for line in filter(None, (line.strip() for line in re.split(r"[\n;；]", text))):
        told = _LINE.fullmatch(line)
        if told is None:
            return None
        begins, ends = int(told["begin"]) * 60 + int(told["minute"]), int(told["end"]) * 60 + int(told["until"])
        if begins >= DAY or ends > DAY or int(told["minute"]) >= 60 or int(told["until"]) >= 60:  # noqa: PLR2004 - minutes of an hour
            return None
        found.append(Hours(_days(told["first"], told["last"]), begins, ends - begins if ends > begins else ends - begins + DAY))
    return found


def _days(first: str | None, last: str | None) -> int:
    """Days as bits, bit 0 is Monday; a stretch may pass over Sunday."""
    if first is None:
        return WHOLE_WEEK
    day, until, bits = _NUMBER[first], _NUMBER[last or first], 0
    while True:
        bits |= 1 << (day - 1)
        if day == until:
            return bits
        day = day % 7 + 1


def hours_written(hours: Sequence[Hours]) -> str:
    """Shifts as `hours_read` reads them; days that are no one stretch get a line each."""
    lines = []
    for one in hours:
        ends = (one.begins + one.lasts) % DAY or DAY
        clock = f"{one.begins // 60:02}:{one.begins % 60:02}-{ends // 60:02}:{ends % 60:02}"
        lines += [f"{days}{clock}" for days in _stretches(one.days)]
    return "\n".join(lines)


def _stretches(days: int) -> list[str]:
    if days == WHOLE_WEEK:
        return [""]
    named = [number for number in range(1, 8) if days >> (number - 1) & 1]
    starts = [number for number in named if number - 1 not in named]
    ends = [number for number in named if number + 1 not in named]
    return [f"{first} " if first == last else f"{first}-{last} " for first, last in zip(starts, ends, strict=True)]
