"""Rules of the book, pure: which book a record lies in, and when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lianfang.kernel import clock
from lianfang.ledger.kinds import Retention

# How far before its arrival a record's own time may choose the book. A phone whose clock is wrong by years
# then neither loses its record to an erased book nor asks for one that nobody opened.
REACH = timedelta(days=31)


@dataclass(frozen=True, slots=True, order=True)
class BookName:
    """Which book: `key` says it in words, the other parts are its columns."""

    key: str
    incident: UUID | None
    retention: str
    period: str
    drill: bool = False


def clamped(said: datetime, recorded_at: datetime) -> datetime:
    """The time by which a record chooses its book: what its id says, held near its arrival."""
    return min(max(said, recorded_at - REACH), recorded_at)


def book_of(retention: Retention, incident: UUID | None, *, drill: bool, at: datetime) -> BookName:
    """The book of a record of this class, incident and (clamped) time.

    Drills first, so that what was only practised never lies among what happened; rolling classes next, because they
    go by the month whatever the incident; then one book per incident and class; the rest is peacetime, a book a year.
    """
    day = clock.local(at).date()
    month, year = f"{day:%Y-%m}", f"{day:%Y}"
    if drill:
        return BookName(f"drill:{month}", None, "drill", month, drill=True)
    if retention.rolling_days is not None:
        return BookName(f"{retention}:{month}", None, retention.value, month)
    if incident is not None:
        return BookName(f"incident:{incident}:{retention}", incident, retention.value, "")
    return BookName(f"peacetime:{year}", None, "peacetime", year)


def effective_at(occurred_at: datetime, skew: int | None, recorded_at: datetime) -> datetime:
    """When a record holds: what the phone says, corrected by how far its clock was ahead (ms), never after it arrived."""
    return min(occurred_at - timedelta(milliseconds=skew or 0), recorded_at)
