"""Which book a record lies in, and when it holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import REACH, book_of, clamped, effective_at

INCIDENT = UUID("01890000-0000-7000-8000-000000000001")
NEW_YEARS_EVE_IN_UTC = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)  # 1 January, one o'clock, in the country

moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by hypothesis' rule


def key(retention: Retention = Retention.RESIDENT, incident: UUID | None = None, *, drill: bool = False) -> str:
    return book_of(retention, incident, drill=drill, at=NEW_YEARS_EVE_IN_UTC).key


def test_peacetime_has_a_book_a_year_by_the_calendar_of_the_country() -> None:
    assert key() == "peacetime:2026"


def test_an_incident_has_a_book_for_each_class() -> None:
    assert {key(retention, INCIDENT) for retention in (Retention.RESIDENT, Retention.SERVICE, Retention.ORDER)} == {
        f"incident:{INCIDENT}:resident",
        f"incident:{INCIDENT}:service",
        f"incident:{INCIDENT}:order",
    }


def test_drills_have_a_book_a_month_and_never_share_one_with_what_happened() -> None:
    assert key(incident=INCIDENT, drill=True) == key(Retention.GATE, INCIDENT, drill=True) == "drill:2026-01"


def test_gate_logs_have_a_book_a_month_whatever_the_incident() -> None:
    assert key(Retention.GATE, INCIDENT) == key(Retention.GATE) == "gate:2026-01"


def test_books_of_a_period_name_it_and_books_of_an_incident_name_that() -> None:
    book = book_of(Retention.RESIDENT, INCIDENT, drill=False, at=NEW_YEARS_EVE_IN_UTC)
    assert (book.incident, book.retention, book.period, book.drill) == (INCIDENT, "resident", "", False)
    assert book_of(Retention.GATE, INCIDENT, drill=False, at=NEW_YEARS_EVE_IN_UTC).incident is None


@given(said=moments, arrived=moments)
def test_a_wrong_clock_neither_reaches_far_back_nor_ahead(said: datetime, arrived: datetime) -> None:
    assert arrived - REACH <= clamped(said, arrived) <= arrived
    if arrived - REACH <= said <= arrived:
        assert clamped(said, arrived) == said


@given(occurred=moments, ahead=st.none() | st.integers(-(10**9), 10**9), arrived=moments)
def test_a_record_never_holds_after_it_arrived(occurred: datetime, ahead: int | None, arrived: datetime) -> None:
    held = effective_at(occurred, ahead, arrived)
    assert held <= arrived
    assert held in {arrived, occurred - timedelta(milliseconds=ahead or 0)}


def test_a_clock_that_is_ahead_is_set_back() -> None:
    noon = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
    assert effective_at(noon, 90_000, noon) == noon - timedelta(seconds=90)
    assert effective_at(noon, -90_000, noon + timedelta(hours=1)) == noon + timedelta(seconds=90)
