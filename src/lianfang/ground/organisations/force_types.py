"""Teams, posts and responsibility areas across the border: kinds, results and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AreaId, IncidentId, OrganisationId, PersonId, PlaceId


class TeamKind(StrEnum):
    """What a team is for."""

    PIONEER = "pioneer"  # 党员先锋队
    COMMANDO = "commando"  # 党员突击队
    VOLUNTEER = "volunteer"  # 志愿服务队
    GUARD = "guard"  # 志愿护卫队
    SUPERVISORS = "supervisors"  # 义务监督员
    OTHER = "other"


class PostKind(StrEnum):
    """What a post is."""

    PIONEER = "pioneer"  # 党员先锋岗
    MODEL = "model"  # 党员示范岗
    CHECKPOINT = "checkpoint"  # 卡口值守岗
    SAMPLING = "sampling"  # 采样点服务岗
    SERVICE = "service"  # 便民服务岗
    PATROL = "patrol"  # 巡逻岗
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a post is manned: days of the week as bits (bit 0 is Monday), from which minute of the day, for how many minutes."""

    days: int
    begins: int
    lasts: int


ROUND_THE_CLOCK = Hours(127, 0, 1440)


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team to be formed at a place, by an organisation, perhaps for one incident. A Party team is led by a full member."""

    name: str
    kind: TeamKind
    place: PlaceId
    leader: PersonId | None = None
    members: Sequence[PersonId] = ()
    organisation: OrganisationId | None = None
    incident: IncidentId | None = None
    of_party: bool = False
    skills: Sequence[str] = ()
    tasks: Sequence[str] = ()
    since: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be opened: place, duty, hours, how many people at once."""

    name: str
    kind: PostKind
    place: PlaceId
    duty: str
    hours: Sequence[Hours] = (ROUND_THE_CLOCK,)
    area: AreaId | None = None
    organisation: OrganisationId | None = None
    incident: IncidentId | None = None
    needed: int = 1
    since: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """One team on a day."""

    team_id: UUID
    name: str
    kind: TeamKind
    of_party: bool
    organisation_id: OrganisationId | None
    incident_id: IncidentId | None
    place_id: PlaceId
    position: int
    skills: tuple[str, ...]
    tasks: tuple[str, ...]
    members: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PostSeen:
    """One post on a day."""

    post_id: UUID
    name: str
    kind: PostKind
    duty: str
    organisation_id: OrganisationId | None
    incident_id: IncidentId | None
    place_id: PlaceId
    area_id: AreaId | None
    position: int
    needed: int
    holders: int
    valid_from: date
    valid_to: date | None
    hours: tuple[Hours, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ServingSeen:
    """Somebody in a team, at a post or answering for an area, masked."""

    row_id: UUID
    person_id: PersonId
    name: str
    leads: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ServedIn:
    """A post, a team or an area (`what`) that somebody served in from day to day."""

    what: str
    name: str
    place_id: PlaceId
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ResponsibilitySeen:
    """A responsibility area and who answers for it on a day."""

    responsibility_id: UUID
    area_id: AreaId
    area: str
    organisation_id: OrganisationId | None
    incident_id: IncidentId | None
    person_id: PersonId
    position: int
    valid_from: date
    valid_to: date | None


class TeamNotFound(NotFound):
    """This team does not exist, or has ended."""


class PostNotFound(NotFound):
    """This post does not exist, or has ended."""


class ServingNotFound(NotFound):
    """Nobody of this kind serves there any more."""


class NoHours(Invalid):
    """A post needs its hours: on which days, from when, for how long."""


class HoursWrong(Invalid):
    """Hours are days of the week, a time of the day, and at most a whole day."""


class HasAPost(Conflict):
    """This person has a post on these days."""


class AlreadyInTeam(Conflict):
    """This person is in the team on these days, or somebody leads it already."""


class ForceIncomplete(Invalid):
    """Write the name, and for a post what its duty is."""


class AlreadyResponsible(Conflict):
    """This person answers for that area on these days."""


class PartyTeamNeedsFullMember(Refused):
    """A Party team is led by a full member."""
