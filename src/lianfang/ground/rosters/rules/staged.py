"""A row between reading and comparing: what is kept of it, sealed, and how it is written down."""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec

from lianfang.ground.rosters.types import Column, Fault, RosterRow, RowKind, Weight
from lianfang.kernel.errors import Refused

Words = tuple[str, dict[str, Any]]
"""A refusal as it is kept: its code, and its facts."""

_TEXTS = (
    "name",
    "paper",
    "head",
    "household",
    "address",
    "building",
    "unit",
    "room",
    "living",
    "registered",
    "workplace",
    "from_place",
    "remark",
)
_DECODER = msgspec.json.Decoder(dict[str, Any])


def kept(row: RosterRow) -> bytes:
    """What is kept of a row; empty values and columns that are none of ours are not."""
    values: dict[str, Any] = {name: text for name in _TEXTS if (text := getattr(row, name))}
    values |= {
        name: value
        for name in ("sex", "birth", "paper_kind", "phones", "relation", "arrived")
        if (value := getattr(row, name)) is not None and value != ()
    }
    values["kinds"] = row.kinds
    if row.faults:
        values["faults"] = [(fault.column, as_words(fault.why), fault.weight) for fault in row.faults]
    return msgspec.json.encode(values)


def restored(text: str, *, sheet: str, line: int) -> RosterRow:
    """The row that was kept."""
    values = _DECODER.decode(text)
    faults = tuple(Fault(Column(column), as_refusal(*words), Weight(weight)) for column, words, weight in values.pop("faults", ()))
    row = msgspec.convert({**values, "sheet": sheet, "number": line, "kind": RowKind.PERSON}, RosterRow)
    return replace(row, faults=faults) if faults else row


def said_of(row: RosterRow) -> str:
    """What the row says of its person, in one text: the same text in a later file is no news."""
    told = (row.name, row.sex, row.birth, row.paper, row.phones, row.relation, row.head, row.address, row.kinds)
    return msgspec.json.encode(told).decode()


def as_words(why: Refused) -> Words:
    """A refusal to be kept. Facts that are no plain values are kept as text."""
    return why.code, {name: value if isinstance(value, str | int) else str(value) for name, value in why.facts.items()}


def as_refusal(code: str, facts: dict[str, Any]) -> Refused:
    """The refusal that was kept; one that no version of the program knows any more says only that."""
    kind = _kinds().get(code)
    return kind(**facts) if kind else Refused()


@lru_cache(maxsize=1)
def _kinds() -> dict[str, type[Refused]]:
    found: dict[str, type[Refused]] = {}
    todo: list[type[Refused]] = [Refused]
    while todo:
        kind = todo.pop()
        found.setdefault(kind.code, kind)
        todo += kind.__subclasses__()
    return found


def reason_words(code: str) -> str:
    """The words of a reason without its facts, to be translated: for lists of reasons with their numbers."""
    kind = _kinds().get(code)
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0] if kind else code
