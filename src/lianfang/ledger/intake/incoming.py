"""What arrives: one record with its envelope, read strictly, and its fingerprint.

Reading knows nothing of the trade: it says whether the form is whole. Messages never repeat what was sent, since
whatever was sent may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.types import Unreadable


class _Named(Struct):
    id: UUID


_records = msgspec.json.Decoder(Incoming)
_names = msgspec.json.Decoder(_Named)
_canonical = msgspec.json.Encoder(order="deterministic")
_UUID_TEXT = re.compile(r"[0-9a-fA-F-]{32,36}")


def read(raw: bytes | msgspec.Raw | Mapping[str, Any]) -> Incoming:
    """The record in what was sent. Raises `Unreadable`, saying where, never what."""
    try:
        return msgspec.convert(raw, Incoming) if isinstance(raw, Mapping) else _records.decode(raw)
    except msgspec.ValidationError as wrong:
        raise unreadable(wrong) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(at="$", why="this is not JSON") from None


def name_of(raw: bytes | msgspec.Raw | Mapping[str, Any]) -> str:
    """The id of something that could not be read, for its verdict; empty where even that is not to be had."""
    if isinstance(raw, Mapping):
        said = str(raw.get("id", ""))
        return said if _UUID_TEXT.fullmatch(said) else ""
    try:
        return str(_names.decode(raw).id)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def unreadable(wrong: msgspec.ValidationError, inside: str = "$") -> Unreadable:
    """The refusal for a form that is not whole: the field and what was expected, with everything sent left out."""
    text = str(wrong)
    where = re.search(r" - at `\$([\w.\[\]]*)`$", text)
    why = re.sub(r" - at `.*`$", "", text)
    why = re.sub(r"'.*'", "…", why)
    why = re.sub(r"unknown field `.*`", "an unknown field", why)
    return Unreadable(at=inside + (where.group(1) if where else ""), why=why)


def digest(record: Incoming, actor: UUID | None) -> bytes:
    """The fingerprint by which a repetition is told from a conflict: all that was sent, and who acted.

    With the actor in it, somebody else who sends the same content under the same id has sent something else.
    """
    return blake2b(_canonical.encode((record, actor)), digest_size=16).digest()
