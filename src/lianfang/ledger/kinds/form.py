"""The form in which records are sent: one record and its envelope. Part of the published language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.words import Choice


class Channel(Choice):
    """How the fact was learned."""

    SEEN = "seen", "seen on the spot", "现场"
    PHONE = "phone", "by phone", "电话"
    PAPER = "paper", "from paper", "纸质补录"
    NEIGHBOUR = "neighbour", "from a neighbour", "邻里"
    IMPORT = "import", "imported", "导入"


REMARK_LENGTH = 2000
PHOTOS = 3
_PHOTO_BYTES = 2**20  # the rule (`intake.photos`) is stricter; this is what is read at all
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
    photos: Annotated[
        dict[Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")], Annotated[bytes, Meta(max_length=_PHOTO_BYTES)]],
        Meta(max_length=PHOTOS, description="JPEG pictures by the question of the form that asks for one; its answer is their fingerprint"),
    ] = {}


class Incoming(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record as it is sent: by a phone, a file of JSON lines, the API or a command."""

    id: Annotated[UUID, Meta(description="UUID version 7, made where the fact was recorded; the same id twice is the same record")]
    kind: Annotated[str, Meta(pattern="^[a-z_]{1,40}$", description="kind of record")]
    version: Annotated[int, Meta(ge=1, le=999, description="version of the kind")]
    place: Annotated[UUID, Meta(description="place where it was seen or done")]
    occurred_at: Annotated[datetime, Meta(tz=True, description="when, by the clock of the device, with its offset from UTC")]
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
    envelope: Annotated[Envelope | None, Meta(description="what travels beside: a new door, a new person, a remark, photos")] = None
