"""What the intake process does in its threads, and how it says no: the blocking half of `server`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier
from typing import Any, ClassVar

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.commands import devices
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.ledger.intake.sealed import SealedParcel, take_parcels
from lianfang.ledger.intake.taking import take
from lianfang.ledger.types import Author, TooMany, Word

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


class Batch(msgspec.Struct):
    """The body of a call."""

    records: list[msgspec.Raw]


class Delivery(msgspec.Struct):
    """The body of a call that brings sealed parcels."""

    parcels: list[SealedParcel]


_bodies = msgspec.json.Decoder(Batch)
_deliveries = msgspec.json.Decoder(Delivery)


def refusal(why: Refused) -> tuple[int, dict[str, Any]]:
    """A refused call as status and answer: the code for the program, the words for a person."""
    status = why.status if isinstance(why, Answered) else BodyTooLarge.status if isinstance(why, TooMany) else Answered.status
    answer: dict[str, Any] = {"error": str(why), "code": why.code}
    if "seconds" in why.facts:
        answer["retry_after"] = why.facts["seconds"]
    return status, answer


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


def author_of(token: str) -> Author:
    """Who sends, by the token of their device."""
    device = accounts.device_of_token(token)
    if device is None:
        raise DeviceUnknown
    return Author(device.account_id, device_id=device.device_id)


def take_body(body: bytes, author: Author) -> tuple[int, dict[str, Any], dict[str, object]]:
    """Take the records of a body: status, answer, and the counts that the log may know."""
    try:
        batch = _bodies.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotJson from None
    received_at = clock.now()
    verdicts = take(batch.records, author, received_at=received_at)
    counted = Counter(verdict.word for verdict in verdicts)
    counts: dict[str, object] = {word.value: counted[word] for word in Word}
    if author.device_id is not None:
        devices.seen(author.device_id)
    answer = {"received_at": received_at, **counts, "verdicts": [verdict.form() for verdict in verdicts]}
    return OK, answer, counts


def take_delivery(body: bytes) -> tuple[int, dict[str, Any], dict[str, object]]:
    """Take the sealed parcels of a body: status, answer, and the counts that the log may know."""
    try:
        delivery = _deliveries.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotJson from None
    received_at = clock.now()
    delivered = take_parcels(delivery.parcels, received_at=received_at)
    counted = Counter(verdict.word for verdict in delivered.verdicts)
    answer = {"now": received_at, "verdicts": [verdict.form() for verdict in delivered.verdicts], "cut": delivered.cut}
    return OK, answer, {word.value: counted[word] for word in Word}


def health() -> tuple[int, dict[str, Any]]:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return OK, {"ready": True}


def hang_up(together: Barrier) -> None:
    """Close this thread's connection, once every thread has come here."""
    together.wait()
    connection.close()
