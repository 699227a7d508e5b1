"""The only reader of the machine clock.

Moments are aware UTC datetimes; days are calendar days of the country (Asia/Shanghai, one zone, no
daylight saving since 1991). Tests hold the clock still with `frozen`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("lianfang_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _held.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of the country."""
    return moment.astimezone(LOCAL)


def as_written(moment: datetime) -> datetime:
    """A moment as somebody wrote it, in local time: local where it names no zone. Raises ValueError beyond the calendar."""
    try:
        return local(moment if moment.tzinfo else moment.replace(tzinfo=LOCAL))
    except OverflowError as beyond:
        raise ValueError(str(beyond)) from beyond


def today() -> date:
    """The calendar day in the country."""
    return local(now()).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a local day and of the next, for half-open comparison."""
    start = datetime.combine(day, time(), LOCAL)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment for this thread (tests, replays)."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
