"""What a program needs to draw the form of a kind of record: fields with their sorts, limits and words in both languages."""

from __future__ import annotations

from typing import Any

import msgspec

from lianfang.ledger.kinds.registry import Kind
from lianfang.ledger.kinds.words import Choice


def both(english: str, term: str) -> dict[str, str]:
    """Words in both languages."""
    return {"zh": term, "en": english}


def drawn(kind: Kind) -> dict[str, Any]:
    """A kind as a form: its words, where it is recorded, and its fields in the order of the payload."""
    return {
        "name": kind.name,
        "version": kind.version,
        "title": both(kind.english, kind.term),
        "levels": list(kind.levels),
        "ability": kind.ability,
        "subject": kind.subject.value if kind.subject else None,
        "subject_needed": kind.subject_needed,
        "remark_needed": kind.remark_needed,
        "fields": _fields(kind),
    }


def _fields(kind: Kind) -> list[dict[str, Any]]:
    schema = kind.schema()["$defs"][kind.body.__name__]
    choices = {field.encode_name: _choices(field.type) for field in msgspec.structs.fields(kind.body)}
    return [
        {
            "name": name,
            "title": both(told.get("title", name), told.get("term", name)),
            **_form(told, choices[name]),
            "required": name in schema.get("required", ()),
        }
        for name, told in schema["properties"].items()
    ]


def _form(told: dict[str, Any], choices: list[dict[str, Any]]) -> dict[str, Any]:
    """The sort of a field and its limits."""
    form = next(one for one in told.get("anyOf", [told]) if one.get("type") != "null")
    if choices:
        return {"sort": "choice", "choices": choices}
    limits = {"least": form.get("minimum"), "most": form.get("maximum"), "pattern": form.get("pattern")}
    return {"sort": _sort(form), **{name: limit for name, limit in limits.items() if limit is not None}}


_SORTS = {"integer": "count", "boolean": "yes_no", "number": "number", "object": "map"}
_FORMATS = {"date-time": "moment", "date": "day", "uuid": "id"}


def _sort(form: dict[str, Any]) -> str:
    return _FORMATS.get(form.get("format", "")) or _SORTS.get(form["type"], "text")


def _choices(told: Any) -> list[dict[str, Any]]:
    """The words of a field that is one of a list, wherever in its annotation the list stands."""
    if isinstance(told, type) and issubclass(told, Choice):
        return [{"code": one.value, "title": both(one.english, one.term)} for one in told]
    return next((found for part in getattr(told, "__args__", ()) if (found := _choices(part))), [])
