"""What the intake process does in its threads, and how it says no: the blocking half of `server`."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any, ClassVar, cast
from uuid import UUID

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.commands import devices
from lianfang.ground.accounts.field_types import SealingDevice, SendingDevice
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import DeviceId
from lianfang.ledger.intake.sealed import Opening, SealedParcel, devices_named, open_parcels
from lianfang.ledger.intake.taking import LIMIT, take_together
from lianfang.ledger.types import Author, Sending, TooMany, Verdict, Word

AGAIN_AFTER = 5  # seconds after which a phone may try again
OK, UNAUTHORIZED, SERVER_AWAY = 200, 401, 503


class Answered(Refused):
    """The call was refused."""

    status: ClassVar[int] = 400


class NotJson(Answered):
    """The body is not JSON of the form that is taken here."""

    status = 400


class DeviceUnknown(Answered):
    """This device is not known, or was cut off. Sign in again; records that were not sent stay on the device."""

    status = UNAUTHORIZED


class NoSuchAddress(Answered):
    """There is nothing at this address."""

    status = 404


class WrongMethod(Answered):
    """Records are sent with POST."""

    status = 405


class BodySlow(Answered):
    """The records took too long to arrive. Send fewer at a time, in {seconds} seconds."""

    status = 408


class BodyTooLarge(Answered):
    """A call brings at most {limit} bytes. Send fewer records at a time."""

    status = 413


class NotPlainBytes(Answered):
    """Records are sent as plain JSON, not compressed."""

    status = 415


class TooManyAtOnce(Answered):
    """This device is still sending. Try again in {seconds} seconds."""

    status = 429


class Busy(Answered):
    """Too much is arriving at once. Nothing is lost; try again in {seconds} seconds."""

    status = 503


class Away(Answered):
    """The database is away for a moment. Nothing is lost; try again in {seconds} seconds."""

    status = SERVER_AWAY


class _Named(msgspec.Struct):
    device: str


class _Brought(msgspec.Struct):
    parcels: list[_Named]


class Batch(msgspec.Struct):
    """The body of a call."""

    records: list[msgspec.Raw]


class Delivery(msgspec.Struct):
    """The body of a call that brings sealed parcels."""

    parcels: list[SealedParcel]


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose body has arrived. `token` is the credential of the device; none for a delivery of sealed parcels."""

    body: bytes
    token: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered, ready to be sent, and what the log may know of it."""

    status: int
    body: bytes
    facts: dict[str, object]
    again: int | None = None


_bodies = msgspec.json.Decoder(Batch)
_deliveries = msgspec.json.Decoder(Delivery)
_brought = msgspec.json.Decoder(_Brought)
_log = logging.getLogger("lianfang.intake")


def devices_within(body: bytes) -> set[str]:
    """The devices whose parcels a delivery says it brings; none where it cannot be read, which is refused when it is taken."""
    try:
        return {parcel.device for parcel in _brought.decode(body).parcels}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return set()


def refusal(why: Refused) -> Answer:
    """A refused call: the code for the program, the words for a person, and when to come again."""
    status = why.status if isinstance(why, Answered) else BodyTooLarge.status if isinstance(why, TooMany) else Answered.status
    told: dict[str, Any] = {"error": str(why), "code": why.code}
    again = why.facts.get("seconds")
    if again is not None:
        told["retry_after"] = again
    return Answer(status, msgspec.json.encode(told), {"code": why.code}, None if again is None else int(str(again)))


def with_database(work: Callable[..., Any], *arguments: object) -> Any:
    """Run work on this thread's connection; once more on a new one where the database went away in between.

    Twice is safe: tokens are only read, and a record that was kept the first time is repeated the second.
    """
    try:
        return work(*arguments)
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return work(*arguments)
    except DatabaseError as failed:
        connection.close()
        raise Away(seconds=AGAIN_AFTER) from failed


def take_each(calls: Sequence[Call]) -> list[Answer]:
    """Take calls together; where that fails and the database is there, each by itself, so that a bad one takes only itself down."""
    try:
        return list(with_database(take_calls, calls))
    except Exception as failed:  # noqa: BLE001 - a phone gets an answer whatever happened here
        if len(calls) > 1 and _is_there():
            return [answer for call in calls for answer in take_each([call])]
        if not isinstance(failed, Away):
            _log.exception("a call failed")
        return [refusal(failed if isinstance(failed, Away) else Away(seconds=AGAIN_AFTER)) for _ in calls]


def _is_there() -> bool:
    """Whether the database answers."""
    try:
        return bool(with_database(health))
    except Away:
        return False


def take_calls(calls: Sequence[Call]) -> list[Answer]:
    """Take what calls of several phones bring as one; an answer for each. Durable before it returns."""
    received_at = clock.now()
    read = [_read(call) for call in calls]
    senders = accounts.senders_of_tokens({call.token for call in calls if call.token is not None})
    named = {device for told in read if isinstance(told, Delivery) for device in devices_named(told.parcels)}
    sealing = accounts.sealing_devices(named) if named else {}
    asked = [_asked(call, told, senders, sealing) for call, told in zip(calls, read, strict=True)]
    sendings = [one.sendings() if not isinstance(one, Refused) else [] for one in asked]
    taken = iter(take_together([sending for some in sendings for sending in some], received_at=received_at))
    devices.many_seen({device_id: last for one in asked if not isinstance(one, Refused) for device_id, last in one.heard()})
    return [
        refusal(one) if isinstance(one, Refused) else one.answer([next(taken) for _ in some], received_at)
        for one, some in zip(asked, sendings, strict=True)
    ]


def _read(call: Call) -> Batch | Delivery | Refused:
    try:
        return _deliveries.decode(call.body) if call.token is None else _bodies.decode(call.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return NotJson()


def _asked(
    call: Call, told: Batch | Delivery | Refused, senders: Mapping[str, SendingDevice], sealing: Mapping[UUID, SealingDevice]
) -> _Plain | _Sealed | Refused:
    """What a call asks for, or why it is refused whole."""
    sender = senders.get(call.token) if call.token is not None else None
    if call.token is not None and sender is None:
        return DeviceUnknown()
    if isinstance(told, Refused):
        return told
    if isinstance(told, Batch):
        if len(told.records) > LIMIT:
            return TooMany(limit=LIMIT, found=len(told.records))
        return _Plain(cast("SendingDevice", sender), told.records)
    try:
        return _Sealed(open_parcels(told.parcels, sealing))
    except TooMany as why:
        return why


@dataclass(frozen=True, slots=True)
class _Plain:
    """Records that a device sends in clear."""

    sender: SendingDevice
    records: list[msgspec.Raw]

    def sendings(self) -> list[Sending]:
        return [Sending(self.records, Author(self.sender.account_id, device_id=self.sender.device_id))]

    def heard(self) -> list[tuple[DeviceId, datetime | None]]:
        return [(self.sender.device_id, self.sender.last_seen_at)]

    def answer(self, taken: Sequence[Sequence[Verdict]], received_at: datetime) -> Answer:
        [verdicts] = taken
        counts = _counts(verdicts)
        told = {"received_at": received_at, **counts, "verdicts": [verdict.form() for verdict in verdicts]}
        return Answer(OK, msgspec.json.encode(told), {"device": str(self.sender.device_id), **counts})


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Parcels that were opened."""

    opening: Opening

    def sendings(self) -> list[Sending]:
        return self.opening.sendings()

    def heard(self) -> list[tuple[DeviceId, datetime | None]]:
        return [(device.device_id, device.last_seen_at) for device, _ in self.opening.opened]

    def answer(self, taken: Sequence[Sequence[Verdict]], received_at: datetime) -> Answer:
        delivered = self.opening.settled(taken)
        told = {"now": received_at, "verdicts": [verdict.form() for verdict in delivered.verdicts], "cut": delivered.cut}
        return Answer(OK, msgspec.json.encode(told), _counts(delivered.verdicts))


def _counts(verdicts: Sequence[Verdict]) -> dict[str, object]:
    counted = Counter(verdict.word for verdict in verdicts)
    return {word.value: counted[word] for word in Word}


def health() -> Answer:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return Answer(OK, msgspec.json.encode({"ready": True}), {})


def hang_up(together: Barrier) -> None:
    """Close this thread's connection, once every thread has come here."""
    together.wait()
    connection.close()
