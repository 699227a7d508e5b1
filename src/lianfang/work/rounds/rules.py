"""Rules of rounds: which outcomes settle a door, and how the visits of one door become its state.

Zero omission means that every door is closed with an outcome; what was not verified stays open (敲门行动清零; 数电灯).
"""

from __future__ import annotations

from lianfang.ledger.kinds.doorsteps import Outcome

SETTLING = frozenset({Outcome.SEEN, Outcome.PHONE, Outcome.AWAY, Outcome.VACANT, Outcome.MOVED, Outcome.SHUT})


def settles(outcome: Outcome) -> bool:
    """Whether a door is closed by this outcome; all others leave it open, with another try to come."""
    return outcome in SETTLING
