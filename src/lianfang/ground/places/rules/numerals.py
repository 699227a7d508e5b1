"""Numbers as people write them: full-width digits, Chinese numerals, number signs and dashes of every kind."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {**{char: value for value, char in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "".join(_DIGITS) + "".join(_TENS)
_MARKS = str.maketrans({
    "－": "-", "—": "-", "–": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "﹣": "-", "ー": "-", "﹘": "-",
    "，": ",", "；": ";", "：": ":", "～": "~", "〜": "~", "﹟": "#", "№": "#", "／": "/", "\\": "/", "·": "·", "\u3000": " ",
})  # fmt: skip
_ENGLISH = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "single": "1", "double": "2"}


def value(numeral: str) -> int:
    """The value of a Chinese numeral: 十八, 一百零一, and digit by digit 五零一."""
    if not any(char in _TENS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total = 0
    digit = None
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char] or None
        else:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
    return total + (digit or 0)


def normalised(text: str) -> str:
    """The text with plain digits, letters and marks, and numerals before the words of a layout as digits."""
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    plain = re.sub(
        rf"\b({'|'.join(_ENGLISH)})(?=\s+(?:digits?|doors?|units?|floors?|flats?))",
        lambda m: _ENGLISH[m[1].lower()],
        plain,
        flags=re.IGNORECASE,
    )
    return with_digits(plain)


def with_digits(text: str) -> str:
    """Numerals that count or number something (before 栋 单元 层 户 位 室 and the like, after 第 or a dash) as digits."""
    numeral = f"[{_NUMERAL}]+"
    before = re.compile(rf"({numeral})(?=\s*(?:[-~至到]\s*{numeral}\s*)?(?:个|号楼|号|栋|幢|座|单元|层|楼|户|室|门|位|房|家|组|梯|期|口))")
    after = re.compile(rf"(?<=[栋幢座楼元层号第梯口组\-#/])({numeral})(?=$|[^\w]|室|号|户|房)")
    counted = before.sub(lambda m: str(value(m[1])), text)
    return after.sub(lambda m: str(value(m[1])), counted)


def number_in(name: str) -> int | None:
    """The first number in a name ("3栋", "B12座"), None without one."""
    found = re.search(r"\d+", name)
    return int(found[0]) if found else None


_NUMBERED = re.compile(r"(?:[0-9]+|[a-z])(?:号楼|号院|号|栋|幢|座|楼|单元|#)?", re.IGNORECASE)


def is_numbered(name: str) -> bool:
    """Whether a name is but a number or a letter, like 3栋, 12号 or A座."""
    return _NUMBERED.fullmatch(normalised(name)) is not None
