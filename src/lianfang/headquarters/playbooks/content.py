"""What a plan says, as it is stored; and the examples that are shipped, which a secretary copies and fills."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from lianfang.ground.incidents.types import IncidentKind
from lianfang.headquarters.playbooks.types import Content, UnknownExample

_EXAMPLES = Path(__file__).parent / "examples"


def as_stored(content: Content) -> dict[str, Any]:
    """A content as JSON."""
    stored: dict[str, Any] = msgspec.to_builtins(content)
    return stored


def as_content(stored: dict[str, Any]) -> Content:
    """A content from JSON."""
    return msgspec.convert(stored, Content)


@cache
def examples() -> dict[str, tuple[str, IncidentKind, Content]]:
    """The plans that are shipped, by name: what each is called, for which matter, and what it says."""
    found = {}
    for path in sorted(_EXAMPLES.glob("*.json")):
        form = json.loads(path.read_text())
        found[path.stem] = (form["name"], IncidentKind(form["kind"]), as_content(form["content"]))
    return found


def example(name: str) -> tuple[str, IncidentKind, Content]:
    """One of them. Raises UnknownExample."""
    if name not in examples():
        raise UnknownExample(name=name)
    return examples()[name]
