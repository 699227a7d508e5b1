"""Numbers of identity papers: reading, checking, and what they say about their holder.

Sources: GB 11643-1999 (resident identity number, 18 characters, check by ISO 7064 MOD 11-2; the same form for the
residence permits of Hong Kong, Macau and Taiwan residents, address codes 810000, 820000, 830000, and for the permanent
residence card of foreigners since 2023, which begins with 9); permits to travel to the mainland; passports by ICAO 9303.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul

from lianfang.ground.people.types import (
    PaperCharacterWrong,
    PaperCheckWrong,
    PaperDateWrong,
    PaperFormWrong,
    PaperKind,
    PaperLengthWrong,
    Sex,
)

LENGTH = 18
_EARLIEST_BIRTH = date(1850, 1, 1)  # nobody alive was born before: a slip of the pen
_WIDTH_ON_PAPER = 40
_FOREIGNER_BEFORE_2023 = 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_OF_ZEROS = sum(_WEIGHTS) * ord("0")
_CHECKS = "10X98765432"
# Provinces of GB/T 2260, first two digits; 99 is allotted to nobody and serves specimens and demonstrations.
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71)"
_OF_FOREIGNERS = rf"9{_PROVINCE}\d{{14}}[\dX]"
_PERMIT_REGIONS = ("810000", "820000", "830000")
_PLAIN_RESIDENT = re.compile(rf"(?:{_PROVINCE}|99)\d{{15}}[\dX]", re.ASCII)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACING = re.compile(r"[\s\-‐-―－_.,'’`]+")


@dataclass(frozen=True, slots=True)
class Paper:
    """One identity paper as it is kept: number in its one normal form, and what the number itself says."""

    kind: PaperKind
    number: str
    birth: date | None = None
    sex: Sex | None = None


def plain(text: str) -> str:
    """The characters of a number alone: half-width, upper-case, without spaces, hyphens and stray marks."""
    return _SPACING.sub("", text.translate(_FULL_WIDTH)).upper()


def check_character(first_seventeen: str) -> str:
    """The 18th character that GB 11643 asks for after these 17 digits."""
    return _CHECKS[(sum(map(mul, first_seventeen.encode(), _WEIGHTS)) - _OF_ZEROS) % 11]


@lru_cache(maxsize=1 << 16)
def _born(digits: str) -> date | None:
    """The day that eight digits mean, None where they mean none. Remembered: a roster asks for the same days again and again."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day >= _EARLIEST_BIRTH else None


def _expect_length(number: str, expected: int) -> None:
    if len(number) != expected:
        raise PaperLengthWrong(found=len(number), expected=expected)


def _expect_form(number: str, form: str) -> None:
    if not re.fullmatch(form, number, re.ASCII):
        raise PaperFormWrong


def _eighteen(kind: PaperKind, number: str) -> Paper:
    """A number of the form of GB 11643: six digits of place, eight of birth, three in order (odd: male), one check."""
    _expect_length(number, LENGTH)
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise PaperCharacterWrong
    birth = _born(number[6:14])
    if birth is None:
        raise PaperDateWrong
    if check_character(number[:17]) != number[17]:
        raise PaperCheckWrong
    return Paper(kind, number, birth, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def _resident(number: str) -> Paper:
    paper = _eighteen(PaperKind.RESIDENT_ID, number)
    if not re.match(rf"{_PROVINCE}|99", number):
        raise PaperFormWrong
    return paper


def _permit_of_residence(number: str) -> Paper:
    _expect_length(number, LENGTH)
    if number[:6] not in _PERMIT_REGIONS:
        raise PaperFormWrong
    return _eighteen(PaperKind.HK_MACAU_TAIWAN, number)


def _foreigner(number: str) -> Paper:
    """Eighteen characters that begin with 9 since 2023; before, three letters of the nationality and twelve digits."""
    if number[:1].isalpha():
        _expect_length(number, _FOREIGNER_BEFORE_2023)
        _expect_form(number, r"[A-Z]{3}\d{12}")
        return Paper(PaperKind.FOREIGNER, number)
    paper = _eighteen(PaperKind.FOREIGNER, number)
    _expect_form(number, _OF_FOREIGNERS)
    return paper


def _hong_kong_macau(number: str) -> Paper:
    """H or M and eight digits for life; older cards add two digits for the issue, which are not kept."""
    if len(number) not in (9, 11):
        raise PaperLengthWrong(found=len(number), expected=9)
    _expect_form(number, r"[HM]\d{8}(\d{2})?")
    return Paper(PaperKind.HKM_TRAVEL, number[:9])


def _taiwan(number: str) -> Paper:
    """Eight digits for life; the paper booklets of earlier years had ten and a letter."""
    if len(number) not in (8, 10, 11):
        raise PaperLengthWrong(found=len(number), expected=8)
    _expect_form(number, r"\d{8}|\d{10}[A-Z]?")
    return Paper(PaperKind.TAIWAN_TRAVEL, number)


def _passport(number: str) -> Paper:
    _expect_form(number, r"[A-Z0-9]{5,12}")
    return Paper(PaperKind.PASSPORT, number)


def _other(number: str) -> Paper:
    if len(number) > _WIDTH_ON_PAPER:
        raise PaperLengthWrong(found=len(number), expected=_WIDTH_ON_PAPER)
    return Paper(PaperKind.OTHER, number)


_READERS: dict[PaperKind, Callable[[str], Paper]] = {
    PaperKind.RESIDENT_ID: _resident,
    PaperKind.HK_MACAU_TAIWAN: _permit_of_residence,
    PaperKind.FOREIGNER: _foreigner,
    PaperKind.HKM_TRAVEL: _hong_kong_macau,
    PaperKind.TAIWAN_TRAVEL: _taiwan,
    PaperKind.PASSPORT: _passport,
    PaperKind.OTHER: _other,
}


def guess_kind(text: str) -> PaperKind:
    """The kind of paper a number most likely comes from, for lists that do not say."""
    number = plain(text)
    if not number:
        return PaperKind.NONE
    if number[:6] in _PERMIT_REGIONS:
        return PaperKind.HK_MACAU_TAIWAN
    if re.fullmatch(r"[HM]\d{8}(\d{2})?", number, re.ASCII):
        return PaperKind.HKM_TRAVEL
    if re.fullmatch(rf"{_OF_FOREIGNERS}|[A-Z]{{3}}\d{{12}}", number, re.ASCII):
        return PaperKind.FOREIGNER
    if re.fullmatch(r"\d{8}", number, re.ASCII):
        return PaperKind.TAIWAN_TRAVEL
    if re.fullmatch(r"[A-Z]{1,2}\d{6,9}", number, re.ASCII):
        return PaperKind.PASSPORT
    return PaperKind.RESIDENT_ID


def read_paper(text: str, kind: PaperKind | None = None) -> Paper:
    """The paper behind a number as people write it; without a kind it is guessed from the form.

    Raises a `PaperUnreadable` that says what is wrong, never the number itself. An empty text is "no paper".
    """
    if (kind is None or kind is PaperKind.RESIDENT_ID) and _PLAIN_RESIDENT.fullmatch(text):
        return _eighteen(PaperKind.RESIDENT_ID, text)  # nearly all are: written plainly, they need no guessing
    number = plain(text)
    kind = kind or guess_kind(number)
    if not number or kind is PaperKind.NONE:
        return Paper(PaperKind.NONE, "")
    return _READERS[kind](number)
