"""Places over the machine interface."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

router = Router(tags=["places"])


class PlaceOut(Schema):
    """A place as it is today. `lo` and `hi` are its range of positions."""

    id: UUID
    level: str
    kind: str
    name: str
    code: str | None
    parent_id: UUID | None
    lo: str
    hi: str
    since: date
    valid_to: date | None


class FoundOut(Schema):
    """One answer of the search. `path` tells places of the same name apart."""

    place: PlaceOut
    path: list[str]
    matched: str
    why: str


class ResidentOut(Schema):
    """A person at a door, masked."""

    id: UUID
    name: str
    relation: str
    kinds: list[str]
    phone: str
    since: date


def shown(place: Place) -> PlaceOut:
    """A place in the shape of the interface."""
    return PlaceOut(
        id=place.id,
        level=place.level,
        kind=place.kind,
        name=place.name,
        code=place.code,
        parent_id=place.parent_id,
        lo=str(place.lo),
        hi=str(place.hi),
        since=place.since,
        valid_to=place.valid_to,
    )


@router.get("", response=list[FoundOut], summary="Find places by name, alias, code, pinyin or initials")
@at(Ability.PLACES_SEE)
def find_places(
    request: HttpRequest,
    text: Annotated[str, Field(min_length=1, max_length=80)],
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> list[FoundOut]:
    """Places within the caller's reach, best first."""
    found = places.find(text, access.ranges(caller(request).actor, Ability.PLACES_SEE), limit)
    return [FoundOut(place=shown(one.place), path=list(one.path), matched=one.matched, why=one.why) for one in found if one.place]


@router.get("/{place_id}", response=PlaceOut, summary="One place")
@at(Ability.PLACES_SEE, place="place_id")
def show_place(request: HttpRequest, place_id: UUID) -> PlaceOut:
    """A place as it is today."""
    return shown(places.place(PlaceId(place_id)))


@router.get("/{place_id}/children", response=list[PlaceOut], summary="The places directly inside")
@at(Ability.PLACES_SEE, place="place_id")
def list_children(request: HttpRequest, place_id: UUID) -> list[PlaceOut]:
    """Places one level down, in walking order."""
    return [shown(child) for child in places.children(places.place(PlaceId(place_id)))]


@router.get("/{place_id}/people", response=list[ResidentOut], summary="People of a door, masked")
@at(Ability.PEOPLE_SEE, place="place_id")
def list_people(request: HttpRequest, place_id: UUID) -> list[ResidentOut]:
    """Who is registered or lives at a door. Full values are revealed at the desk only, with a reason."""
    return [
        ResidentOut(
            id=one.person_id,
            name=one.name,
            relation=one.relation,
            kinds=[str(kind) for kind in one.kinds],
            phone=one.phone,
            since=one.since,
        )
        for one in people.people_of_door(PlaceId(place_id))
    ]
