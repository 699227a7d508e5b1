"""Pictures are taken as an app draws them anew, and with nothing beside."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.errors import Refused
from lianfang.kernel.jpeg import NotAPicture, Size, TellsMore, size_of
from tests.factories.pictures import JFIF, PLACE, jpeg, segment

WHOLE = jpeg(1280, 720)
HARMLESS = segment(0xE2, b"ICC_PROFILE\0\1\1x") + segment(0xEE, b"Adobe\0d") + b"\xff\x01" + segment(0xDD, b"\0\4")


@pytest.mark.parametrize("picture", [WHOLE, jpeg(1280, 720, heads=HARMLESS), jpeg(1280, 720, heads=b"\xff\xff")])
def test_a_plain_picture_says_its_size(picture: bytes) -> None:
    assert size_of(picture) == Size(1280, 720)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (jpeg(heads=segment(0xE1, PLACE)), TellsMore),
        (jpeg(heads=segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0")), TellsMore),
        (jpeg(heads=segment(0xED, b"Photoshop 3.0\0")), TellsMore),
        (jpeg(heads=segment(0xFE, b"a word")), TellsMore),
        (jpeg(heads=segment(0xE2, b"MPF\0more pictures")), TellsMore),
        (jpeg(heads=segment(0xE0, JFIF + b"a small one")), TellsMore),
        (jpeg(behind=b"PK"), TellsMore),
        (b"", NotAPicture),
        (b"\x89PNG\r\n", NotAPicture),
        (b"\xff\xd8\xff\xd9", NotAPicture),
        (b"\xff\xd8\xff", NotAPicture),
        (b"\xff\xd8\xff\xdb\0\1", NotAPicture),
        (b"\xff\xd8\xff\xdb\0\x09x", NotAPicture),
        (WHOLE[:-2], NotAPicture),
        (WHOLE[:-1], NotAPicture),
    ],
)
def test_what_is_no_picture_or_tells_more_is_refused(picture: bytes, why: type[Refused]) -> None:
    with pytest.raises(why):
        size_of(picture)


@given(st.integers(2, len(WHOLE) - 1), st.binary(max_size=40))
def test_whatever_is_damaged_is_read_to_its_end_or_refused(at: int, instead: bytes) -> None:
    with suppress(NotAPicture, TellsMore):
        size_of(WHOLE[:at] + instead + WHOLE[at + len(instead) :])
