"""Teams, posts and responsibility areas: raised, filled, emptied, ended. All take lists: a switch raises hundreds at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from lianfang.ground.organisations.commands.held import day_of, held, position_of_area
from lianfang.ground.organisations.force_types import (
    ForceIncomplete,
    Hours,
    NewPost,
    NewTeam,
    NoHours,
    PostNotFound,
    ServingNotFound,
    TeamNotFound,
)
from lianfang.ground.organisations.models import Post, PostHolder, PostHours, Responsibility, Team, TeamMember
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import PlaceNotFound
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, OrganisationId, PersonId, PlaceId, new_id

_BATCH = 2000


def _positions(place_ids: Sequence[PlaceId]) -> dict[PlaceId, int]:
    found = {place_id: place.lo for place_id, place in places.places_by_id(list(dict.fromkeys(place_ids))).items()}
    if missing := [one for one in place_ids if one not in found]:
        raise PlaceNotFound(text=missing[0])
    return found


def form_teams(teams: Sequence[NewTeam], *, by: AccountId | None) -> list[UUID]:
    """Form teams with their leaders and members. Raises ForceIncomplete, PartyTeamNeedsFullMember, AlreadyInTeam, DayWrong."""
    if any(not team.name.strip() for team in teams):
        raise ForceIncomplete
    at = _positions([team.place for team in teams])
    rows = [
        Team(
            id=team.id or new_id(), organisation_id=team.organisation, incident_id=team.incident, name=team.name.strip(), kind=team.kind,
            of_party=team.of_party, place_id=team.place, position=at[team.place], skills=list(team.skills), tasks=list(team.tasks),
            valid_from=day_of(team.since),
        )
        for team in teams
    ]  # fmt: skip
    with held(by):
        Team.objects.bulk_create(rows, batch_size=_BATCH)
        TeamMember.objects.bulk_create(
            [
                _in_team(row, person, leads=person == team.leader)
                for row, team in zip(rows, teams, strict=True)
                for person in dict.fromkeys([*([team.leader] if team.leader else []), *team.members])
            ],
            batch_size=_BATCH,
        )
    return [row.id for row in rows]


def _in_team(row: Team, person: PersonId, *, leads: bool = False, since: date | None = None) -> TeamMember:
    return TeamMember(id=new_id(), team_id=row.id, person_id=person, leads=leads, position=row.position, valid_from=since or row.valid_from)


def join_teams(pairs: Sequence[tuple[UUID, PersonId]], *, by: AccountId | None, since: date | None = None) -> list[UUID]:
    """Put people into teams. Raises TeamNotFound, AlreadyInTeam."""
    day = day_of(since)
    teams = {row.id: row for row in Team.objects.filter(pk__in={team for team, _ in pairs}, valid_to=None)}
    if any(team not in teams for team, _ in pairs):
        raise TeamNotFound
    with held(by):
        made = TeamMember.objects.bulk_create([_in_team(teams[team], person, since=day) for team, person in pairs], batch_size=_BATCH)
    return [row.id for row in made]


def lead_team(team_id: UUID, person: PersonId, *, by: AccountId | None) -> None:
    """Let somebody lead a team from today; whoever led it stays in it. Raises TeamNotFound, PartyTeamNeedsFullMember."""
    with held(by):
        team = Team.objects.select_for_update().filter(pk=team_id, valid_to=None).first()
        if team is None:
            raise TeamNotFound
        day = day_of(None)
        for row in TeamMember.objects.filter(Q(leads=True) | Q(person_id=person), team=team, valid_to=None):
            row.valid_to = day
            row.save(update_fields=["valid_to"])
            if row.person_id != person:
                _in_team(team, PersonId(row.person_id), since=day).save(force_insert=True)
        _in_team(team, person, leads=True, since=day).save(force_insert=True)


def leave_team(member_id: UUID, *, by: AccountId | None, on: date | None = None) -> None:
    """End somebody's time in a team. Raises ServingNotFound, PartyTeamNeedsFullMember, DayWrong."""
    with held(by):
        _end(TeamMember.objects.filter(pk=member_id, valid_to=None).update(valid_to=day_of(on)))


def disband_teams(team_ids: Sequence[UUID], *, by: AccountId | None, on: date | None = None) -> int:
    """End teams, and everybody's time in them; how many."""
    day = day_of(on)
    with held(by):
        TeamMember.objects.filter(team_id__in=list(team_ids), valid_to=None).update(valid_to=day)
        return Team.objects.filter(pk__in=list(team_ids), valid_to=None).update(valid_to=day)


def open_posts(posts: Sequence[NewPost], *, by: AccountId | None) -> list[UUID]:
    """Open posts with their hours. Raises ForceIncomplete, NoHours, HoursWrong, DayWrong."""
    if any(not post.name.strip() or not post.duty.strip() for post in posts):
        raise ForceIncomplete
    if any(not post.hours for post in posts):
        raise NoHours
    at = _positions([post.place for post in posts])
    rows = [
        Post(
            id=post.id or new_id(), organisation_id=post.organisation, incident_id=post.incident, name=post.name.strip(), kind=post.kind,
            place_id=post.place, area_id=post.area, position=at[post.place], duty=post.duty.strip(), needed=post.needed,
            valid_from=day_of(post.since),
        )
        for post in posts
    ]  # fmt: skip
    with held(by):
        Post.objects.bulk_create(rows, batch_size=_BATCH)
        PostHours.objects.bulk_create(
            [
                PostHours(post_id=row.id, days=hours.days, begins=hours.begins, lasts=hours.lasts)
                for row, post in zip(rows, posts, strict=True)
                for hours in post.hours
            ],
            batch_size=_BATCH,
        )
    return [row.id for row in rows]


def change_post(post_id: UUID, *, name: str, duty: str, needed: int, hours: Sequence[Hours], by: AccountId | None) -> None:
    """Change what a post is called, does, needs and when it is manned, from now on. Raises PostNotFound, ForceIncomplete, NoHours, HoursWrong."""
    if not name.strip() or not duty.strip():
        raise ForceIncomplete
    if not hours:
        raise NoHours
    with held(by):
        row = Post.objects.select_for_update().filter(pk=post_id, valid_to=None).first()
        if row is None:
            raise PostNotFound
        row.name, row.duty, row.needed = name.strip(), duty.strip(), needed
        row.save(update_fields=["name", "duty", "needed"])
        PostHours.objects.filter(post_id=post_id).delete()
        PostHours.objects.bulk_create(PostHours(post_id=post_id, days=one.days, begins=one.begins, lasts=one.lasts) for one in hours)


def man_posts(
    pairs: Sequence[tuple[UUID, PersonId]], *, by: AccountId | None, since: date | None = None, shown: bool = False
) -> list[UUID]:
    """Put people on posts in turns; nobody has two. Raises PostNotFound, HasAPost."""
    day = day_of(since)
    posts = {row.id: row for row in Post.objects.filter(pk__in={post for post, _ in pairs}, valid_to=None)}
    if any(post not in posts for post, _ in pairs):
        raise PostNotFound
    rows = [
        PostHolder(id=new_id(), post_id=post, person_id=person, shown=shown, position=posts[post].position, valid_from=day)
        for post, person in pairs
    ]
    with held(by):
        PostHolder.objects.bulk_create(rows, batch_size=_BATCH)
    return [row.id for row in rows]


def leave_posts(holder_ids: Sequence[UUID], *, by: AccountId | None, on: date | None = None) -> int:
    """End people's time at posts; how many."""
    with held(by):
        return PostHolder.objects.filter(pk__in=list(holder_ids), valid_to=None).update(valid_to=day_of(on))


def close_posts(post_ids: Sequence[UUID], *, by: AccountId | None, on: date | None = None) -> int:
    """Close posts, and everybody's time at them; how many."""
    day = day_of(on)
    with held(by):
        PostHolder.objects.filter(post_id__in=list(post_ids), valid_to=None).update(valid_to=day)
        return Post.objects.filter(pk__in=list(post_ids), valid_to=None).update(valid_to=day)


def answer_for(
    pairs: Sequence[tuple[AreaId, PersonId]],
    *,
    by: AccountId | None,
    organisation: OrganisationId | None = None,
    incident: IncidentId | None = None,
    since: date | None = None,
) -> list[UUID]:
    """Let people answer for responsibility areas (places' areas of the kind `responsibility`). Raises AlreadyResponsible, PlaceNotFound."""
    day = day_of(since)
    at = {area: position_of_area(area) for area in dict.fromkeys(area for area, _ in pairs)}
    rows = [
        Responsibility(
            id=new_id(),
            area_id=area,
            organisation_id=organisation,
            incident_id=incident,
            person_id=person,
            position=at[area],
            valid_from=day,
        )
        for area, person in pairs
    ]
    with held(by):
        Responsibility.objects.bulk_create(rows, batch_size=_BATCH)
    return [row.id for row in rows]


def answer_no_more(responsibility_ids: Sequence[UUID], *, by: AccountId | None, on: date | None = None) -> int:
    """End people's answering for areas; how many. The areas themselves are ended in places."""
    with held(by):
        return Responsibility.objects.filter(pk__in=list(responsibility_ids), valid_to=None).update(valid_to=day_of(on))


def _end(ended: int) -> None:
    if not ended:
        raise ServingNotFound
