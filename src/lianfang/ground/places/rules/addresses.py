"""The words of an address: what people write made plain, and the numbers of building, unit, floor and room found in it.

Nothing here knows a single place. A *tail* is the last run of numbered words of a text ("3栋2单元501室", "3-2-501", "A座1203"); what
stands before it are names (`address_names`), what stands after it nobody understands. Which number is what depends on the
buildings that there are (`address_roles`, `address_doors`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lianfang.ground.places.rules.numerals import value

LONGEST = 200  # characters of an address that are read; the rest is a story
MOST_TOKENS = 6


class Hint(StrEnum):
    """What the word behind a number says it numbers."""

    BUILDING = "building"  # 栋 幢 座 号楼
    UNIT = "unit"  # 单元 梯
    DOORWAY = "doorway"  # 门: of a unit in the middle, of a home at the end
    FLOOR = "floor"  # 层
    STOREY = "storey"  # 楼: a building, or a floor
    ROOM = "room"  # 室 户
    NUMBER = "number"  # 号: a house, or a room
    MARK = "mark"  # #: anything
    GROUP = "group"  # 组 排 区 期: what comes before the number of a building
    NONE = "none"


_WORDS = {
    Hint.BUILDING: "号楼栋 号楼 号栋 号幢 号座 栋楼 座楼 幢楼 #楼 #栋 栋 幢 座",
    Hint.UNIT: "号单元 单元门 单元 号门洞 门洞 号门 号口 单 梯 口 #单元",
    Hint.DOORWAY: "门",
    Hint.FLOOR: "楼层 层",
    Hint.STOREY: "楼",
    Hint.ROOM: "号房间 房间 号房 号室 号户 室 房 户",
    Hint.NUMBER: "号",
    Hint.MARK: "#",
    Hint.GROUP: "村民小组 村民组 小组 组 社 屯 队 排 区 期 号大院 号院 号弄 院 弄",
}
_HINT_OF = {word: hint for hint, words in _WORDS.items() for word in words.split()}
_GROUP_WORDS = {"村民小组": "组", "村民组": "组", "小组": "组", "号大院": "院", "号院": "院", "号弄": "弄"}
_NUMERALS = "零〇一二三四五六七八九十百两"
_STEMS = "甲乙丙丁戊己庚辛"
_SIDES = "东西南北中左右"

_HINT = "|".join(sorted(map(re.escape, _HINT_OF), key=len, reverse=True))
# 社区 is a community, 三门峡 a city, 五口之家 a family: a word counts only where its number ends with it.
_AFTER = r"(?:(?<!社)|(?!区))(?:(?<!单)|(?=[0-9零〇一二三四五六七八九十]|$))"
_NUMBER = r"[A-Z]?\d{1,5}[A-Z]?(?![0-9A-Z])"
_HINTED = re.compile(
    rf"第?(?:(?P<low>负)?(?P<value>{_NUMBER}|\d{{1,5}}[{_STEMS}]|[{_STEMS}]\d{{1,2}}|[A-Z]{{1,2}}|[{_STEMS}]|[{_NUMERALS}]{{1,6}})|(?P<side>[{_SIDES}]{{1,2}}))(?P<hint>{_HINT}){_AFTER}"
)
_BARE = re.compile(
    rf"(?P<value>(?<![0-9A-Z])(?:{_NUMBER}(?:[{_STEMS}](?=-|$))?)|(?<![A-Z])[A-Z](?=-|\d)|[{_STEMS}](?=-|\d|$)|[{_NUMERALS}]{{1,6}}(?=-|$)|负\d{{1,5}}(?!\d))"
)
_SIDE_AT_END = re.compile(rf"(?P<value>[{_SIDES}])$")
_LETTER_THEN_ROOM = re.compile(r"([A-Z])(\d{3,5})")

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑−﹣ー﹘─━", "-") | {"№": "#", "﹟": "#", "○": "〇", "Ｏ": "O"})
_OLD_FORMS = str.maketrans("棟號樓單層門戶區幢參貳壹", "栋号楼单层门户区幢三二一")
_VALUE_CHARS = f"0-9A-Z{_NUMERALS}{_STEMS}"


@dataclass(frozen=True, slots=True)
class Token:
    """A number of a tail, with its plain value ("3", "A", "501", "3组"), the hint behind it, and where it stands in the text."""

    value: str
    hint: Hint
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tail:
    """A text cut into the names before the numbers, the numbers, and whatever comes after."""

    front: str
    tokens: tuple[Token, ...]
    trailing: str


def clean(text: str) -> str:
    """The text in plain characters, without marks: a dash is left only between two numbers that would otherwise run together."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].translate(_DASHES)).translate(_DASHES).translate(_OLD_FORMS).upper()
    plain = re.sub(rf"地下(?=[\d{_NUMERALS}]+[层楼])|(?<![0-9A-Z])-(?=\d{{1,2}}[层楼])", "负", plain)
    plain = re.sub(r"(?<=\d)[之的](?=\d)", "-", plain)
    plain = "".join(char if char.isalnum() or char in "#々" else "-" for char in plain)
    plain = re.sub(r"NO-*(?=\d)", "", plain)
    plain = re.sub(rf"(?<![{_VALUE_CHARS}])#", "", plain)
    return re.sub(rf"(?<![{_VALUE_CHARS}])-+|-+(?![{_VALUE_CHARS}])", "", re.sub("-+", "-", plain))


@lru_cache(maxsize=20_000)
def canonical(word: str) -> str:
    """A number or letter as it is compared: 03 is 3, 三 is 3, 五零一 is 501, b is B."""
    if re.fullmatch(f"[{_NUMERALS}]+", word):
        return str(value(word))
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", word.upper())


def label_key(label: str) -> str:
    """A room's label as it is compared: full width, 室 and leading zeros do not matter, 负 is a minus."""
    plain = unicodedata.normalize("NFKC", label.translate(_DASHES)).translate(_DASHES).upper()
    plain = re.sub(r"\s+", "", plain).replace("地下", "-").replace("负", "-")
    return canonical(re.sub(r"(?<=[0-9A-Z])(?:号房|号|室|户|房)$", "", plain))


def _token_at(text: str, at: int, before: Token | None) -> Token | None:
    """The numbered word that begins at a place of the text, if one does. A bare numeral (三) needs a number before it or a dash behind."""
    if found := _HINTED.match(text, at):
        word = found["side"] or found["value"]
        hint = _HINT_OF[found["hint"]]
        plain = ("-" if found["low"] else "") + (word if found["side"] else canonical(word))
        if hint is Hint.GROUP:
            plain += _GROUP_WORDS.get(found["hint"], found["hint"])
        return Token(plain, hint, at, found.end())
    if found := _BARE.match(text, at):
        word = found["value"]
        if word[0] in _NUMERALS and before is None and text[found.end() : found.end() + 1] != "-":
            return None
        return Token(canonical(word).replace("负", "-"), Hint.NONE, at, found.end())
    if before is not None and before.hint in {Hint.FLOOR, Hint.STOREY} and (found := _SIDE_AT_END.match(text, at)):
        return Token(found["value"], Hint.NONE, at, found.end())
    return None


def _last_run(text: str) -> list[Token]:
    """The last numbered words that follow each other without anything between them but a dash."""
    last: list[Token] = []
    run: list[Token] = []
    at = 0
    while at < len(text):
        token = _token_at(text, at, run[-1] if run else None)
        if token is not None:
            run.append(token)
            last = run
            at = token.end
        elif text[at] == "-":
            at += 1
        else:
            run = []
            at += 1
    return last


@lru_cache(maxsize=50_000)
def read_tail(text: str) -> Tail:
    """Cut a text that `clean` made plain."""
    tokens = _last_run(text)[-MOST_TOKENS:]
    if not tokens:
        return Tail(text, (), "")
    return Tail(text[: tokens[0].start].rstrip("-"), tuple(tokens), text[tokens[-1].end :].lstrip("-"))


def split_letter(tokens: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """A1203 read as A and 1203, where a text has such a word without a hint; None where it has none."""
    for number, token in enumerate(tokens):
        if (token.hint in {Hint.NONE, Hint.ROOM}) and (found := _LETTER_THEN_ROOM.fullmatch(token.value)):
            cut = token.start + 1
            pair = (Token(found[1], Hint.NONE, token.start, cut), Token(canonical(found[2]), token.hint, cut, token.end))
            return (*tokens[:number], *pair, *tokens[number + 1 :])
    return None
