"""What the secretary decides about records that wait in quarantine: taken after all, or turned down."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, DeviceId, PlaceId, RecordId
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake import taking
from lianfang.ledger.intake.arrivals import Arrival
from lianfang.ledger.intake.quarantine import PURPOSE
from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.models import Quarantined
from lianfang.ledger.types import Author, NotWaiting, RecordNotFound, Waiting, Word

ABILITY = "records.settle"


def release(record_id: RecordId, *, by: Actor) -> None:
    """Take a waiting record into the book as its author sent it. Raises what intake refuses it for; it then still waits.

    The decision is logged as a change of the quarantine, under the account that decided.
    """
    with acting(by.account_id, "released from quarantine"), transaction.atomic():
        row = _waiting(record_id, by)
        record = msgspec.json.decode(keyring().open(bytes(row.sealed or b""), PURPOSE), type=Incoming)
        author = Author(AccountId(row.author), trusted=True, device_id=None if row.device is None else DeviceId(row.device))
        actor = record.actor or row.author
        arrival = Arrival(
            record=record,
            author=author,
            actor=actor,
            entered_by=row.author if actor != row.author else None,
            digest=bytes(row.digest),
            recorded_at=clock.now(),
            effective_at=row.effective_at,
        )
        verdict = taking.take_arrival(arrival, received_at=row.received_at)
        if verdict.word not in {Word.KEPT, Word.REPEATED} and verdict.why is not None:
            raise verdict.why
        _decided(row, Waiting.RELEASED, by)


def reject(record_id: RecordId, *, by: Actor) -> None:
    """Turn a waiting record down. Its body is erased; its sender is told when it sends it again."""
    with acting(by.account_id, "rejected from quarantine"):
        _decided(_waiting(record_id, by), Waiting.REJECTED, by)


def _waiting(record_id: UUID, by: Actor) -> Quarantined:
    row = Quarantined.objects.select_for_update().filter(pk=record_id).first()
    if row is None:
        raise RecordNotFound
    # A door that the record itself brings is not there yet: then its building stands for it.
    known = places.places_by_id([PlaceId(row.place)])
    place = known.get(PlaceId(row.place)) or places.place_at(row.position)
    if place is None:
        raise RecordNotFound
    access.require(by, ABILITY, place)
    if row.state != Waiting.WAITING:
        raise NotWaiting
    return row


def _decided(row: Quarantined, state: Waiting, by: Actor) -> None:
    row.state, row.sealed, row.settled_at, row.settled_by = state.value, None, clock.now(), by.account_id
    row.save(update_fields=["state", "sealed", "settled_at", "settled_by"])
