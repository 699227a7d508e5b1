"""Reporting for duty at home (双报到) and take-over (接管) across the border: kinds, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AreaId, OrganisationId, PersonId, PlaceId


class ReportKind(StrEnum):
    """Who reports where: members and organisations to communities, leaders to streets."""

    MEMBER = "member"
    ORGANISATION = "organisation"
    LEADER = "leader"


class ClaimWay(StrEnum):
    """How somebody came to a need."""

    CLAIMED = "claimed"  # 按需认领
    OFFERED = "offered"  # 自荐
    ASSIGNED = "assigned"  # 社区安排


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """One slip, the name masked."""

    report_id: UUID
    kind: ReportKind
    person_id: PersonId | None
    name: str
    organisation_id: OrganisationId
    organisation: str
    community_id: PlaceId
    since: date
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """One need and how many have taken it on."""

    need_id: UUID
    community_id: PlaceId
    what: str
    wanted: int
    claimed: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Served:
    """One service that was certified: a line of the card that goes back to the unit each quarter."""

    claim_id: UUID
    person_id: PersonId | None
    organisation_id: OrganisationId
    what: str
    served_on: date
    minutes: int
    certified_by: UUID
    community_id: PlaceId


@dataclass(frozen=True, slots=True)
class Unsponsored:
    """A street, a community or a compound that no organisation answers for on a day. `unmanaged`: no property company either."""

    level: str
    place_id: PlaceId | None
    area_id: AreaId | None
    name: str
    within: str
    unmanaged: bool


@dataclass(frozen=True, slots=True)
class TakeoverSeen:
    """One take-over."""

    takeover_id: UUID
    out_of_action_id: OrganisationId
    taken_by_id: OrganisationId
    out_of_action: str
    taken_by: str
    document: str
    valid_from: date
    until: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a take-over handed over, or gave back."""

    sponsorships: int
    posts: int
    teams: int


class ReportNotFound(NotFound):
    """This report does not exist, or has ended."""


class NeedNotFound(NotFound):
    """This need does not exist, or has ended."""


class ClaimNotFound(NotFound):
    """This claim does not exist."""


class TakeoverNotFound(NotFound):
    """This take-over does not exist, or has ended."""


class LivesNotHere(Refused):
    """Members report to the community they live in, and organisations to a community."""


class ReportedAlready(Conflict):
    """A report of theirs is in force already; a person has one, wherever they live and work."""


class NotSigned(Refused):
    """The community signs the report first."""


class NotByThemselves(Refused):
    """Hours are certified by somebody of the community, not by whoever served."""


class HoursUnreadable(Invalid):
    """Write the day of the service, not ahead, and one minute to one day of time."""


class NeedIncomplete(Invalid):
    """Write what is needed and for how many people."""


class TakenOverAlready(Conflict):
    """Another body does its duties already, or the two are the same; and a take-over rests on a document."""


class Verdict(StrEnum):
    """What became of a row of a list of members."""

    TAKEN = "taken"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row of a list of members: what became of it, and why not."""

    line: int
    verdict: Verdict
    reason: Refused | None = None


class MemberHeadingsMissing(Invalid):
    """No row with the headings name and organisation was found (姓名, 所在党组织)."""


class RowNameUnknown(Refused):
    """Nobody of this name lives at this place; enter them in the roster first, or add the telephone number."""


class RowNameTwice(Refused):
    """Several people of this name live here: add the telephone number."""


class RowBodyUnknown(Refused):
    """There is no Party organisation of this name; found it first."""


class RowBodyTwice(Refused):
    """Several Party organisations have this name; give them different names first."""


class RowStandingUnread(Refused):
    """Write whether full member or probationary (正式党员, 预备党员)."""
