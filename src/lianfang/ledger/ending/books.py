"""Books that are to end: which there are, how much they hold, over which days and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel import clock
from lianfang.kernel.clock import LOCAL
from lianfang.ledger.kinds import Retention

_BOOKS = """
select b.id, b.key, b.incident, b.retention, b.period, b.drill, b.state = 'ended', to_regclass('ledger_record_b' || b.id) is not null
from ledger_book b
"""


@dataclass(frozen=True, slots=True)
class EndingBook:
    """A book as its end sees it. `there` is whether its records still are; once they are gone the row alone answers "ended: delete it"."""

    id: int
    key: str
    incident: UUID | None
    retention: str
    period: str
    drill: bool
    ended: bool
    there: bool

    @property
    def goes(self) -> bool:
        """Whether its records go: those with residents' data. Service and orders tell of work done and stay."""
        return self.retention not in {Retention.SERVICE.value, Retention.ORDER.value}


@dataclass(frozen=True, slots=True)
class Spread:
    """How many records books hold, from which local day to which, and in which communities (their first position and the one after)."""

    records: int
    first: date | None
    last: date | None
    communities: tuple[tuple[int, int], ...]


def books_of(incident: UUID) -> list[EndingBook]:
    """The books of an incident, whatever has become of them."""
    return _read("where b.incident = %s order by b.id", [incident])


def book_named(key: str) -> list[EndingBook]:
    """The book of this name, if it was ever opened."""
    return _read("where b.key = %s", [key])


def rolled_over(days: int, *, drills: int, peacetime_years: int) -> list[EndingBook]:
    """Books whose time is over: of rolling classes `days` after their month, drills so many months, peacetime so many years after it ended."""
    today = clock.today()
    found = _read("where b.incident is null and to_regclass('ledger_record_b' || b.id) is not null order by b.id", [])
    return [one for one in found if _over(one, today, days, drills, peacetime_years)]


def _over(book: EndingBook, today: date, days: int, drills: int, years: int) -> bool:
    year, _, month = book.period.partition("-")
    if book.retention == "peacetime":
        return today.year > int(year) + years
    after = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
    if book.drill:
        return (today.year - after.year) * 12 + today.month - after.month >= drills
    return (today - after).days >= days


def end_books(numbers: Sequence[int]) -> None:
    """From now on these books take nothing: what comes for them is answered "ended: delete it"."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_book set state = 'ended', ended_at = %s where id = any(%s) and state = 'open'", [clock.now(), list(numbers)]
        )


def spread_of(numbers: Sequence[int]) -> Spread:
    """What books hold and where it lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), min((effective_at at time zone %(zone)s)::date), max((effective_at at time zone %(zone)s)::date) "
            "from ledger_record where book = any(%(books)s)",
            {"zone": LOCAL.key, "books": list(numbers)},
        )
        records, first, last = cursor.fetchone()
        cursor.execute(
            "select distinct c.lo, c.hi from (select distinct position from ledger_record where book = any(%s)) r cross join lateral ("
            "select lo, hi from places_position where level = 'community' and lo <= r.position order by lo desc limit 1) c "
            "where r.position < c.hi order by c.lo",
            [list(numbers)],
        )
        return Spread(int(records), first, last, tuple((lo, hi) for lo, hi in cursor.fetchall()))


def _read(where: str, values: Sequence[Any]) -> list[EndingBook]:
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS + where, values)
        return [EndingBook(*row) for row in cursor.fetchall()]
