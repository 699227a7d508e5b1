"""Rounds over the machine interface: which reach a place, how far they have come there, and which doors are missing.

What was found at a door is sent as a record of kind `visit` (POST /intake/records), with `round` in its payload where it is known.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId, RoundId
from lianfang.kernel.ranges import Range
from lianfang.ledger.queries import folded_until
from lianfang.work.rounds import commands
from lianfang.work.rounds import queries as rounds
from lianfang.work.rounds.types import MissingDoor, Order, Reason, RoundSeen

router = Router(tags=["rounds"])
PAGE = 200


class RoundOut(Schema):
    """One round. `form` is name and version, `state` planned, open, closed or withdrawn.

    `first_closes_at` is the deadline it was opened with, where it was given more time; while `taking_in`, visits that came before it was
    opened are still being counted.
    """

    id: UUID
    name: str
    number: int
    form: str
    state: str
    incident: UUID | None
    legal_basis: str
    purpose: str
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    first_closes_at: datetime | None
    taking_in: bool
    repeat_days: int | None


class MoreTime(Schema):
    """A later deadline, and why."""

    until: datetime
    reason: str


class Why(Schema):
    """Why something is done."""

    reason: str


class CoverageOut(Schema):
    """How far a round has come: doors (户, each once) by outcome and by reason; `visits` are 户次, `people_seen` 人, `people_times` 人次."""

    doors: int
    settled: int
    open: int
    by_outcome: dict[str, int]
    by_reason: dict[str, int]
    visits: int
    people_seen: int
    people_times: int
    as_of: datetime


class MissingOut(Schema):
    """A door that is still open, and why."""

    place_id: UUID
    position: str
    building: str
    unit: str
    door: str
    floor: int | None
    reason: str
    tries: int
    visits: int
    last_at: datetime | None
    next_at: datetime | None


class MissingsOut(Schema):
    """A page of doors; `next` goes into `after` for the page after."""

    doors: list[MissingOut]
    next: str | None


def _ranges(place_id: UUID) -> list[Range]:
    return places.ranges_of(places.place(PlaceId(place_id)))


def _as_round(told: RoundSeen) -> RoundOut:
    return RoundOut(
        id=told.id, name=told.name, number=told.number, form=told.form, state=told.state(clock.now()).value, incident=told.incident,
        legal_basis=told.legal_basis, purpose=told.purpose, opens_at=told.opens_at, closes_at=told.closes_at, ends_at=told.ends_at,
        first_closes_at=told.first_closes_at, taking_in=told.taking_in, repeat_days=told.repeat_days,
    )  # fmt: skip


def _as_missing(door: MissingDoor) -> MissingOut:
    return MissingOut(
        place_id=door.place_id, position=str(door.position), building=door.building_name, unit=door.unit_name, door=door.label,
        floor=door.floor, reason=door.reason.value, tries=door.tries, visits=door.visits, last_at=door.last_at, next_at=door.next_at,
    )  # fmt: skip


@router.get("/{place_id}", response=list[RoundOut], summary="Rounds that reach a place, the latest first")
@at(Ability.RECORDS_SEE, place="place_id")
def list_rounds(request: HttpRequest, place_id: UUID, *, open_only: bool = False) -> list[RoundOut]:
    """All of them, or only those in progress."""
    return [_as_round(told) for told in rounds.rounds(_ranges(place_id), open_only=open_only)]


@router.get("/{place_id}/{round_id}", response=CoverageOut, summary="How far a round has come at a place")
@at(Ability.RECORDS_SEE, place="place_id")
def show_coverage(request: HttpRequest, place_id: UUID, round_id: UUID) -> CoverageOut:
    """Doors of the place by how they stand in the round."""
    covered = rounds.coverage(RoundId(round_id), rounds.reach_within(RoundId(round_id), _ranges(place_id)))
    return CoverageOut(
        doors=covered.doors, settled=covered.settled, open=covered.open,
        by_outcome={outcome.value: count for outcome, count in covered.by_outcome.items()},
        by_reason={reason.value: count for reason, count in covered.by_reason.items()},
        visits=covered.visits, people_seen=covered.people_seen, people_times=covered.people_times, as_of=folded_until(),
    )  # fmt: skip


@router.get("/{place_id}/{round_id}/missing", response=MissingsOut, summary="Doors of a round that are still open, as one walks")
@at(Ability.RECORDS_SEE, place="place_id")
def list_missing(
    request: HttpRequest, place_id: UUID, round_id: UUID, reason: Reason | None = None, after: Annotated[int, Field(ge=0)] | None = None
) -> MissingsOut:
    """A page of them, all or those open for one reason. Refused (409) for a round that was taken back."""
    ranges = rounds.reach_within(RoundId(round_id), _ranges(place_id))
    rounds.one(RoundId(round_id)).must_count()
    found = rounds.missing(RoundId(round_id), ranges, reason=reason, after=after, limit=PAGE, order=Order.WALKING)
    return MissingsOut(doors=[_as_missing(door) for door in found], next=str(found[-1].position) if len(found) == PAGE else None)


@router.post("/{place_id}/{round_id}/extend", response=RoundOut, summary="Give a round more time")
@at(Ability.ROUNDS_OPEN, place="place_id")
def extend_round(request: HttpRequest, place_id: UUID, round_id: UUID, more: MoreTime) -> RoundOut:
    """Its statement follows at the new deadline. Refused (409) for one that has ended; the reason is logged."""
    rounds.reach_within(RoundId(round_id), _ranges(place_id))
    until = more.until if more.until.tzinfo else more.until.replace(tzinfo=clock.LOCAL)
    return _as_round(commands.extend_round(RoundId(round_id), until, by=caller(request).actor, reason=more.reason))


@router.post("/{place_id}/{round_id}/withdraw", response=RoundOut, summary="Take back a round opened by mistake")
@at(Ability.ROUNDS_OPEN, place="place_id")
def withdraw_round(request: HttpRequest, place_id: UUID, round_id: UUID, why: Why) -> RoundOut:
    """While nothing is recorded in it; refused (409) after that. The reason is logged."""
    rounds.reach_within(RoundId(round_id), _ranges(place_id))
    return _as_round(commands.withdraw_round(RoundId(round_id), by=caller(request).actor, reason=why.reason))
