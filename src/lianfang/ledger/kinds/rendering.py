"""The published language in writing: `docs/records.md` for people, one JSON object for programs and phones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from lianfang.ledger import types
from lianfang.ledger.kinds.form import Channel, Incoming, NewDoor, NewPerson
from lianfang.ledger.kinds.registry import Kind, every

_HEAD = """# Records

Written by `tools/records_doc.py` from the kinds themselves; do not edit by hand.

A record is one fact: what was seen or done, by whom, where, when. It is never changed; a correction is a record of its own.
`./lianfang records send FILE.jsonl --as LOGIN --json` sends one record a line, phones send `{"records": [...]}` to `POST /intake/records`.
Sending again is always safe: the same id with the same content is one record.

## Fields of every record

"""
_VERDICTS = """
## Verdicts

Each record gets one: **kept**; **repeated** (it was there already); **refused**, with a code; **quarantined**: it lies outside what its
author may record there, and the secretary of the place decides.

| code | what it says |
|---|---|
"""


def all_kinds() -> list[dict[str, Any]]:
    """Every version of every kind, for programs: words, place levels, rights, payload schema, sample."""
    return [
        {
            "name": kind.name, "version": kind.version, "title": kind.english, "term": kind.term, "meaning": kind.meaning,
            "retention": kind.retention.value, "levels": list(kind.levels), "ability": kind.ability,
            "subject": kind.subject.value if kind.subject else None, "subject_needed": kind.subject_needed,
            "remark_needed": kind.remark_needed, "figures": list(kind.figures),
            "superseded_on": kind.superseded_on.isoformat() if kind.superseded_on else None,
            "schema": kind.schema(), "sample": dict(kind.sample),
        }
        for kind in every()
    ]  # fmt: skip


def document() -> str:
    """The whole of `docs/records.md`."""
    parts = [
        _HEAD,
        *_table(Incoming),
        "\n`envelope` holds, each optional: `remark` (free words), `photos` (base64 by question; docs/guides/field.md), `door` and `person`:\n\n",
    ]
    parts += ["A new door; the record's `place` is the id it shall have:\n\n", *_table(NewDoor)]
    parts += ["\nA new person; the record's `subject` is the id they shall have:\n\n", *_table(NewPerson)]
    parts += ["\n## Channels\n\n", *(f"- `{one.value}` {one.english}, {one.term}\n" for one in Channel)]
    for kind in every():
        parts += _section(kind)
    parts += [_VERDICTS, *(f"| `{one.code}` | {' '.join((one.__doc__ or '').split())} |\n" for one in types.VERDICT_REASONS)]
    return "".join(parts)


def _section(kind: Kind) -> Iterator[str]:
    yield f"\n## `{kind.name}` version {kind.version}: {kind.english} {kind.term}\n\n{kind.meaning}\n\n"
    where = ", ".join(kind.levels) or "any place"
    yield f"Place: {where}. Needs `{kind.ability}` there. Retention: {kind.retention.value}."
    if kind.subject:
        yield f" Subject: {'' if kind.subject_needed else 'may be '}the id of a {kind.subject.value}."
    if kind.remark_needed:
        yield " The envelope must bring a remark."
    if kind.figures:
        yield f" Figures: {', '.join(f'`{key}`' for key in kind.figures)}."
    yield "\n\n"
    yield from _table(kind.body)
    sample = msgspec.json.encode(kind.sample, order="deterministic").decode()
    yield f"\n```json\n{sample}\n```\n"


def _table(struct: type[msgspec.Struct]) -> Iterator[str]:
    """The fields of a struct, from its JSON schema."""
    schema = msgspec.json.schema(struct)
    definitions = schema["$defs"]
    fields = definitions[struct.__name__]
    yield "| field | form | meaning |\n|---|---|---|\n"
    for name, told in fields["properties"].items():
        must = "" if name in fields.get("required", ()) else ", optional"
        words = " ".join(filter(None, (told.get("title"), told.get("term"))))
        meaning = ": ".join(filter(None, (words, told.get("description"))))
        yield f"| `{name}` | {_form(told, definitions)}{must} | {meaning} |\n"


def _form(told: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "anyOf" in told:
        forms = [one for one in told["anyOf"] if one.get("type") != "null"]
        return _form(forms[0], definitions)
    if "$ref" in told:
        named = definitions[told["$ref"].rsplit("/", 1)[1]]
        return "one of " + " ".join(f"`{value}`" for value in named["enum"]) if "enum" in named else "object"
    if "pattern" in told and told["pattern"].startswith("^("):
        return "one of " + " ".join(f"`{value}`" for value in told["pattern"][2:-2].split("|"))
    limits = [f"{word} {told[key]}" for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most")) if key in told]
    return " ".join([told.get("format") or told.get("type", "any"), *limits])
