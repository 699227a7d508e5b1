"""Reporting for duty at home (双报到): slips, needs, claims, certified hours."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianfang.ground.organisations.commands.held import day_of, held, position_of
from lianfang.ground.organisations.models import Claim, Need, Report
from lianfang.ground.organisations.reporting_types import (
    ClaimNotFound,
    ClaimWay,
    HoursUnreadable,
    NeedIncomplete,
    NeedNotFound,
    ReportKind,
    ReportNotFound,
)
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId, new_id

_DAY = 1440


def report_for_duty(
    organisation: OrganisationId, community: PlaceId, person: PersonId | None = None, *, by: AccountId | None, leader: bool = False
) -> UUID:
    """A member of a unit, or the unit itself, reports to a community. Raises LivesNotHere, ReportedAlready."""
    kind = ReportKind.LEADER if leader else ReportKind.MEMBER if person else ReportKind.ORGANISATION
    row = Report(
        id=new_id(), kind=kind, person_id=person, organisation_id=organisation, community_id=community, position=position_of(community),
        valid_from=clock.today(),
    )  # fmt: skip
    with held(by):
        row.save(force_insert=True)
    return row.id


def sign_report(report_id: UUID, *, by: AccountId) -> None:
    """The community takes a report: the receipt may go back to the unit. Raises ReportNotFound."""
    with held(by):
        if not Report.objects.filter(pk=report_id, valid_to=None, signed_on=None).update(signed_by=by, signed_on=clock.today()):
            raise ReportNotFound


def end_report(report_id: UUID, *, by: AccountId | None) -> None:
    """Somebody moved away or left the unit. Raises ReportNotFound."""
    with held(by):
        if not Report.objects.filter(pk=report_id, valid_to=None).update(valid_to=clock.today()):
            raise ReportNotFound


def publish_need(community: PlaceId, what: str, wanted: int = 1, *, by: AccountId | None) -> UUID:
    """Put a need on the community's list. Raises NeedIncomplete."""
    if not what.strip():
        raise NeedIncomplete
    row = Need(
        id=new_id(), community_id=community, position=position_of(community), what=what.strip(), wanted=wanted, valid_from=clock.today()
    )
    with held(by):
        row.save(force_insert=True)
    return row.id


def end_need(need_id: UUID, *, by: AccountId | None) -> None:
    """Take a need off the list. Raises NeedNotFound."""
    with held(by):
        if not Need.objects.filter(pk=need_id, valid_to=None).update(valid_to=clock.today()):
            raise NeedNotFound


def claim(need_id: UUID, report_id: UUID, way: ClaimWay = ClaimWay.CLAIMED, *, by: AccountId | None) -> UUID:
    """Somebody who reported takes a need on. Raises NeedNotFound, ReportNotFound, NotSigned, ReportedAlready."""
    need = Need.objects.filter(pk=need_id, valid_to=None).first()
    if need is None:
        raise NeedNotFound
    if not Report.objects.filter(pk=report_id, valid_to=None).exists():
        raise ReportNotFound
    row = Claim(id=new_id(), need_id=need_id, report_id=report_id, position=need.position, way=way, claimed_on=clock.today())
    with held(by):
        row.save(force_insert=True)
    return row.id


def certify(claim_id: UUID, minutes: int, on: date | None = None, *, by: AccountId) -> None:
    """Certify what was served. Raises ClaimNotFound, HoursUnreadable, NotByThemselves."""
    if not 1 <= minutes <= _DAY:
        raise HoursUnreadable
    with held(by):
        row = Claim.objects.select_for_update().filter(pk=claim_id).first()
        if row is None:
            raise ClaimNotFound
        row.served_on, row.minutes, row.certified_by, row.certified_at = day_of(on), minutes, by, clock.now()
        row.save(update_fields=["served_on", "minutes", "certified_by", "certified_at"])
