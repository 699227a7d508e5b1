"""One telephone number, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.people.rules.phones import last_four, normal_phone
from lianfang.ground.people.types import PhoneLengthWrong, PhoneUnreadable


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13812341234", "13812341234"),
        ("１３８ 1234-1234", "13812341234"),
        ("+86 138 1234 1234", "13812341234"),
        ("008613812341234", "13812341234"),
        ("8613812341234", "13812341234"),
        ("0431-81234567", "0431-81234567"),
        ("(0431) 8123 4567", "0431-81234567"),
        ("86 431 81234567", "0431-81234567"),
        ("010 62345678转12", "010-62345678-12"),
        ("81234567", "81234567"),
        ("8123456 分机 8", "8123456-8"),
        ("400 812 3456", "4008123456"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
        ("  ", ""),
    ],
)
def test_one_form(written: str, kept: str) -> None:
    assert normal_phone(written) == kept


@pytest.mark.parametrize("written", ["1381234123", "138123412345"])
def test_a_digit_too_many_or_too_few_is_named(written: str) -> None:
    with pytest.raises(PhoneLengthWrong) as refused:
        normal_phone(written)
    assert refused.value.facts == {"found": len(written)}


@pytest.mark.parametrize("written", ["王示例", "12345", "010-12345678", "1.38E+10", "12812341234"])
def test_what_is_no_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(PhoneUnreadable) as refused:
        normal_phone(written)
    assert written not in str(refused.value)


@pytest.mark.parametrize(("kept", "four"), [("13812341234", "1234"), ("0431-81234567", "4567"), ("010-62345678-12", "5678"), ("", "")])
def test_the_last_four_digits_leave_an_extension_out(kept: str, four: str) -> None:
    assert last_four(kept) == four


@given(st.text(max_size=25))
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    try:
        once = normal_phone(text)
    except PhoneUnreadable:
        return
    assert normal_phone(once) == once
