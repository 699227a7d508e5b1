"""How often somebody may look at full values, and what counts as a reason."""

from __future__ import annotations

from datetime import timedelta

from lianfang.ground.people.types import ReasonMissing

LIMITS: tuple[tuple[int, timedelta], ...] = ((60, timedelta(hours=1)), (300, timedelta(hours=24)))
"""Looks at most in a time, for one account: more than a day's honest work, far less than a roster. Exports have their own ability."""

SHORTEST_REASON, LONGEST_REASON = 2, 200


def settled_reason(reason: str) -> str:
    """The reason as it is kept. Raises ReasonMissing for an empty one or a mere sign."""
    written = " ".join(reason.split())[:LONGEST_REASON]
    if sum(character.isalnum() for character in written) < SHORTEST_REASON:
        raise ReasonMissing
    return written
