"""What a bulletin says, in both languages at once: what is published stays readable in both, whatever the catalogue becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext, override

from lianfang.kernel import clock
from lianfang.kernel.figures import Unit

LANGUAGES = {"en": "en", "zh": "zh-hans"}
Words = dict[str, str]
UNITS: dict[str, Words] = {
    Unit.HOUSEHOLDS: {"en": "doors", "zh": "户"},
    Unit.VISITS: {"en": "visits", "zh": "户次"},
    Unit.PEOPLE: {"en": "people", "zh": "人"},
    Unit.PEOPLE_TIMES: {"en": "times", "zh": "人次"},
    Unit.ITEMS: {"en": "items", "zh": "件"},
    Unit.MINUTES: {"en": "minutes", "zh": "分钟"},
}
_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.share)?)\}")


def both(message: str, **facts: str) -> Words:
    """A message in both languages."""
    found = {}
    for key, code in LANGUAGES.items():
        with override(code):
            said = gettext(message)
        found[key] = said.format(**facts) if facts else said
    return found


def language() -> str:
    """The language of the reader, as a key of `LANGUAGES`."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def number(value: int | None) -> str:
    """1,204; a dash where there is nothing to be told."""
    return "–" if value is None else f"{value:,}"


def share(part: int | None, whole: int | None) -> str:
    """64.7%. Never 100% while anything is missing, nor 0% while anything is there; empty where there is nothing to share."""
    if part is None or not whole:
        return ""
    per_mille = part * 1000 // whole if part * 2 > whole else -(-part * 1000 // whole)
    return f"{per_mille // 10}.{per_mille % 10}%"


def segments(text: str) -> list[tuple[str, str]]:
    """A sentence in pieces: ("text", words), ("value", figure) and ("share", figure)."""
    found: list[tuple[str, str]] = []
    at = 0
    for hit in _PLACEHOLDER.finditer(text):
        found.append(("text", text[at : hit.start()]))
        key, _, share_of = hit.group(1).partition(".")
        found.append(("share" if share_of else "value", key))
        at = hit.end()
    found.append(("text", text[at:]))
    return [piece for piece in found if piece[1]]


def day(value: date, lang: str) -> str:
    """2026年3月11日 or 11 Mar 2026."""
    return f"{value.year}年{value.month}月{value.day}日" if lang == "zh" else f"{value.day} {value:%b} {value.year}"


def moment(value: datetime, lang: str) -> str:
    """2026年3月12日 07:30."""
    local = clock.local(value)
    return f"{day(local.date(), lang)} {local:%H:%M}"


def period(first: date, last: date, lang: str) -> str:
    """One day, or from one to another."""
    if first == last:
        return day(first, lang)
    return f"{day(first, lang)}{'至' if lang == 'zh' else ' – '}{day(last, lang)}"


def in_language(words: Mapping[str, Any], lang: str) -> str:
    """One of both."""
    return str(words.get(lang) or words.get("en") or "")
