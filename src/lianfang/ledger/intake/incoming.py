"""What arrives: one record with its envelope, read strictly, and its fingerprint.

Reading knows nothing of the trade: it says whether the form is whole. Messages never repeat what was sent, since
whatever was sent may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import blake2b
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.types import Channel, Unreadable

REMARK_LENGTH = 2000
_HUGE = 2**53  # what every JSON reader keeps exactly

Short = Annotated[str, Meta(min_length=1, max_length=40)]


class NewDoor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A door that was found and is not on the list yet; the record's `place` is the id it shall have."""

    building: UUID
    label: Annotated[str, Meta(min_length=1, max_length=40, description="what is written on the door, such as 501")]
    unit: Annotated[UUID | None, Meta(description="the unit it lies in, where the building has units")] = None
    floor: Annotated[int, Meta(ge=-9, le=200)] | None = None
    kind: Annotated[str, Meta(pattern="^(dwelling|shop|office|bed)$")] = "dwelling"


class NewPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who was met and is not on the list yet; the record's `subject` is the id they shall have."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    household: Annotated[UUID, Meta(description="the household they belong to; one of this id is made at the door if there is none")]
    residence: Annotated[str, Meta(pattern="^(registered|actual)$")] = "actual"
    relation: Annotated[str, Meta(max_length=20)] = ""
    sex: Annotated[str, Meta(pattern="^(female|male|unknown)$")] = "unknown"
    birth: date | None = None
    paper: Annotated[str, Meta(max_length=40)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What travels beside the payload and goes to tables that can be erased."""

    door: NewDoor | None = None
    person: NewPerson | None = None
    remark: Annotated[str, Meta(min_length=1, max_length=REMARK_LENGTH)] | None = None


class Incoming(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record as it is sent: by a phone, a file of JSON lines, the API or a command."""

    id: Annotated[UUID, Meta(description="UUID version 7, made where the fact was recorded; the same id twice is the same record")]
    kind: Annotated[str, Meta(pattern="^[a-z_]{1,40}$", description="kind of record")]
    version: Annotated[int, Meta(ge=1, le=999, description="version of the kind")]
    place: Annotated[UUID, Meta(description="place where it was seen or done")]
    occurred_at: Annotated[datetime, Meta(description="when, by the clock of the device, with its offset from UTC")]
    payload: Annotated[dict[str, Any], Meta(description="the facts, as the kind says")]
    incident: Annotated[UUID | None, Meta(description="incident it belongs to; none in peacetime")] = None
    actor: Annotated[UUID | None, Meta(description="account that acted, if it is not the sender (paper, import)")] = None
    channel: Annotated[Channel | None, Meta(description="how it was learned")] = None
    subject: Annotated[UUID | None, Meta(description="person or matter that it is about, as the kind says")] = None
    skew: Annotated[
        Annotated[int, Meta(ge=-_HUGE, le=_HUGE)] | None,
        Meta(description="milliseconds by which the device's clock was last measured ahead"),
    ] = None
    device: Annotated[UUID | None, Meta(description="device that made it")] = None
    device_seq: Annotated[Annotated[int, Meta(ge=0, le=_HUGE)] | None, Meta(description="its counter on that device")] = None
    corrects: Annotated[UUID | None, Meta(description="record that this one corrects (corrections only)")] = None
    reason: Annotated[Ground | None, Meta(description="why it is corrected (corrections only)")] = None
    envelope: Annotated[Envelope | None, Meta(description="what travels beside: a new door, a new person, a remark")] = None


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
