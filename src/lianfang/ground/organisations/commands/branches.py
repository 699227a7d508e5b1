"""The life of a branch: applied for, approved, founded, adjusted, dissolved or converted. The tables hold the rules; here they get words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from lianfang.ground.incidents import queries as incidents
from lianfang.ground.organisations.branch_types import (
    Approval,
    ApprovalMissing,
    BranchNotFound,
    BranchState,
    ConversionWrong,
    Founding,
    HostEnded,
    HostMissing,
    NewBranch,
    OutOfTurn,
    PurposeMissing,
    StepKind,
    TooFewFullMembers,
)
from lianfang.ground.organisations.commands.held import day_of, held, position_of
from lianfang.ground.organisations.commands.members import add_memberships, appoint
from lianfang.ground.organisations.commands.naming import change
from lianfang.ground.organisations.commands.organisations import number, seat
from lianfang.ground.organisations.member_types import LeaderMustBeFull, MembershipKind, NewAppointment, Office, Standing
from lianfang.ground.organisations.models import Branch, Organisation, Step
from lianfang.ground.organisations.rules import enough_full
from lianfang.ground.organisations.types import APPLIED_FOR, FOR_A_TASK, DayWrong, OrganisationKind, OrganisationNotFound
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId, new_id


def apply_for_branch(new: NewBranch, *, by: AccountId | None) -> UUID:
    """Apply for a branch: nothing is active yet. Raises PurposeMissing, HostMissing, HostEnded, NotFound."""
    if not new.name.strip() or not new.purpose.strip():
        raise PurposeMissing
    if new.kind not in APPLIED_FOR:
        raise ConversionWrong
    if new.kind in FOR_A_TASK and new.incident is None and new.host is None:
        raise HostMissing
    _host_lasts(new)
    row = Branch(
        id=new.id or new_id(), name=new.name.strip(), kind=new.kind, purpose=new.purpose.strip(), place_id=new.place, area_id=new.area,
        incident_id=new.incident, host_id=new.host, applicant_id=new.applicant, until=new.until, applied_on=day_of(new.on),
    )  # fmt: skip
    with held(by):
        row.save(force_insert=True)
        _step(row, StepKind.APPLIED, row.applied_on, new.applicant)
    return row.id


def _host_lasts(new: NewBranch) -> None:
    if new.incident is not None and incidents.incident(new.incident).ended_at is not None:
        raise HostEnded
    if new.host is not None:
        host = Organisation.objects.filter(pk=new.host).first()
        if host is None:
            raise OrganisationNotFound
        if host.valid_to is not None:
            raise HostEnded


def approve_branch(branch_id: UUID, approval: Approval, *, by: AccountId | None) -> None:
    """Record that a Party committee approved it, by which document, on which day. Raises OutOfTurn, ApprovalMissing, DayWrong."""
    if not approval.document.strip():
        raise ApprovalMissing
    with held(by, approval.document.strip()):
        row = _in_state(branch_id, BranchState.APPLIED)
        row.state, row.approver_id, row.document = BranchState.APPROVED, approval.approver, approval.document.strip()
        row.approved_on = day_of(approval.on)
        row.save(update_fields=["state", "approver", "document", "approved_on"])
        _step(row, StepKind.APPROVED, row.approved_on, approval.approver, row.document)


def refuse_branch(branch_id: UUID, *, by: AccountId | None, organisation: OrganisationId | None = None, note: str = "") -> None:
    """Record that it was not approved. Raises OutOfTurn."""
    with held(by, note):
        row = _in_state(branch_id, BranchState.APPLIED)
        row.state = BranchState.REFUSED
        row.save(update_fields=["state"])
        _step(row, StepKind.REFUSED, clock.today(), organisation, note=note)


def withdraw_branch(branch_id: UUID, *, by: AccountId | None, note: str = "") -> None:
    """Take an application, or an approval not used, back. Raises OutOfTurn."""
    with held(by, note):
        row = _in_state(branch_id, BranchState.APPLIED, BranchState.APPROVED)
        row.state = BranchState.WITHDRAWN
        row.save(update_fields=["state"])
        _step(row, StepKind.WITHDRAWN, clock.today(), None, note=note)


def found_branch(branch_id: UUID, founding: Founding, *, by: AccountId | None) -> OrganisationId:
    """Found an approved branch with its members, attached and members still at home, and the leaders its approver designates.

    Raises OutOfTurn, TooFewFullMembers, LeaderMustBeFull, AlreadyMember, HostEnded, DayWrong.
    """
    _fit(founding)
    day = day_of(founding.on)
    with held(by):
        row = _in_state(branch_id, BranchState.APPROVED)
        if row.approved_on is None or day < row.approved_on:
            raise DayWrong
        organisation = number(row.name, OrganisationKind(row.kind), day, parent=_approver(row), place=PlaceId(row.place_id))
        row.state, row.organisation_id, row.founded_on = BranchState.ACTIVE, organisation, day
        row.save(update_fields=["state", "organisation", "founded_on"])
        kind = MembershipKind.HOME if row.kind == OrganisationKind.JOINT_BRANCH else MembershipKind.ATTACHED
        add_memberships(organisation, founding.members, kind, day, position_of(PlaceId(row.place_id)))
        for person, office in founding.leaders:
            appoint(_designated(row, organisation, person, office, day), by=by)
        _step(row, StepKind.FOUNDED, day, _approver(row), row.document)
    return organisation


def _fit(founding: Founding) -> None:
    full = {person for person, standing in founding.members if standing == Standing.FULL}
    if not enough_full(len(full)):
        raise TooFewFullMembers
    if not {person for person, _ in founding.leaders} <= full:
        raise LeaderMustBeFull


def _designated(row: Branch, organisation: OrganisationId, person: PersonId, office: Office, day: date) -> NewAppointment:
    return NewAppointment(
        office, person, organisation=organisation, appointed_by=_approver(row),
        document=row.document, since=day, term_until=row.until,
    )  # fmt: skip


def raise_branch(new: NewBranch, approval: Approval, founding: Founding, *, by: AccountId | None) -> OrganisationId:
    """Application, approval and founding at once: what was agreed in a plan beforehand. Raises what the three raise."""
    with held(by, approval.document):
        branch_id = apply_for_branch(new, by=by)
        approve_branch(branch_id, approval, by=by)
        return found_branch(branch_id, founding, by=by)


def adjust_branch(
    branch_id: UUID, *, by: AccountId | None, document: str, purpose: str = "", until: date | None = None, place: PlaceId | None = None
) -> None:
    """Change what an active branch is for, till when, or where, on paper. What was before stands in the changes. Raises OutOfTurn, ApprovalMissing."""
    if not document.strip():
        raise ApprovalMissing
    with held(by, document.strip()):
        row = _in_state(branch_id, BranchState.ACTIVE)
        row.purpose, row.until = purpose.strip() or row.purpose, until or row.until
        row.place_id = place or row.place_id
        row.save(update_fields=["purpose", "until", "place"])
        if place is not None:
            seat(OrganisationId(cast("UUID", row.organisation_id)), place)
        _step(row, StepKind.ADJUSTED, clock.today(), _approver(row), document.strip())


def dissolve_branch(branch_id: UUID, *, by: AccountId | None, document: str = "", on: date | None = None) -> None:
    """Dissolve a branch: attachments, offices, posts, teams and areas end on that day. Raises OutOfTurn, DayWrong."""
    with held(by, document.strip()):
        row = _in_state(branch_id, BranchState.ACTIVE)
        row.state, row.ended_on, row.end_document = BranchState.DISSOLVED, day_of(on), document.strip()
        row.save(update_fields=["state", "ended_on", "end_document"])
        _step(row, StepKind.DISSOLVED, row.ended_on, None, row.end_document)


def convert_branch(branch_id: UUID, into: OrganisationKind, approval: Approval, *, by: AccountId | None) -> None:
    """Make a temporary branch a standing one (让临时党支部不临时): members, posts, teams and areas stay. Raises OutOfTurn, ConversionWrong."""
    if into not in {OrganisationKind.FUNCTIONAL_BRANCH, OrganisationKind.JOINT_BRANCH, OrganisationKind.PARTY_BRANCH}:
        raise ConversionWrong
    if not approval.document.strip():
        raise ApprovalMissing
    day = day_of(approval.on)
    with held(by, approval.document.strip()):
        row = _in_state(branch_id, BranchState.ACTIVE)
        change(Organisation.objects.select_for_update().get(pk=cast("UUID", row.organisation_id)), day, kind=into)
        row.state, row.ended_on, row.end_document = BranchState.CONVERTED, day, approval.document.strip()
        row.save(update_fields=["state", "ended_on", "end_document"])
        _step(row, StepKind.CONVERTED, day, approval.approver, row.end_document, note=into.value)


def _approver(row: Branch) -> OrganisationId | None:
    return OrganisationId(row.approver_id) if row.approver_id else None


def _in_state(branch_id: UUID, *states: BranchState) -> Branch:
    row = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if row is None:
        raise BranchNotFound
    if row.state not in states:
        raise OutOfTurn(state=row.state)
    return row


def _step(row: Branch, kind: StepKind, on: date, organisation: OrganisationId | None, document: str = "", note: str = "") -> None:
    Step(
        id=new_id(), branch_id=row.id, kind=kind, on=on, organisation_id=organisation, document=document, note=note, recorded_at=clock.now()
    ).save(force_insert=True)


def dissolve_branches(branch_ids: Sequence[UUID], *, by: AccountId | None, document: str, on: date | None = None) -> int:
    """Dissolve several on the same paper; how many."""
    with held(by, document):
        for branch_id in branch_ids:
            dissolve_branch(branch_id, by=by, document=document, on=on)
    return len(branch_ids)
