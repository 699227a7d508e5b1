"""Teams, posts and responsibility areas as of a day, and who serves in them, masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from lianfang.ground.organisations.force_types import (
    Hours,
    PostKind,
    PostNotFound,
    PostSeen,
    ResponsibilitySeen,
    ServedIn,
    ServingSeen,
    TeamKind,
    TeamNotFound,
    TeamSeen,
)
from lianfang.ground.organisations.models import Post, PostHolder, PostHours, Responsibility, Team, TeamMember
from lianfang.ground.organisations.queries.dated import holding, within
from lianfang.ground.people import queries as people
from lianfang.kernel.ids import AreaId, IncidentId, OrganisationId, PersonId, PlaceId
from lianfang.kernel.ranges import Range

Row = TypeVar("Row", bound=Model)


def _of(
    rows: QuerySet[Row], ranges: Sequence[Range] | None, organisation: OrganisationId | None, incident: IncidentId | None, on: date | None
) -> QuerySet[Row]:
    if ranges is not None:
        rows = rows.filter(within(ranges))
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if incident is not None:
        rows = rows.filter(incident_id=incident)
    return rows.filter(holding(on))


def teams(
    ranges: Sequence[Range] | None = None,
    *,
    organisation: OrganisationId | None = None,
    incident: IncidentId | None = None,
    on: date | None = None,
    limit: int = 500,
) -> list[TeamSeen]:
    """Teams in the ranges, of an organisation or an incident, on a day, by place."""
    return _teams_seen(list(_of(Team.objects.all(), ranges, organisation, incident, on).order_by("position", "id")[:limit]), on)


def _teams_seen(rows: Sequence[Team], on: date | None) -> list[TeamSeen]:
    counted = TeamMember.objects.filter(holding(on), team_id__in=[row.id for row in rows]).values("team_id").annotate(n=Count("pk"))
    members = {row["team_id"]: row["n"] for row in counted}
    return [
        TeamSeen(
            row.id, row.name, TeamKind(row.kind), row.of_party, OrganisationId(row.organisation_id) if row.organisation_id else None,
            IncidentId(row.incident_id) if row.incident_id else None, PlaceId(row.place_id), row.position, tuple(row.skills),
            tuple(row.tasks), members.get(row.id, 0), row.valid_from, row.valid_to,
        )
        for row in rows
    ]  # fmt: skip


def team_members(team_id: UUID, on: date | None = None) -> list[ServingSeen]:
    """Who is in a team on a day, the leader first."""
    return _serving(TeamMember.objects.filter(holding(on), team_id=team_id).order_by("-leads", "valid_from", "id"))


def posts(
    ranges: Sequence[Range] | None = None,
    *,
    organisation: OrganisationId | None = None,
    incident: IncidentId | None = None,
    on: date | None = None,
    limit: int = 500,
) -> list[PostSeen]:
    """Posts in the ranges, of an organisation or an incident, on a day, by place, with their hours."""
    return _posts_seen(list(_of(Post.objects.all(), ranges, organisation, incident, on).order_by("position", "id")[:limit]), on)


def post(post_id: UUID) -> PostSeen:
    """A post that is open. Raises PostNotFound."""
    found = _posts_seen(list(Post.objects.filter(holding(None), pk=post_id)), None)
    if not found:
        raise PostNotFound
    return found[0]


def posts_named(post_ids: Collection[UUID]) -> dict[UUID, str]:
    """What posts are called, closed ones too."""
    return dict(Post.objects.filter(pk__in=set(post_ids)).values_list("id", "name"))


def team(team_id: UUID) -> TeamSeen:
    """A team that has not ended. Raises TeamNotFound."""
    found = _teams_seen(list(Team.objects.filter(holding(None), pk=team_id)), None)
    if not found:
        raise TeamNotFound
    return found[0]


def _posts_seen(rows: Sequence[Post], on: date | None) -> list[PostSeen]:
    ids = [row.id for row in rows]
    hours: dict[UUID, list[Hours]] = {}
    for each in PostHours.objects.filter(post_id__in=ids).order_by("begins", "days"):
        hours.setdefault(each.post_id, []).append(Hours(each.days, each.begins, each.lasts))
    counted = PostHolder.objects.filter(holding(on), post_id__in=ids).values("post_id").annotate(n=Count("pk"))
    holders = {row["post_id"]: row["n"] for row in counted}
    return [
        PostSeen(
            row.id, row.name, PostKind(row.kind), row.duty, OrganisationId(row.organisation_id) if row.organisation_id else None,
            IncidentId(row.incident_id) if row.incident_id else None, PlaceId(row.place_id), AreaId(row.area_id) if row.area_id else None,
            row.position, row.needed, holders.get(row.id, 0), row.valid_from, row.valid_to, tuple(hours.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def who_mans(post_id: UUID, on: date | None = None) -> list[ServingSeen]:
    """Who mans a post in turns on a day."""
    return _serving(PostHolder.objects.filter(holding(on), post_id=post_id).order_by("valid_from", "id"))


def posts_of_person(person_ids: Collection[PersonId], on: date | None = None) -> dict[PersonId, UUID]:
    """The post that each of some people mans on a day, within the scope; nobody has two."""
    rows = PostHolder.objects.filter(holding(on), person_id__in=list(person_ids)).values_list("person_id", "post_id")
    return {PersonId(person): post for person, post in rows}


def serving_of(person_id: PersonId) -> list[ServedIn]:
    """The posts somebody mans or manned, their teams and their responsibility areas, the latest first, within the scope."""
    posts = PostHolder.objects.filter(person_id=person_id).values_list("post__name", "post__place_id", "valid_from", "valid_to")
    teams = TeamMember.objects.filter(person_id=person_id).values_list("team__name", "team__place_id", "valid_from", "valid_to")
    areas = Responsibility.objects.filter(person_id=person_id).values_list("area__name", "area__home_id", "valid_from", "valid_to")
    found = [
        ServedIn(what, name, PlaceId(place), since, until)
        for what, rows in (("post", posts), ("team", teams), ("area", areas))
        for name, place, since, until in rows[:200]
    ]
    return sorted(found, key=lambda one: one.valid_from, reverse=True)


def responsibilities(
    ranges: Sequence[Range] | None = None,
    *,
    organisation: OrganisationId | None = None,
    incident: IncidentId | None = None,
    on: date | None = None,
    limit: int = 2000,
) -> list[ResponsibilitySeen]:
    """Responsibility areas in the ranges, of an organisation or an incident, with who answers for them on a day."""
    rows = _of(Responsibility.objects.select_related("area"), ranges, organisation, incident, on).filter(Q(area__valid_to=None))
    return [
        ResponsibilitySeen(
            row.id, AreaId(row.area_id), row.area.name, OrganisationId(row.organisation_id) if row.organisation_id else None,
            IncidentId(row.incident_id) if row.incident_id else None, PersonId(row.person_id), row.position, row.valid_from, row.valid_to,
        )
        for row in rows.order_by("position", "area__name", "id")[:limit]
    ]  # fmt: skip


def _serving(rows: QuerySet[TeamMember] | QuerySet[PostHolder]) -> list[ServingSeen]:
    listed: list[TeamMember | PostHolder] = [*rows[:1000]]
    names = people.names_masked(PersonId(row.person_id) for row in listed)
    return [
        ServingSeen(
            row.id,
            PersonId(row.person_id),
            names.get(PersonId(row.person_id), ""),
            getattr(row, "leads", False),
            row.valid_from,
            row.valid_to,
        )
        for row in listed
    ]
