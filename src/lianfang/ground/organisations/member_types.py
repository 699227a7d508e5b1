"""Members and offices across the border: kinds, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AreaId, OrganisationId, PersonId, PlaceId


class MembershipKind(StrEnum):
    """In what sense somebody belongs to a Party organisation."""

    HOME = "home"  # 组织关系所在
    ATTACHED = "attached"  # 组织关系不转接
    GROUPED = "grouped"  # 编入党小组


class Standing(StrEnum):
    """Full member, or on probation."""

    FULL = "full"  # 正式党员
    PROBATIONARY = "probationary"  # 预备党员


class Office(StrEnum):
    """An office in a Party organisation; the first secretary's is over a place."""

    SECRETARY = "secretary"  # 书记
    DEPUTY = "deputy"  # 副书记
    COMMITTEE = "committee"  # 委员
    GROUP_LEADER = "group_leader"  # 党小组组长
    HOUSEHOLD_HEAD = "household_head"  # 党员中心户户主
    FIRST_SECRETARY = "first_secretary"  # 第一书记


class Way(StrEnum):
    """How somebody came into an office."""

    DESIGNATED = "designated"  # 指定
    ELECTED = "elected"  # 选举


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """One member of an organisation on a day, masked."""

    membership_id: UUID
    person_id: PersonId
    name: str
    organisation_id: OrganisationId
    organisation: str
    kind: MembershipKind
    standing: Standing
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class LivingMember:
    """A member who lives in a place, wherever their organisation is, masked."""

    person_id: PersonId
    name: str
    door_id: PlaceId
    position: int
    standing: Standing
    organisation_id: OrganisationId
    organisation: str


@dataclass(frozen=True, slots=True)
class MemberCount:
    """Members of one organisation on a day: full and probationary (人)."""

    full: int
    probationary: int

    @property
    def all(self) -> int:
        """Both."""
        return self.full + self.probationary


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """Somebody put into an office: by whom, on what paper, for how long. A first secretary has a place or an area, and duties."""

    office: Office
    person: PersonId
    organisation: OrganisationId | None = None
    place: PlaceId | None = None
    area: AreaId | None = None
    appointed_by: OrganisationId | None = None
    document: str = ""
    duties: str = ""
    way: Way = Way.DESIGNATED
    since: date | None = None
    term_until: date | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentSeen:
    """One appointment on a day, the name masked."""

    appointment_id: UUID
    office: Office
    person_id: PersonId
    name: str
    organisation_id: OrganisationId | None
    place_id: PlaceId | None
    area_id: AreaId | None
    appointed_by: str
    document: str
    duties: str
    term_until: date | None
    handover: str
    valid_from: date
    valid_to: date | None


class MembershipNotFound(NotFound):
    """This membership does not exist, or has ended."""


class AppointmentNotFound(NotFound):
    """This appointment does not exist, or has ended."""


class AlreadyMember(Conflict):
    """This person belongs to that organisation already, or has their organisational relation elsewhere on these days."""


class RelationStaysHome(Refused):
    """The organisational relation is not moved to a branch of this kind: its members are attached, and stay members at home."""


class NotAPartyBody(Invalid):
    """Only organisations of the Party have members."""


class NotInTheBranch(Refused):
    """A group is made of members of its branch."""


class OfficeTaken(Conflict):
    """Somebody holds this office on these days."""


class LeaderMustBeFull(Refused):
    """Only a full member may lead."""


class DesignatedOnly(Refused):
    """Leaders of a temporary branch are designated by the organisation that approved it; they are not elected."""


class AppointmentIncomplete(Invalid):
    """A first secretary is appointed by an organisation, on paper, to one community or compound, with duties."""
