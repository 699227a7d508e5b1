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
    PARTY_GROUP = "party_group"  # 党小组
    DEPARTMENT = "department"  # 机关部门
    PUBLIC_INSTITUTION = "public_institution"  # 事业单位
    COMMITTEE = "committee"  # 居民委员会、村民委员会
    ENTERPRISE = "enterprise"  # 企业
    PROPERTY_COMPANY = "property_company"  # 物业
    SOCIAL = "social"  # 社会组织
    TEAM = "team"  # 先锋队、突击队、志愿服务队
    OTHER = "other"


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


@dataclass(frozen=True, slots=True)
class Sponsor:
    """An organisation that answers for a place or an area on a day."""

    sponsorship_id: UUID
    organisation_id: OrganisationId
    name: str
    place_id: PlaceId | None
    area_id: AreaId | None
    document: str
    valid_from: date
    valid_to: date | None


class SponsorshipNotFound(NotFound):
    """This sponsorship does not exist, or has ended."""


class AlreadySponsored(Conflict):
    """{name} answers for it already."""


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
