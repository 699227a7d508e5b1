"""Incidents over the machine interface: which reach a place, and what holds there at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AfterValidator

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentSeen, InForce
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, PlaceId

router = Router(tags=["incidents"])
Moment = Annotated[datetime, AfterValidator(clock.as_written)]


class IncidentOut(Schema):
    """One incident or drill. `running` is open, lapsed (its period is over and nobody renewed it) or ended."""

    id: UUID
    name: str
    kind: str
    level: str | None
    phase: str | None
    running: str
    drill: bool
    opened_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    authority: str
    document: str
    rule_set: str


class HoldingOut(Schema):
    """The strictest measure in one respect. Taking effect and being published are two times."""

    aspect: str
    key: str
    name: str
    term: str
    incident: UUID
    measure: UUID
    begins_at: datetime
    ends_at: datetime
    published_at: datetime | None
    authority: str
    document: str


class StretchOut(Schema):
    """Positions (as text) at all of which the same measures hold."""

    lo: str
    hi: str
    holding: list[HoldingOut]


@router.get("/{place_id}", response=list[IncidentOut], operation_id="list_incidents", summary="Incidents that reach a place")
@at(Ability.PLACES_SEE, place="place_id")
def list_incidents(request: HttpRequest, place_id: UUID) -> list[IncidentOut]:
    """Those that run first."""
    return [_incident(told) for told in incidents.incidents_within(places.ranges_of(places.place(PlaceId(place_id))))]


@router.get("/{place_id}/measures", response=list[StretchOut], operation_id="list_measures", summary="What holds in a place at a moment")
@at(Ability.PLACES_SEE, place="place_id")
def list_measures(request: HttpRequest, place_id: UUID, moment: Moment | None = None, drill: UUID | None = None) -> list[StretchOut]:
    """Where areas overlap the strictest of every respect. Now, unless a moment is named; what really holds, unless a drill is."""
    ranges = places.ranges_of(places.place(PlaceId(place_id)))
    found = incidents.in_force(ranges, moment, drill=IncidentId(drill) if drill else None)
    return [StretchOut(lo=str(one.range.lo), hi=str(one.range.hi), holding=[_holding(held) for held in one.holding]) for one in found]


def _incident(told: IncidentSeen) -> IncidentOut:
    return IncidentOut(
        id=told.incident_id, name=told.name, kind=told.kind, level=told.level, phase=told.phase, running=told.running(clock.now()),
        drill=told.drill, opened_at=told.opened_at, expires_at=told.expires_at, ended_at=told.ended_at, authority=told.authority,
        document=told.document, rule_set=told.rule_set,
    )  # fmt: skip


def _holding(one: InForce) -> HoldingOut:
    return HoldingOut(
        aspect=one.aspect, key=one.meaning.key, name=one.meaning.name, term=one.meaning.term, incident=one.measure.incident_id,
        measure=one.measure.measure_id, begins_at=one.measure.begins_at, ends_at=one.measure.ends_at,
        published_at=one.measure.published_at, authority=one.measure.authority, document=one.measure.document,
    )  # fmt: skip
