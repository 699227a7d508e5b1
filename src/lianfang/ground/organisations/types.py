"""What may cross the border of this context: kinds, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lianfang.kernel.errors import Conflict, Invalid, NotFound, Refused
from lianfang.kernel.ids import AreaId, OrganisationId, PlaceId
from lianfang.kernel.ranges import Range


class OrganisationKind(StrEnum):
    """What an organisation is."""

    PARTY_COMMITTEE = "party_committee"  # 党委、党组、党工委
    PARTY_BRANCH = "party_branch"  # 党支部
    TEMPORARY_BRANCH = "temporary_branch"  # 临时党支部
    ACTION_BRANCH = "action_branch"  # 行动支部
    FUNCTIONAL_BRANCH = "functional_branch"  # 功能型党支部
    JOINT_BRANCH = "joint_branch"  # 联合党支部
    PARTY_GROUP = "party_group"  # 党小组
    MEMBER_HOUSEHOLD = "member_household"  # 党员中心户
    DEPARTMENT = "department"  # 机关部门
    PUBLIC_INSTITUTION = "public_institution"  # 事业单位
    COMMITTEE = "committee"  # 居民委员会、村民委员会
    ENTERPRISE = "enterprise"  # 企业
    PROPERTY_COMPANY = "property_company"  # 物业
    SOCIAL = "social"  # 社会组织
    TEAM = "team"  # 先锋队、突击队、志愿服务队
    OTHER = "other"


_K = OrganisationKind
APPLIED_FOR = (_K.TEMPORARY_BRANCH, _K.ACTION_BRANCH, _K.FUNCTIONAL_BRANCH, _K.JOINT_BRANCH)
"""Branches that come into being by application and approval."""

FOR_A_TASK = (_K.TEMPORARY_BRANCH, _K.ACTION_BRANCH)
"""Branches that end with the body for whose task they were raised."""

WITHOUT_RELATION = (*FOR_A_TASK, _K.FUNCTIONAL_BRANCH)
"""Branches whose members keep their organisational relation (组织关系) at home."""

BRANCHES = (_K.PARTY_BRANCH, *APPLIED_FOR)
OF_PARTY = (_K.PARTY_COMMITTEE, *BRANCHES, _K.PARTY_GROUP, _K.MEMBER_HOUSEHOLD)
"""Organisations of the Party: who belongs to them is told only to those who may see members."""


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    """One organisation as it is today."""

    organisation_id: OrganisationId
    name: str
    kind: OrganisationKind
    parent_id: OrganisationId | None
    place_id: PlaceId | None
    range: Range
    valid_from: date
    valid_to: date | None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationWas:
    """What an organisation was called, and of what kind it was, in a period; no end for today."""

    name: str
    kind: OrganisationKind
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Sponsor:
    """An organisation that answers for a place, an area or another organisation on a day."""

    sponsorship_id: UUID
    organisation_id: OrganisationId
    name: str
    place_id: PlaceId | None
    area_id: AreaId | None
    document: str
    valid_from: date
    valid_to: date | None
    sponsored_id: OrganisationId | None = None
    takeover: UUID | None = None
    phone: str = ""


class SponsorshipNotFound(NotFound):
    """This sponsorship does not exist, or has ended."""


class AlreadySponsored(Conflict):
    """{name} answers for it already."""


class NotItself(Invalid):
    """An organisation does not answer for itself."""


class OrganisationNotFound(NotFound):
    """This organisation does not exist, or lies outside what you answer for."""


class OrganisationEnded(Conflict):
    """This organisation has ended."""


class StillHasParts(Conflict):
    """{count} organisations below this one have not ended."""


class TooDeep(Refused):
    """The tree of organisations cannot go deeper here."""


class NameMissing(Invalid):
    """Write the name of the organisation."""


class DayWrong(Invalid):
    """This day lies ahead, or before the organisation was founded."""


class NeedsApproval(Refused):
    """A branch of this kind is applied for, approved by a Party committee, and then founded."""


class NoDoorShown(Invalid):
    """A member household is named by its building or unit, not by its door."""
