"""Sealed parcels: opened here, then taken like everything else. Whoever carries them is not asked who they are.

HPKE's authenticated mode proves the device that sealed, so that a colleague's phone may deliver the file and the author stays the author.
Keys are read once for a call, and each set-up of a device is worked out once and remembered (`kernel.delivering`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.commands import devices
from lianfang.ground.accounts.field_types import SealingDevice
from lianfang.kernel.delivering import KeyUnreadable, Parcel, ParcelBroken, bytes_of, parcel
from lianfang.kernel.errors import Refused
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake import incoming
from lianfang.ledger.intake.taking import LIMIT, take_together
from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.types import (
    AnotherAuthor,
    Author,
    KeyUnknown,
    NotTheRecord,
    SealBroken,
    Sending,
    TooMany,
    UnknownDevice,
    Unreadable,
    Verdict,
    Word,
)

PARCELS = 64


class SealedRecord(Struct, frozen=True):
    """One record under its id, with its counter on the device."""

    id: str
    seq: int
    box: str


class SealedParcel(Struct, frozen=True):
    """Records of one set-up of one device."""

    device: str
    enc: str
    key_id: str
    records: list[SealedRecord]


class _Inside(Struct):
    """What of a record must agree with its parcel; all else is read by `take`."""

    id: UUID
    device: UUID
    device_seq: int
    actor: UUID | None = None


_inside = msgspec.json.Decoder(_Inside)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a delivery: a verdict for each record in the order sent, and what the first parcel's device must do."""

    verdicts: list[Verdict]
    cut: str | None


@dataclass(slots=True)
class _Opened:
    """The records of one device that opened, each with its place among the answers; as bytes where they could not be read."""

    at: list[int] = field(default_factory=list)
    records: list[bytes | Incoming] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opening:
    """A delivery whose parcels were opened: the records of each device that opened, and the verdicts of those that did not."""

    verdicts: list[Verdict]
    opened: list[tuple[SealingDevice, _Opened]]
    cut: str | None

    def sendings(self) -> list[Sending]:
        """What is to be taken: the records of each device, as its account."""
        return [
            Sending(some.records, Author(device.account_id, device_id=device.device_id, cut_off=device.is_cut_off))
            for device, some in self.opened
        ]

    def settled(self, taken: Sequence[Sequence[Verdict]]) -> Delivered:
        """The delivery with the verdicts of what was taken, under the ids that were sent."""
        for (_, some), verdicts in zip(self.opened, taken, strict=True):
            for at, verdict in zip(some.at, verdicts, strict=True):
                self.verdicts[at] = Verdict(self.verdicts[at].id, verdict.word, verdict.why)
        return Delivered(self.verdicts, self.cut)


def take_parcels(parcels: Sequence[SealedParcel], *, received_at: datetime) -> Delivered:
    """Open parcels and take what is in them. Raises TooMany; what does not open is refused record by record."""
    known = accounts.sealing_devices(devices_named(parcels))
    opening = open_parcels(parcels, known)
    taken = take_together(opening.sendings(), received_at=received_at)
    devices.many_seen({device.device_id: device.last_seen_at for device, _ in opening.opened})
    return opening.settled(taken)


def devices_named(parcels: Sequence[SealedParcel]) -> set[UUID]:
    """The devices that parcels say they are of."""
    return {named for one in parcels if (named := _uuid(one.device)) is not None}


def open_parcels(parcels: Sequence[SealedParcel], known: Mapping[UUID, SealingDevice]) -> Opening:
    """Open what opens. Raises TooMany."""
    found = sum(len(one.records) for one in parcels)
    if found > LIMIT or len(parcels) > PARCELS:
        raise TooMany(limit=LIMIT, found=found)
    opened: dict[UUID, _Opened] = defaultdict(_Opened)
    verdicts: list[Verdict] = []
    for one in parcels:
        device = _device(one, known)
        opener = UnknownDevice() if device is None else _opener(one, device)
        for record in one.records:
            content = opener if device is None or isinstance(opener, Refused) else _open(record, opener, device)
            if device is not None and isinstance(content, bytes | Incoming):
                opened[device.device_id].at.append(len(verdicts))
                opened[device.device_id].records.append(content)
            verdicts.append(Verdict(record.id, Word.REFUSED, content if isinstance(content, Refused) else None))
    first = _device(parcels[0], known) if parcels else None
    cut = first.cut.value if first and first.cut else None
    return Opening(verdicts, [(known[device_id], some) for device_id, some in opened.items()], cut)


def _device(one: SealedParcel, known: Mapping[UUID, SealingDevice]) -> SealingDevice | None:
    named = _uuid(one.device)
    return None if named is None else known.get(named)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _opener(one: SealedParcel, device: SealingDevice) -> Parcel | Refused:
    """What opens the parcel, or why nothing does."""
    scalar = keyring().field.scalars.get(one.key_id)
    if scalar is None:
        return KeyUnknown()
    try:
        return parcel(device.device_id, device.public_key, bytes_of(one.enc), scalar)
    except (ParcelBroken, KeyUnreadable):
        return SealBroken()


def _open(record: SealedRecord, opener: Parcel, device: SealingDevice) -> bytes | Incoming | Refused:
    """The record in a box, read if it can be, or why it may not be taken."""
    try:
        content = opener.open(bytes_of(record.box), record.id)
    except ParcelBroken:
        return SealBroken()
    try:
        inside = incoming.read(content)
    except Unreadable:
        return _disagrees(content, record, device) or content
    return _of_another(inside, record, device) or inside


def _disagrees(content: bytes, record: SealedRecord, device: SealingDevice) -> Refused | None:
    """Whether what could not be read whole is of another record, device or author than the parcel."""
    try:
        return _of_another(_inside.decode(content), record, device)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return NotTheRecord()


def _of_another(inside: Incoming | _Inside, record: SealedRecord, device: SealingDevice) -> Refused | None:
    if (inside.device, inside.device_seq) != (device.device_id, record.seq) or (
        str(inside.id) != record.id and inside.id != _uuid(record.id)
    ):
        return NotTheRecord()
    return AnotherAuthor() if inside.actor not in {None, device.account_id} else None
