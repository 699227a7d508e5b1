"""Where people went, as it is written by hand: a code, the name of a division, a country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel.errors import Refused
from lianfang.kernel.ranges import Range
from lianfang.work.rounds.lists.headings import COUNTRIES, plain

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

EVERYWHERE = (Range(0, 2**63 - 1),)
_ENDINGS = {"省", "市", "县", "区", "旗", "盟", "州", "自治区", "自治州", "自治县", "街道", "镇", "乡"}

_MOST = 500  # places of one name: 城关镇
_ABOVE = re.compile("[省市县区旗盟州](?=.{2})")
_ONLY_IN_LISTS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class WhereToNotUnderstood(Refused):
    """A place is written by its full name (province, city, county, street; 湖北省武汉市), by its twelve-digit code, or as a country."""


class WhereTo:
    """Reads what is written; each text is looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def read(self, cell: object) -> str | None:
        """The twelve-digit code or the two letters of a country; None where nothing is written. Raises WhereToNotUnderstood."""
        text = plain(cell)
        if not text:
            return None
        if text not in self._known:
            self._known[text] = _country(text) or _division(text)
        return self._known[text]


def _country(text: str) -> str | None:
    return COUNTRIES.get(text) or (text.upper() if re.fullmatch("[A-Za-z]{2}", text) else None)


def _division(text: str) -> str:
    """The one division that is called so: by its full name, or by it without “市”, “县” and the like."""
    if re.fullmatch("[0-9]{12}", text):
        return text
    called = _called(text, "")
    for cut in [found.end() for found in _ABOVE.finditer(text)][::-1]:
        called = called or _called(text[cut:], text[:cut])
    if len(called) != 1:
        raise WhereToNotUnderstood
    return str(called[0].code)


def _called(text: str, above: str) -> list[Place]:
    """Divisions that are called so, by their full name or without “市”, “县” and the like; `above` are the names written before it."""
    found = {
        one.place.code: one.place
        for one in places.find(text, EVERYWHERE, limit=_MOST)
        if one.place and one.place.code and one.place.valid_to is None
        and "".join(name for name in one.path if name not in _ONLY_IN_LISTS).endswith(above)
    }  # fmt: skip
    divisions = [place for place in found.values() if place.at_level.depth < Level.COMMUNITY.depth]
    return [place for place in divisions if place.name == text] or [
        place for place in divisions if not above and place.name.removeprefix(text) in _ENDINGS
    ]


_NAMES_OF_COUNTRIES = {code: name for name, code in COUNTRIES.items()}


def named(origins: Iterable[str]) -> dict[str, str]:
    """Codes of divisions and countries as they are called, a division with the one above it: 湖北省武汉市."""
    codes = set(origins)
    divisions = places.by_codes({code for code in codes if code.isdigit()})
    found = {code: _NAMES_OF_COUNTRIES.get(code, code) for code in codes}
    return found | {code: f"{one.parent.name if one.parent else ''}{one.name}" for code, one in divisions.items()}
