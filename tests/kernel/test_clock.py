"""Days are days of the country, whatever the machine thinks."""

from datetime import UTC, date, datetime, timedelta

from lianfang.kernel import clock


def test_a_local_day_begins_at_four_in_the_afternoon_utc() -> None:
    first, after = clock.day_bounds(date(2022, 3, 12))
    assert first == datetime(2022, 3, 11, 16, tzinfo=UTC)
    assert after - first == timedelta(days=1)


def test_the_clock_can_be_held_and_runs_on_afterwards() -> None:
    with clock.frozen(datetime(2022, 3, 11, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2022, 3, 12)
        assert clock.local(clock.now()).hour == 0
    assert clock.now().year > 2022
