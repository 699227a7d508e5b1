"""Identifiers carry their time, and what follows from a cause has one id only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.ids import derived_id, is_v7, new_id, time_of

moments = st.datetimes(datetime(1970, 1, 2), datetime(2150, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(moments)
def test_an_id_tells_when_it_was_made(moment: datetime) -> None:
    made = new_id(moment)
    assert is_v7(made)
    assert made.variant == "specified in RFC 4122"
    assert abs(time_of(made) - moment) <= timedelta(milliseconds=1)


@given(moments, st.text(max_size=20))
def test_what_follows_from_a_cause_has_one_id(moment: datetime, name: str) -> None:
    cause = new_id(moment)
    assert derived_id(cause, name) == derived_id(cause, name) != derived_id(cause, name + "x")
    assert is_v7(derived_id(cause, name))
    assert time_of(derived_id(cause, name)) == time_of(cause)


def test_ids_do_not_repeat_and_other_versions_are_told_apart() -> None:
    at = datetime(2022, 3, 12, 14, 5, tzinfo=UTC)
    assert len({new_id(at) for _ in range(10_000)}) == 10_000
    assert not is_v7(uuid4())
    assert not is_v7(UUID(int=0))
