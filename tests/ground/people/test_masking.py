"""What is shown without a reason never tells the value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.people.rules.masking import age_group, age_on, masked_name, masked_number, masked_phone
from lianfang.ground.people.types import AgeGroup

PHONES = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"0[0-9]{2,3}-[2-9][0-9]{6,7}(-[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    st.from_regex(r"[2-9][0-9]{6,7}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王示例", "王*"), ("欧阳示例", "欧*"), ("𠮷示例", "𠮷*"), ("Anna Muster", "A*"), ("阿不都·示例", "阿*"), ("王", "*"), ("", "")],
)
def test_of_a_name_the_first_character(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "110***********002X"), ("E12345678", "E******78"), ("12345678", "1*****78"), ("1234567", "*******"), ("", "")],
)
def test_of_a_paper_the_first_three_and_last_four(number: str, shown: str) -> None:
    assert masked_number(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("0431-81234567", "0431-*****567"),
        ("010-62345678-12", "010-*****678"),
        ("+85291234567", "*********567"),
        ("8123456", "*******"),
        ("", ""),
    ],
)
def test_of_a_phone_the_custom_of_the_country(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


def revealed(shown: str) -> int:
    return sum(character.isalnum() for character in shown)


@given(st.text(min_size=1, max_size=50))
def test_a_masked_name_shows_one_character_at_most(name: str) -> None:
    assert len(masked_name(name).replace("*", "")) <= 1
    assert masked_name(name).strip() != name.strip() or set(name.strip()) <= {"*"}


@given(st.text(alphabet="0123456789ABCDEFGHX", max_size=40))
def test_a_masked_number_shows_less_than_half(number: str) -> None:
    assert revealed(masked_number(number)) <= len(number) / 2
    assert len(masked_number(number)) == len(number)


@given(PHONES)
def test_a_masked_phone_hides_at_least_four_digits(phone: str) -> None:
    assert sum(character.isdigit() for character in phone) - revealed(masked_phone(phone)) >= 4


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2021, 1, 1), AgeGroup.INFANT),
        (date(2012, 3, 12), AgeGroup.CHILD),
        (date(2008, 3, 12), AgeGroup.MINOR),
        (date(2004, 3, 12), AgeGroup.ADULT),
        (date(1962, 3, 13), AgeGroup.ADULT),
        (date(1962, 3, 12), AgeGroup.ELDER),
        (date(1942, 3, 12), AgeGroup.AGED),
    ],
)
def test_the_band_of_age_changes_on_the_birthday(born: date, group: AgeGroup) -> None:
    assert age_group(born, date(2022, 3, 12)) == group


def test_one_born_on_a_leap_day_is_a_year_older_in_march() -> None:
    assert [age_on(date(2004, 2, 29), date(2022, month, day)) for month, day in ((2, 28), (3, 1))] == [17, 18]
