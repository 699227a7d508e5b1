"""Words of a kind in both languages, beside the field they belong to.

The English text is also the gettext message id; the Chinese term is the field's own word, for forms and `docs/records.md`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import msgspec


class Choice(StrEnum):
    """A value of a record with its words: `SEEN = "seen", "seen in person", "见面"`. Stored values never change."""

    english: str
    term: str

    def __new__(cls, value: str, english: str = "", term: str = "") -> Self:
        """A member whose value is the first word."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.english = english
        member.term = term
        return member


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset from UTC: one without cannot be compared."""


def words(english: str, term: str, meaning: str = "", **limits: Any) -> msgspec.Meta:
    """The words of a field and, by name, the limits of its value (`ge`, `le`, …)."""
    return msgspec.Meta(title=english, description=meaning or None, extra_json_schema={"term": term}, **limits)
