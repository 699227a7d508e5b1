"""Rules of matters: by when one is due, and whether it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

# A household that asks for help is answered within a day (24 h from when the request was received).
HELP_WITHIN = timedelta(hours=24)

# Somebody listed in two places is no emergency: two secretaries have three days to agree.
PAIR_WITHIN = timedelta(days=3)

# What one door may ask without an account, so that nobody floods a secretary from a photographed code.
ASKED_AT_MOST = 3
ASKED_WITHIN = timedelta(hours=1)


def help_due(received_at: datetime) -> datetime:
    """By when a request for help must be settled. From its receipt: a request that came late is not late on arrival."""
    return received_at + HELP_WITHIN


def correction_due(asked_at: datetime) -> datetime:
    """By when somebody who says that a record about them is wrong is answered."""
    return asked_at + PAIR_WITHIN


def is_late(due_at: datetime, settled_at: datetime | None, now: datetime) -> bool:
    """Whether a matter was not settled in time: still open after it was due, or settled after it."""
    return (settled_at or now) > due_at
