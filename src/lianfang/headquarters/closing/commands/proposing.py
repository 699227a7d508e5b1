"""Proposing an erasure and confirming it: two people, of whom the second answers for data protection."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import Ground, IncidentSeen
from lianfang.ground.places import queries as places
from lianfang.headquarters.closing import queries, rules
from lianfang.headquarters.closing.models import Closing, Step
from lianfang.headquarters.closing.types import (
    AccountNeeded,
    AlreadyClosing,
    ClosingSeen,
    DrillsRoll,
    FourEyes,
    GroundMissing,
    NotProposed,
    State,
    StillRunning,
    What,
)
from lianfang.kernel import clock, db, erasers
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import IncidentId, PlaceId, new_id
from lianfang.kernel.ranges import Range, contains
from lianfang.ledger import ending


def propose(incident_id: IncidentId, ground: Ground, *, by: Actor) -> ClosingSeen:
    """Ask for the erasure of an incident that has ended. Who commands there, or answers for data protection, over all of its area.

    Raises Denied, StillRunning, DrillsRoll, AlreadyClosing, GroundMissing, AccountNeeded.
    """
    told = incidents.incident(incident_id)
    pieces = incidents.incident_ranges(told)
    if not (_answers(by, Ability.INCIDENTS_OPEN, pieces) or _answers(by, Ability.INCIDENTS_ERASE, pieces)):
        raise Denied
    if by.account_id is None:
        raise AccountNeeded
    if told.drill:
        raise DrillsRoll
    if told.ended_at is None or told.ended_at > clock.now():
        raise StillRunning
    if not (ground.authority.strip() and ground.document.strip()):
        raise GroundMissing
    with transaction.atomic():
        db.lock(f"closing {incident_id}")
        if queries.closing_of(incident_id) is not None:
            raise AlreadyClosing
        place = _home(told, pieces)
        row = Closing(
            id=new_id(), what=What.INCIDENT, incident=incident_id, name=told.name, place=place, position=pieces[0].lo,
            books=[book.id for book in ending.books_of(incident_id)], state=State.PROPOSED, authority=ground.authority.strip(),
            document=ground.document.strip(), reason=ground.reason.strip(), asked_by=by.account_id, asked_at=clock.now(),
        )  # fmt: skip
        row.save(force_insert=True)
    return queries.closing(row.id)


def confirm(closing_id: UUID, *, by: Actor) -> ClosingSeen:
    """Order the erasure that somebody else proposed: the data-protection officer of all of the area. It is then carried out by itself.

    Raises ClosingNotFound, Denied, FourEyes, NotProposed, AccountNeeded.
    """
    with transaction.atomic():
        row = _proposed(closing_id)
        told = incidents.incident(IncidentId(row.incident)) if row.incident else None
        if told is not None and not _answers(by, Ability.INCIDENTS_ERASE, incidents.incident_ranges(told)):
            raise Denied
        if by.account_id is None:
            raise AccountNeeded
        if row.asked_by == by.account_id:
            raise FourEyes
        row.state, row.confirmed_by, row.confirmed_at = State.CONFIRMED, by.account_id, clock.now()
        row.books = [book.id for book in ending.books_of(row.incident)] if row.incident else row.books
        row.save(update_fields=["state", "confirmed_by", "confirmed_at", "books"])
        add_steps(row)
    return queries.closing(closing_id)


def add_steps(row: Closing) -> None:
    """The steps of a closing, as the parts of this program have registered them."""
    names = rules.steps(erasers.erasers())
    Step.objects.bulk_create(Step(closing=row, position=row.position, ordinal=number, name=name) for number, name in enumerate(names))


def cancel(closing_id: UUID, *, by: Actor) -> ClosingSeen:
    """Take a proposal back, before it is confirmed. Whoever may propose may do so. Raises ClosingNotFound, Denied, NotProposed."""
    with transaction.atomic():
        row = _proposed(closing_id)
        pieces = incidents.incident_ranges(incidents.incident(IncidentId(row.incident))) if row.incident else []
        if not (_answers(by, Ability.INCIDENTS_OPEN, pieces) or _answers(by, Ability.INCIDENTS_ERASE, pieces)):
            raise Denied
        row.state = State.CANCELLED
        row.save(update_fields=["state"])
    return queries.closing(closing_id)


def _proposed(closing_id: UUID) -> Closing:
    queries.closing(closing_id)
    row = Closing.objects.select_for_update().get(pk=closing_id)
    if row.state != State.PROPOSED:
        raise NotProposed
    return row


def _answers(by: Actor, ability: str, pieces: list[Range]) -> bool:
    reach = access.ranges(by, ability, reading=False)
    return all(contains(reach, piece) for piece in pieces)


def _home(told: IncidentSeen, pieces: list[Range]) -> PlaceId:
    if told.place_id is not None:
        return told.place_id
    if told.area_id is not None:
        return PlaceId(places.area(told.area_id).home_id)
    here = places.place_at(pieces[0].lo)
    return PlaceId(here.id) if here is not None else PlaceId(told.incident_id)
