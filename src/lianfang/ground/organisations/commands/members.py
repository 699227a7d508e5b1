"""Members and offices: joining, attaching, leaving, becoming full; appointing and handing over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from lianfang.ground.organisations.commands.held import NOWHERE, day_of, held, position_of, position_of_area
from lianfang.ground.organisations.member_types import (
    AppointmentIncomplete,
    AppointmentNotFound,
    MembershipKind,
    MembershipNotFound,
    NewAppointment,
    Office,
    Standing,
)
from lianfang.ground.organisations.models import Appointment, Membership, Organisation
from lianfang.ground.organisations.types import DayWrong, OrganisationKind, OrganisationNotFound
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId, new_id


def seat_position(organisation_id: OrganisationId) -> int:
    """The position of an organisation's seat. Raises OrganisationNotFound."""
    row = Organisation.objects.filter(pk=organisation_id).values_list("place_id", flat=True).first()
    if row is None and not Organisation.objects.filter(pk=organisation_id).exists():
        raise OrganisationNotFound
    return NOWHERE if row is None else position_of(PlaceId(row))


def add_memberships(
    organisation_id: OrganisationId, members: Sequence[tuple[PersonId, str]], kind: MembershipKind, day: date, position: int
) -> list[UUID]:
    """Rows of members, within a transaction of the caller."""
    rows = [
        Membership(
            id=new_id(), person_id=person, organisation_id=organisation_id, kind=kind, standing=standing, position=position, valid_from=day
        )
        for person, standing in members
    ]
    return [row.id for row in Membership.objects.bulk_create(rows, batch_size=2000)]


def join(
    organisation_id: OrganisationId,
    members: Sequence[tuple[PersonId, str]],
    kind: MembershipKind,
    *,
    by: AccountId | None,
    since: date | None = None,
) -> list[UUID]:
    """Record members of a Party organisation since a day: at home, attached, or in a group of their branch.

    Raises AlreadyMember, RelationStaysHome, NotAPartyBody, NotInTheBranch, OrganisationEnded, DayWrong.
    """
    with held(by):
        return add_memberships(organisation_id, members, kind, day_of(since), seat_position(organisation_id))


def leave(membership_id: UUID, *, by: AccountId | None, on: date | None = None) -> None:
    """End a membership; groups and offices of the same organisation end with it. Raises MembershipNotFound, TooFewFullMembers, DayWrong."""
    with held(by):
        end_belonging(_membership(membership_id), day_of(on))


def end_belonging(row: Membership, day: date) -> None:
    """The end of a membership with the groups and offices of the same organisation, within a transaction of the caller. Raises DayWrong."""
    _end_membership(row, day)
    groups = Organisation.objects.filter(parent_id=row.organisation_id, kind=OrganisationKind.PARTY_GROUP)
    for grouped in Membership.objects.filter(person_id=row.person_id, organisation_id__in=groups, valid_to=None):
        _end_membership(grouped, max(day, grouped.valid_from))
    offices = Appointment.objects.filter(
        person_id=row.person_id, organisation_id__in=[row.organisation_id, *groups.values_list("pk", flat=True)]
    )
    for office in offices.filter(valid_to=None):
        office.valid_to = max(day, office.valid_from)
        office.save(update_fields=["valid_to"])


def become(membership_id: UUID, standing: Standing, *, by: AccountId | None, on: date | None = None) -> UUID:
    """Another standing from a day on, in this organisation: a probationary member becomes a full one (转正). Raises MembershipNotFound, DayWrong."""
    with held(by):
        row = _membership(membership_id)
        day = day_of(on)
        _end_membership(row, day)
        after = Membership(
            id=new_id(), person_id=row.person_id, organisation_id=row.organisation_id, kind=row.kind, standing=standing,
            position=row.position, valid_from=day,
        )  # fmt: skip
        after.save(force_insert=True)
        return after.id


def _membership(membership_id: UUID) -> Membership:
    row = Membership.objects.select_for_update().filter(pk=membership_id, valid_to=None).first()
    if row is None:
        raise MembershipNotFound
    return row


def _end_membership(row: Membership, day: date) -> None:
    if day < row.valid_from:
        raise DayWrong
    row.valid_to = day
    row.save(update_fields=["valid_to"])


def appoint(new: NewAppointment, *, by: AccountId | None) -> UUID:
    """Put somebody into an office. A first secretary stands beside the community's own secretary, who stays.

    Raises AppointmentIncomplete, OfficeTaken, LeaderMustBeFull, DesignatedOnly, NotAPartyBody, DayWrong.
    """
    first = new.office is Office.FIRST_SECRETARY
    if first and not (new.document.strip() and new.duties.strip()):
        raise AppointmentIncomplete
    if first:
        position = position_of_area(new.area) if new.area is not None else position_of(new.place)
    elif new.organisation is None:
        raise AppointmentIncomplete
    else:
        position = seat_position(new.organisation)
    row = Appointment(
        id=new_id(), office=new.office, person_id=new.person, organisation_id=new.organisation, place_id=new.place, area_id=new.area,
        position=position, way=new.way, appointed_by_id=new.appointed_by, document=new.document.strip(), duties=new.duties.strip(),
        term_until=new.term_until, shown=new.shown, valid_from=day_of(new.since),
    )  # fmt: skip
    with held(by, new.document.strip()):
        row.save(force_insert=True)
    return row.id


def end_appointment(appointment_id: UUID, *, by: AccountId | None, handover: str = "", on: date | None = None) -> None:
    """End an office, with a note for whoever comes next. Raises AppointmentNotFound, DayWrong."""
    with held(by):
        row = Appointment.objects.select_for_update().filter(pk=appointment_id, valid_to=None).first()
        if row is None:
            raise AppointmentNotFound
        row.valid_to, row.handover = day_of(on), handover.strip()
        row.save(update_fields=["valid_to", "handover"])
