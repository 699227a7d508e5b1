"""A bulletin for the public (新闻发布): chosen figures, and none so small that it points at somebody.

A count of one to four says too much about few people: it is left out, and so is what it could be worked out from (the other side of the same
whole, and a second number of a column whose sum is told).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lianfang.headquarters.bulletins import wording
from lianfang.headquarters.bulletins.definitions import definition

SMALLEST_TOLD = 5
"""Counts below this are not made public (a custom of open humanitarian data; no law of the field names a number)."""

_SIDES = (("doors_settled", "doors_open"), ("round_settled", "round_open"))
_OTHER_SIDE = {one: other for pair in _SIDES for one, other in (pair, pair[::-1])}
Content = dict[str, Any]


def small(value: int | None) -> bool:
    """Whether a count points at somebody."""
    return value is not None and 0 < value < SMALLEST_TOLD


def released(content: Mapping[str, Any]) -> Content:
    """The same bulletin as far as the public may know it."""
    public = definition(content["definition"]["key"]).public
    figures = {key: told for key, told in content["figures"].items() if key in public}
    hidden = {key for key, told in figures.items() if _points(told)}
    hidden |= {_OTHER_SIDE[key] for key in hidden if key in _OTHER_SIDE}
    kept = {key: told | ({"value": None} if key in hidden else {}) for key, told in figures.items()}
    sections = [section | {"lines": lines} for section in content["sections"] if (lines := _lines(section["lines"], kept))]
    return {
        **content,
        "release": True,
        "figures": kept,
        "words": [words for words in content["words"] if _sayable(words, kept)],
        "sections": sections,
        "parts": _parts(content["parts"], public, hidden),
        "revisions": _revisions(content["revisions"], kept),
    }


def _points(told: Mapping[str, Any]) -> bool:
    whole = told["denominator"]
    return small(told["value"]) or (whole is not None and small(whole - told["value"]))


def _lines(lines: Sequence[Mapping[str, Any]], kept: Mapping[str, Any]) -> list[Content]:
    found = []
    for line in lines:
        shown = {side: line[side] if line[side] in kept else None for side in ("during", "standing")}
        if any(shown.values()):
            found.append({**line, **shown})
    return found


def _sayable(words: Mapping[str, str], kept: Mapping[str, Any]) -> bool:
    wanted = {key for what, key in wording.segments(words["en"]) if what != "text"}
    return all(key in kept and kept[key]["value"] is not None for key in wanted)


def _revisions(revisions: Sequence[Mapping[str, Any]], kept: Mapping[str, Any]) -> list[Content]:
    found = []
    for revision in revisions:
        changes = [
            change for change in revision["changes"] if change["figure"] in kept and not small(change["was"]) and not small(change["is"])
        ]
        if changes:
            found.append({**revision, "changes": changes, "why": None})
    return found


def _parts(parts: Mapping[str, Any], public: frozenset[str], hidden: set[str]) -> Content:
    at = [number for number, column in enumerate(parts["columns"]) if column["figure"] in public]
    columns = [parts["columns"][number] for number in at]
    keys = [column["figure"] for column in columns]
    rows: list[list[int | None]] = [[row["values"][number] for number in at] for row in parts["rows"]]
    while _hide_more(rows, keys):
        pass
    return {
        **parts,
        "columns": columns,
        "rows": [{**row, "values": values} for row, values in zip(parts["rows"], rows, strict=True)],
        "sum": [None if key in hidden else parts["sum"][number] for key, number in zip(keys, at, strict=True)],
    }


def _hide_more(rows: list[list[int | None]], keys: Sequence[str]) -> bool:
    """One pass: small ones, the other side of a hidden one, and a second one where only one of a column is hidden. Whether any was."""
    before = [list(values) for values in rows]
    for values in rows:
        for number, key in enumerate(keys):
            if small(values[number]):
                values[number] = None
            other = _OTHER_SIDE.get(key)
            if values[number] is None and other in keys:
                values[keys.index(other)] = None
    for number in range(len(keys)):
        told = [(values[number] or 0, values) for values in rows if values[number] is not None]
        if len(rows) - len(told) == 1 and told:
            least = min(told, key=lambda pair: (pair[0] == 0, pair[0]))
            least[1][number] = None
    return rows != before
