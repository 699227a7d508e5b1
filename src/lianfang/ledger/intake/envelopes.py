"""Records that bring a new door or a new person: kept by themselves, so that what cannot be added takes only its own record down."""

from __future__ import annotations

from django.db import transaction

from lianfang.ground.people import commands as people
from lianfang.ground.people.types import HouseholdNotFound, ResidenceKind, Sex
from lianfang.ground.people.types import NewPerson as PersonToAdd
from lianfang.ground.places import commands as places
from lianfang.ground.places.types import Kind
from lianfang.kernel import db
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId
from lianfang.ledger.intake import grounds, keeping, quarantine
from lianfang.ledger.intake.arrivals import Arrival
from lianfang.ledger.kinds.form import Envelope, NewDoor, NewPerson
from lianfang.ledger.types import EnvelopeRefused, SubjectMissing, Word


def keep_with_envelope(arrival: Arrival, envelope: Envelope) -> None:
    """Check the record, add what it brings, keep it: all or nothing. Outside the author's grant all of it waits, sealed."""
    try:
        with transaction.atomic():
            # The same record, or another with the same door, may be arriving at this moment: then what it brings is there already.
            db.lock(f"envelope {arrival.record.place}")
            _keep(arrival, envelope)
    except Refused as why:
        arrival.settle(Word.REFUSED, why)


def _keep(arrival: Arrival, envelope: Envelope) -> None:
    ground = grounds.preheat([arrival])
    door = envelope.door if PlaceId(arrival.record.place) not in ground.places else None
    if door is not None:
        # The building stands for the door that is not there yet.
        arrival.position = grounds.position_of(PlaceId(door.building), arrival.on)
        if not grounds.allowed(arrival, ground):
            quarantine.lay_aside([arrival])
            return
        _add_door(arrival, door, arrival.author.account_id)
        ground = grounds.preheat([arrival])
    if broken := grounds.check(arrival, ground):
        raise broken
    if not grounds.allowed(arrival, ground):
        quarantine.lay_aside([arrival])
        return
    keeping.keep([arrival], ground.incidents)
    if arrival.verdict is not None and arrival.verdict.word is Word.KEPT:
        if envelope.person is not None:
            _add_person(arrival, envelope.person, arrival.author.account_id)
        keeping.note_brought(arrival, door=door is not None, person=envelope.person is not None)


def _add_door(arrival: Arrival, door: NewDoor, by: AccountId | None) -> None:
    try:
        places.add_door(
            PlaceId(door.unit or door.building),
            door.label,
            floor=door.floor,
            kind=Kind(door.kind),
            id=PlaceId(arrival.record.place),
            by=by,
        )
    except Refused as why:
        raise EnvelopeRefused(why=str(why)) from why


def _add_person(arrival: Arrival, person: NewPerson, by: AccountId | None) -> None:
    """Add the person of the record's subject to a household at the door, making that if there is none of its id."""
    if arrival.record.subject is None:
        raise SubjectMissing
    subject, household = PersonId(arrival.record.subject), HouseholdId(person.household)
    kind = ResidenceKind(person.residence)
    try:
        people.add_person(
            PersonToAdd(
                id=subject, name=person.name, sex=Sex(person.sex), birth=person.birth, paper=person.paper, phone=person.phone,
            ),
            by=by,
            though_known=True,
        )  # fmt: skip
        try:
            people.settle(subject, household, kind, relation=person.relation, by=by)
        except HouseholdNotFound:
            people.add_household(PlaceId(arrival.record.place), household_id=household, by=by)
            people.settle(subject, household, kind, relation=person.relation, by=by)
    except Refused as why:
        raise EnvelopeRefused(why=str(why)) from why
