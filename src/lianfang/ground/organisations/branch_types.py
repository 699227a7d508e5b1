"""Branches across the border: states, steps, what they record; what founding takes; refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lianfang.ground.organisations.member_types import Office
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AreaId, IncidentId, OrganisationId, PersonId, PlaceId


class BranchState(StrEnum):
    """Where a branch stands in its life: 申请、批复、成立、撤销 or 转设."""

    APPLIED = "applied"
    APPROVED = "approved"
    ACTIVE = "active"
    DISSOLVED = "dissolved"
    CONVERTED = "converted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class StepKind(StrEnum):
    """What happened to a branch."""

    APPLIED = "applied"
    APPROVED = "approved"
    FOUNDED = "founded"
    ADJUSTED = "adjusted"
    DISSOLVED = "dissolved"
    CONVERTED = "converted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ActKind(StrEnum):
    """What a branch does. The last five are those that a branch without the organisational relation may not do."""

    STUDY = "study"  # 政治学习
    MEETING = "meeting"  # 组织生活会
    SUPERVISION = "supervision"  # 教育管理监督党员
    CULTIVATION = "cultivation"  # 培养入党积极分子
    TASK = "task"  # 应急任务
    HUDDLE = "huddle"  # 碰头会
    ADMIT = "admit"  # 发展党员
    DISCIPLINE = "discipline"  # 处分处置党员
    COLLECT_DUES = "collect_dues"  # 收缴党费
    ELECT_DELEGATES = "elect_delegates"  # 选举党代表大会代表
    RE_ELECT = "re_elect"  # 换届


BARRED = (ActKind.ADMIT, ActKind.DISCIPLINE, ActKind.COLLECT_DUES, ActKind.ELECT_DELEGATES, ActKind.RE_ELECT)
"""What a temporary branch may not do (支部工作条例, temporary branches). Only the first opens, by a recorded authorisation."""


class AdmissionCase(StrEnum):
    """On which ground somebody is admitted at the front line (中组部 2020-02-23)."""

    ACTIVIST = "a"  # already an activist or development target, under a year, outstanding at the front line
    OUTSTANDING = "b"  # applied before or at the front line, and especially outstanding


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A branch that is applied for. A temporary one has a host: the incident, or the body for whose task it is raised."""

    name: str
    purpose: str
    place: PlaceId
    kind: OrganisationKind = OrganisationKind.TEMPORARY_BRANCH
    incident: IncidentId | None = None
    host: OrganisationId | None = None
    applicant: OrganisationId | None = None
    area: AreaId | None = None
    until: date | None = None
    on: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """The paper of a higher Party organisation: who, which number, of which day."""

    approver: OrganisationId
    document: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Founding:
    """With whom a branch is founded: its members, and the leaders that the approver designates among them."""

    members: Sequence[tuple[PersonId, str]] = ()
    """Each person with their standing (member_types.Standing)."""
    leaders: Sequence[tuple[PersonId, Office]] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class BranchSeen:
    """One branch that was applied for, wherever it stands in its life."""

    branch_id: UUID
    organisation_id: OrganisationId | None
    name: str
    kind: OrganisationKind
    purpose: str
    state: BranchState
    place_id: PlaceId
    area_id: AreaId | None
    incident_id: IncidentId | None
    host_id: OrganisationId | None
    applicant_id: OrganisationId | None
    approver_id: OrganisationId | None
    approver: str
    document: str
    applied_on: date
    approved_on: date | None
    founded_on: date | None
    ended_on: date | None
    until: date | None
    end_document: str


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step of a branch's life."""

    kind: StepKind
    on: date
    organisation: str
    document: str
    note: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NewAct:
    """What a branch did. The last fields are of an admission only."""

    kind: ActKind
    subject: str = ""
    on: date | None = None
    present: int | None = None
    person: PersonId | None = None
    case: AdmissionCase | None = None
    studied_on: date | None = None
    approver: OrganisationId | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class ActSeen:
    """One thing a branch did."""

    act_id: UUID
    kind: ActKind
    on: date
    subject: str
    present: int | None


class BranchNotFound(NotFound):
    """This branch does not exist, or lies outside what you answer for."""


class OutOfTurn(Conflict):
    """This branch stands at another step: {state}."""


class ApprovalMissing(Invalid):
    """A branch is approved by a Party committee, with the number and the day of its document."""


class HostMissing(Invalid):
    """A temporary branch is raised for the task of a body: name the incident or the organisation."""


class HostEnded(Refused):
    """The body for whose task this branch is raised has ended; so it cannot be, or stay, active."""


class TooFewFullMembers(Refused):
    """A branch needs at least three full members; probationary members do not count."""


class NotForTemporaryBranches(Refused):
    """A branch without the organisational relation does not admit, discipline, collect dues, elect delegates or hold re-elections."""


class NotAuthorised(Refused):
    """Admission at the front line needs a recorded authorisation for this incident that holds on the day."""


class AdmissionIncomplete(Invalid):
    """Name the person, the case, the day of the branch's study, and the higher committee with its document."""


class ConversionWrong(Invalid):
    """A temporary branch becomes a functional, a joint or an ordinary branch."""


class PurposeMissing(Invalid):
    """Write the name of the branch and what it is for."""


class IssuerWrong(Invalid):
    """An authorisation is issued by a Party committee, with its document, for days in order."""
