"""Numbers of papers: what is read, what is refused and in which words. All numbers are invented but the specimen of GB 11643."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.people.rules.papers import Paper, check_character, guess_kind, plain, read_paper
from lianfang.ground.people.types import (
    PaperCharacterWrong,
    PaperCheckWrong,
    PaperDateWrong,
    PaperFormWrong,
    PaperKind,
    PaperLengthWrong,
    PaperUnreadable,
    Sex,
)

SPECIMEN = "11010519491231002X"


def test_the_specimen_of_the_standard_reads() -> None:
    assert read_paper(SPECIMEN) == Paper(PaperKind.RESIDENT_ID, SPECIMEN, date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    "written", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X"]
)
def test_one_number_however_it_is_written(written: str) -> None:
    assert read_paper(written).number == SPECIMEN


@pytest.mark.parametrize(
    ("number", "reason", "facts"),
    [
        ("1101051949123100", PaperLengthWrong, {"found": 16, "expected": 18}),
        ("110105194912310021", PaperCheckWrong, {}),
        ("11010519491331002X", PaperDateWrong, {}),
        ("11010518001231002X", PaperDateWrong, {}),
        ("1101051949123100AX", PaperCharacterWrong, {}),
        ("11010519491231X02X", PaperCharacterWrong, {}),
    ],
)
def test_what_is_wrong_is_said_and_the_number_is_not(number: str, reason: type[PaperUnreadable], facts: dict[str, int]) -> None:
    with pytest.raises(reason) as refused:
        read_paper(number, PaperKind.RESIDENT_ID)
    assert refused.value.facts == facts
    assert number not in str(refused.value)


def eighteen(region: str, born: str = "19810803", order: str = "003") -> str:
    body = region + born + order
    return body + check_character(body)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (eighteen("810000"), PaperKind.HK_MACAU_TAIWAN),
        (eighteen("830000"), PaperKind.HK_MACAU_TAIWAN),
        (eighteen("911124"), PaperKind.FOREIGNER),
        ("USA310081111111", PaperKind.FOREIGNER),
        ("H12345678", PaperKind.HKM_TRAVEL),
        ("12345678", PaperKind.TAIWAN_TRAVEL),
        ("E12345678", PaperKind.PASSPORT),
        (eighteen("999999"), PaperKind.RESIDENT_ID),
        (eighteen("220104"), PaperKind.RESIDENT_ID),
        ("", PaperKind.NONE),
    ],
)
def test_a_list_that_does_not_say_which_paper_is_understood(number: str, kind: PaperKind) -> None:
    assert guess_kind(number) == kind
    assert read_paper(number).kind == kind
    assert read_paper(number).number == number


def test_the_older_permit_of_eleven_characters_is_the_same_persons() -> None:
    assert read_paper("H1234567801").number == read_paper("H12345678").number


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (eighteen("810000"), PaperKind.RESIDENT_ID),
        (eighteen("220104"), PaperKind.HK_MACAU_TAIWAN),
        (eighteen("220104"), PaperKind.FOREIGNER),
        ("X12345678", PaperKind.HKM_TRAVEL),
        ("ABCDEFGH", PaperKind.TAIWAN_TRAVEL),
        ("中文", PaperKind.PASSPORT),
    ],
)
def test_a_number_of_another_kind_of_paper_is_refused(number: str, kind: PaperKind) -> None:
    with pytest.raises((PaperFormWrong, PaperCharacterWrong)):
        read_paper(number, kind)


@pytest.mark.parametrize(
    ("number", "kind"), [("H123", PaperKind.HKM_TRAVEL), ("123", PaperKind.TAIWAN_TRAVEL), ("9" * 41, PaperKind.OTHER)]
)
def test_too_short_or_too_long(number: str, kind: PaperKind) -> None:
    with pytest.raises(PaperLengthWrong):
        read_paper(number, kind)


def test_another_paper_is_kept_as_it_is() -> None:
    assert read_paper("出生医学证明 A220001", PaperKind.OTHER) == Paper(PaperKind.OTHER, "出生医学证明A220001")


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_mistyped_character_is_always_noticed(born: date, order: int, at: int, wrong: str) -> None:
    number = eighteen("220104", f"{born:%Y%m%d}", f"{order:03d}")
    assert read_paper(number).birth == born
    if number[at] != wrong:
        with pytest.raises(PaperUnreadable):
            read_paper(number[:at] + wrong + number[at + 1 :], PaperKind.RESIDENT_ID)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        number = read_paper(text).number
    except PaperUnreadable as refused:
        number = str(refused)
    assert plain(text).startswith(number) or len(plain(text)) < 6 or plain(text) not in number
