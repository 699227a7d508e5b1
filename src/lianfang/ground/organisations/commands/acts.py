"""What branches record of their life, and the one switch that opens admission at the front line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from lianfang.ground.organisations.branch_types import (
    BARRED,
    ActKind,
    AdmissionIncomplete,
    IssuerWrong,
    NewAct,
    NotAuthorised,
    NotForTemporaryBranches,
)
from lianfang.ground.organisations.commands.held import day_of, held
from lianfang.ground.organisations.commands.members import seat_position
from lianfang.ground.organisations.models import Act, Authorisation, Branch, Organisation
from lianfang.ground.organisations.types import WITHOUT_RELATION, OrganisationKind
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, IncidentId, OrganisationId, new_id

_BOUND = (*WITHOUT_RELATION, OrganisationKind.PARTY_GROUP, OrganisationKind.MEMBER_HOUSEHOLD)


def record_act(organisation_id: OrganisationId, new: NewAct, *, by: AccountId | None) -> UUID:
    """Record what a branch did. Raises NotForTemporaryBranches, NotAuthorised, AdmissionIncomplete, OrganisationNotFound, DayWrong."""
    day = day_of(new.on)
    position = seat_position(organisation_id)
    opened = None
    if new.kind in BARRED and Organisation.objects.filter(pk=organisation_id, kind__in=_BOUND).exists():
        opened = _opened(organisation_id, new, day)
    row = Act(
        id=new_id(), organisation_id=organisation_id, kind=new.kind, on=day, subject=new.subject.strip(), present=new.present,
        person_id=new.person, position=position, case=new.case or "", studied_on=new.studied_on, approver_id=new.approver,
        document=new.document.strip(), authorisation=opened, recorded_at=clock.now(),
    )  # fmt: skip
    with held(by):
        row.save(force_insert=True)
    return row.id


def _opened(organisation_id: OrganisationId, new: NewAct, day: date) -> Authorisation:
    """The authorisation by which a branch without the relation may admit on a day; none opens the other four."""
    if new.kind is not ActKind.ADMIT:
        raise NotForTemporaryBranches
    incident = Branch.objects.filter(organisation_id=organisation_id).values_list("incident_id", flat=True).first()
    if incident is None:
        raise NotAuthorised
    holding = Authorisation.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), incident_id=incident, valid_from__lte=day)
    found = holding.order_by("-valid_from", "id").first()
    if found is None:
        raise NotAuthorised
    if None in {new.person, new.case, new.studied_on, new.approver} or not new.document.strip():
        raise AdmissionIncomplete
    return found


def authorise(
    incident_id: IncidentId,
    issuer: OrganisationId,
    document: str,
    *,
    by: AccountId | None,
    since: date | None = None,
    until: date | None = None,
) -> UUID:
    """Record the paper that lets branches of an incident admit at the front line, for a time. Raises IssuerWrong."""
    if not document.strip():
        raise IssuerWrong
    row = Authorisation(
        id=new_id(), incident_id=incident_id, issuer_id=issuer, document=document.strip(), valid_from=since or clock.today(), valid_to=until
    )
    with held(by, document.strip()):
        row.save(force_insert=True)
    return row.id
