"""Giving a full value: with a reason, within limits, and never without a line in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from lianfang.ground.people.models import Look, Person, Residence
from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.queries.phones import further_phones
from lianfang.ground.people.rules.looking import LIMITS, settled_reason
from lianfang.ground.people.types import Channel, NothingThere, PersonNotFound, RevealField, TooManyLooks
from lianfang.kernel import clock
from lianfang.kernel.db import acting, lock
from lianfang.kernel.ids import AccountId, PersonId, new_id
from lianfang.kernel.sealing import Keyring, keyring

NOWHERE = 0
"""The position of a look at somebody without a door."""


def reveal(person_id: PersonId, field: RevealField, reason: str, *, by: AccountId, channel: Channel = Channel.DESK) -> str:
    """One full value of one person, logged. Ask `accounts.access.require_person(actor, "people.reveal", person_id)` first.

    Raises ReasonMissing, TooManyLooks, PersonNotFound, NothingThere. The value leaves with the transaction: show it after the commit.
    """
    why = settled_reason(reason)
    with acting(by):
        lock(f"looks of {by}")
        _within_limits(by)
        row = Person.objects.filter(pk=person_id).first()
        if row is None:
            raise PersonNotFound
        ring = keyring()
        value = _value(row, RevealField(field), ring, further_phones([row.id], ring).get(row.id, ()))
        if not value:
            raise NothingThere
        _log([person_id], field, why, by, channel)
    return value


def _value(row: Person, field: RevealField, ring: Keyring, further: tuple[str, ...]) -> str:
    if field is RevealField.NAME:
        return row.name
    column = f"{field}_sealed"
    sealed = getattr(row, column)
    value = ring.open(bytes(sealed), PURPOSES[column]) if sealed else ""
    return "、".join(filter(None, (value, *further))) if field is RevealField.PHONE else value


def _within_limits(account_id: AccountId) -> None:
    for limit, time in LIMITS:
        with connection.cursor() as cursor:
            cursor.execute("select looks, first_at from people_looks_since(%s, %s)", [account_id, clock.now() - time])
            taken, first = cursor.fetchone()
        if taken >= limit:
            hours = int(time.total_seconds() // 3600)
            raise TooManyLooks(limit=limit, hours=hours, again=clock.local(first + time).strftime("%H:%M"))


def _log(person_ids: Sequence[PersonId], field: str, reason: str, by: AccountId, channel: Channel) -> None:
    homes = Residence.objects.filter(person_id__in=person_ids, valid_to__isnull=True).order_by("-kind", "valid_from")
    # Ordered so that the home somebody lives in comes last and stays: "registered" before "actual".
    positions = dict(homes.values_list("person_id", "position"))
    at = clock.now()
    Look.objects.bulk_create(
        [
            Look(
                id=new_id(), at=at, account_id=by, person_id=person_id, field=field, reason=reason,
                position=positions.get(person_id, NOWHERE), channel=channel,
            )
            for person_id in person_ids
        ],
        batch_size=1000,
    )  # fmt: skip


def log_export(person_ids: Iterable[PersonId], fields: Sequence[RevealField], reason: str, *, by: AccountId) -> int:
    """Log that full values of some people went into a file: one line a person, which that person can see."""
    people = list(dict.fromkeys(person_ids))
    with acting(by):
        _log(people, ",".join(sorted(fields)), settled_reason(reason), by, Channel.EXPORT)
    return len(people)


def reveal_for_export(
    person_ids: Iterable[PersonId], fields: Sequence[RevealField], reason: str, *, by: AccountId
) -> dict[PersonId, dict[RevealField, str]]:
    """Full values of people for a file, logged for each of them. Ask for "exports.make" and "people.reveal" first.

    People the scope does not show are left out, silently.
    """
    people = list(dict.fromkeys(person_ids))
    ring = keyring()
    with acting(by):
        further = further_phones(people, ring) if RevealField.PHONE in fields else {}
        rows = Person.objects.filter(pk__in=people)
        values = {PersonId(row.id): {field: _value(row, field, ring, further.get(row.id, ())) for field in fields} for row in rows}
        log_export(values, fields, reason, by=by)
    return values
