"""Organisations over the machine interface: bodies, posts, teams, and what nobody sponsors. Who belongs where is not told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import queries
from lianfang.ground.organisations.rules import hours_written
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range
from lianfang.work.mobilisation import queries as mobilisation

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
    """A body seated at or below a place."""

    id: UUID
    name: str
    kind: str
    place_id: UUID | None
    valid_from: date
    valid_to: date | None


class PostOut(Schema):
    """A post: hours are a line each (`1-5 08:00-20:00`, Monday is 1), `there` how many are on duty at it now."""

    id: UUID
    name: str
    kind: str
    duty: str
    place_id: UUID
    organisation: UUID | None
    hours: list[str]
    needed: int
    named: int
    there: int


class TeamOut(Schema):
    """A team and how many are in it."""

    id: UUID
    name: str
    kind: str
    of_party: bool
    place_id: UUID
    organisation: UUID | None
    members: int


class UnsponsoredOut(Schema):
    """A street, community or compound that no organisation answers for; without management first."""

    level: str
    name: str
    within: str
    place_id: UUID | None
    area_id: UUID | None
    unmanaged: bool


def _ranges(place_id: UUID) -> list[Range]:
    return places.ranges_of(places.place(PlaceId(place_id)))


@router.get("/{place_id}", response=list[OrganisationOut], operation_id="list_organisations", summary="Organisations seated at a place")
@at(Ability.PLACES_SEE, place="place_id")
def list_organisations(request: HttpRequest, place_id: UUID, on: date | None = None) -> list[OrganisationOut]:
    """As of a day (today)."""
    return [
        OrganisationOut(
            id=one.organisation_id, name=one.name, kind=one.kind, place_id=one.place_id, valid_from=one.valid_from, valid_to=one.valid_to
        )
        for one in queries.organisations_seated(_ranges(place_id), on)
    ]


@router.get("/{place_id}/posts", response=list[PostOut], operation_id="list_posts", summary="Posts at a place, and how many are there now")
@at(Ability.PLACES_SEE, place="place_id")
def list_posts(request: HttpRequest, place_id: UUID) -> list[PostOut]:
    """By place."""
    there = mobilisation.manned(_ranges(place_id))
    return [
        PostOut(
            id=one.post_id, name=one.name, kind=one.kind, duty=one.duty, place_id=one.place_id, organisation=one.organisation_id,
            hours=hours_written(one.hours).splitlines(), needed=one.needed, named=one.holders, there=there.get(one.post_id, 0),
        )
        for one in queries.posts(_ranges(place_id))
    ]  # fmt: skip


@router.get("/{place_id}/teams", response=list[TeamOut], operation_id="list_teams", summary="Teams of a place")
@at(Ability.PLACES_SEE, place="place_id")
def list_teams(request: HttpRequest, place_id: UUID, on: date | None = None) -> list[TeamOut]:
    """As of a day (today)."""
    return [
        TeamOut(
            id=one.team_id, name=one.name, kind=one.kind, of_party=one.of_party, place_id=one.place_id, organisation=one.organisation_id,
            members=one.members,
        )
        for one in queries.teams(_ranges(place_id), on=on)
    ]  # fmt: skip


@router.get("/{place_id}/unsponsored", response=list[UnsponsoredOut], operation_id="list_unsponsored", summary="What nobody answers for")
@at(Ability.PLACES_SEE, place="place_id")
def list_unsponsored(request: HttpRequest, place_id: UUID, on: date | None = None) -> list[UnsponsoredOut]:
    """Compounds without management first."""
    return [
        UnsponsoredOut(
            level=one.level, name=one.name, within=one.within, place_id=one.place_id, area_id=one.area_id, unmanaged=one.unmanaged
        )
        for one in queries.unsponsored(_ranges(place_id), on)
    ]
