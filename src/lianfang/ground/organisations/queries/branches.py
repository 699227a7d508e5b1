"""Branches that were applied for: where they stand, what happened to them, what to look at, what they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count

from lianfang.ground.organisations.branch_types import ActKind, ActSeen, BranchNotFound, BranchSeen, BranchState, StepKind, StepSeen
from lianfang.ground.organisations.member_types import Office
from lianfang.ground.organisations.models import Act, Appointment, Branch, Organisation, Step
from lianfang.ground.organisations.queries.dated import holding, within
from lianfang.ground.organisations.queries.members import member_counts
from lianfang.ground.organisations.rules import warnings
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, IncidentId, OrganisationId, PlaceId
from lianfang.kernel.ranges import Range


def branch(branch_id: UUID) -> BranchSeen:
    """One branch. Raises BranchNotFound."""
    row = Branch.objects.select_related("approver").filter(pk=branch_id).first()
    if row is None:
        raise BranchNotFound
    return _seen(row)


def branch_of(organisation_id: OrganisationId) -> BranchSeen | None:
    """The life behind an organisation, None where it was not applied for."""
    row = Branch.objects.select_related("approver").filter(organisation_id=organisation_id).first()
    return _seen(row) if row else None


def branches(
    ranges: Sequence[Range],
    *,
    incident: IncidentId | None = None,
    states: Sequence[BranchState] = (),
    on: date | None = None,
    limit: int = 500,
) -> list[BranchSeen]:
    """Branches at places in the ranges, the latest applied for first; with a day, those that were active on it."""
    rows = Branch.objects.select_related("approver").filter(within(ranges, "place__lo"))
    if incident is not None:
        rows = rows.filter(incident_id=incident)
    if states:
        rows = rows.filter(state__in=list(states))
    if on is not None:
        rows = rows.filter(founded_on__lte=on).exclude(ended_on__lte=on)
    return [_seen(row) for row in rows.order_by("-applied_on", "-id")[:limit]]


def steps_of(branch_id: UUID) -> list[StepSeen]:
    """What happened to a branch, from its application on."""
    rows = Step.objects.select_related("organisation").filter(branch_id=branch_id).order_by("recorded_at", "id")
    return [
        StepSeen(StepKind(row.kind), row.on, row.organisation.name if row.organisation else "", row.document, row.note, row.recorded_at)
        for row in rows
    ]


def warnings_of(seen: BranchSeen) -> list[str]:
    """What should be looked at in an active branch: `large`, `long`, `no_committee_yet`, `group_unfit` (rules)."""
    return warnings_of_many([seen])[seen.branch_id]


def warnings_of_many(found: Sequence[BranchSeen]) -> dict[UUID, list[str]]:
    """The same of several, counted at once; nothing of those that are not active."""
    counted = member_counts([one.organisation_id for one in found if one.organisation_id])
    committees = Appointment.objects.filter(holding(None), organisation_id__in=list(counted), office=Office.COMMITTEE)
    seats = {row["organisation_id"]: row["n"] for row in committees.values("organisation_id").annotate(n=Count("pk"))}
    parts = Organisation.objects.filter(parent_id__in=list(counted), kind=OrganisationKind.PARTY_GROUP, valid_to=None)
    groups = dict(parts.values_list("pk", "parent_id"))
    grouped = member_counts([OrganisationId(one) for one in groups])
    inside = {
        body: [(grouped[OrganisationId(one)].full, grouped[OrganisationId(one)].probationary) for one, of in groups.items() if of == body]
        for body in counted
    }
    answer: dict[UUID, list[str]] = {}
    for one in found:
        answer[one.branch_id] = []
        if one.state is BranchState.ACTIVE and one.organisation_id and one.founded_on:
            count = counted[one.organisation_id]
            days = (clock.today() - one.founded_on).days
            answer[one.branch_id] = warnings(
                count.full, count.probationary, days, seats.get(one.organisation_id, 0), inside[one.organisation_id]
            )
    return answer


def acts_of(organisation_id: OrganisationId, *, limit: int = 100) -> list[ActSeen]:
    """What a branch did, the latest first, within the scope."""
    rows = Act.objects.filter(organisation_id=organisation_id).order_by("-on", "-id")
    return [ActSeen(row.id, ActKind(row.kind), row.on, row.subject, row.present) for row in rows[:limit]]


def _seen(row: Branch) -> BranchSeen:
    return BranchSeen(
        branch_id=row.id,
        organisation_id=OrganisationId(row.organisation_id) if row.organisation_id else None,
        name=row.name,
        kind=OrganisationKind(row.kind),
        purpose=row.purpose,
        state=BranchState(row.state),
        place_id=PlaceId(row.place_id),
        area_id=AreaId(row.area_id) if row.area_id else None,
        incident_id=IncidentId(row.incident_id) if row.incident_id else None,
        host_id=OrganisationId(row.host_id) if row.host_id else None,
        applicant_id=OrganisationId(row.applicant_id) if row.applicant_id else None,
        approver_id=OrganisationId(row.approver_id) if row.approver_id else None,
        approver=row.approver.name if row.approver else "",
        document=row.document,
        applied_on=row.applied_on,
        approved_on=row.approved_on,
        founded_on=row.founded_on,
        ended_on=row.ended_on,
        until=row.until,
        end_document=row.end_document,
    )
