"""Who can be sent, and calls, over the machine interface: names masked, as on the desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import OrganisationId, PlaceId
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import CallSeen, NewCall, Skill, Times

router = Router(tags=["forces"])
PAGE = 200


class ForceOut(Schema):
    """Somebody in the pool, masked. `came` is member, cadre or volunteer."""

    id: UUID
    name: str
    came: str
    place_id: UUID
    able: list[str]
    full_member: bool
    of_age: bool


class ForcesOut(Schema):
    """One page of the pool; `next` is the cursor of the following page, empty at the end."""

    forces: list[ForceOut]
    next: str


class CallIn(Schema):
    """A call: what for, how many, and who: everybody there, or those with skills, of an organisation, of a list."""

    words: str
    wanted: int
    able: list[Skill | Times] = Field(default_factory=list)
    organisation: UUID | None = None
    forces: list[UUID] = Field(default_factory=list)
    wait_minutes: int = 15
    test: bool = False


class CallOut(Schema):
    """A call as it stands; `minutes` until enough were there, null while they are not."""

    id: UUID
    place_id: UUID
    words: str
    wanted: int
    test: bool
    wave: int
    called_at: datetime
    closed_at: datetime | None
    called: int
    promised: int
    answers: dict[str, int]
    sent: int
    waiting: int
    unreachable: int
    minutes: float | None


@router.get("/{place_id}", response=ForcesOut, operation_id="list_forces", summary="Who can be sent from a place today")
@at(Ability.PEOPLE_SEE, place="place_id")
def list_forces(request: HttpRequest, place_id: UUID, after: UUID | None = None) -> ForcesOut:
    """In the order of coming to the pool."""
    found = queries.forces(places.ranges_of(places.place(PlaceId(place_id))), after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    rows = [
        ForceOut(
            id=one.force_id, name=one.name, came=one.came, place_id=one.place_id, able=[each.value for each in one.able],
            full_member=one.full_member, of_age=one.of_age,
        )
        for one in shown
    ]  # fmt: skip
    return ForcesOut(forces=rows, next=str(shown[-1].force_id) if len(found) > PAGE else "")


@router.get("/{place_id}/calls", response=list[CallOut], operation_id="list_calls", summary="Calls to a place, the latest first")
@at(Ability.PEOPLE_SEE, place="place_id")
def list_calls(request: HttpRequest, place_id: UUID) -> list[CallOut]:
    """The last twenty."""
    return [_call(told) for told in queries.calls(places.ranges_of(places.place(PlaceId(place_id))))]


@router.post("/{place_id}/calls/start", response=CallOut, operation_id="call_up", summary="Call people up to a place")
@at(Ability.ORDERS_SEND, place="place_id")
def call_up(request: HttpRequest, place_id: UUID, body: CallIn) -> CallOut:
    """Messages are queued when this answers."""
    organisation = OrganisationId(body.organisation) if body.organisation else None
    new = NewCall(
        PlaceId(place_id), body.words, body.wanted, tuple(body.able), organisation, tuple(body.forces), body.wait_minutes, body.test
    )
    return _call(commands.call_up(new, by=caller(request).actor))


@router.post("/{place_id}/calls/{call_id}/close", response=CallOut, operation_id="close_call", summary="End a call")
@at(Ability.ORDERS_SEND, place="place_id")
def close_call(request: HttpRequest, place_id: UUID, call_id: UUID) -> CallOut:
    """Nothing more goes out, nothing more is answered."""
    if queries.call(call_id).place_id != place_id:
        raise NotFound
    return _call(commands.close_call(call_id, by=caller(request).actor))


def _call(told: CallSeen) -> CallOut:
    return CallOut(
        id=told.call_id, place_id=told.place_id, words=told.words, wanted=told.wanted, test=told.test, wave=told.wave,
        called_at=told.called_at, closed_at=told.closed_at, called=told.called, promised=told.promised,
        answers={answer.value: many for answer, many in told.answers.items()}, sent=told.sent, waiting=told.waiting,
        unreachable=told.unreachable, minutes=told.minutes,
    )  # fmt: skip
