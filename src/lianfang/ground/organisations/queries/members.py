"""Members and offices as of a day. All names are masked; ask for `members.see` where the organisation is seated or the person lives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from lianfang.ground.organisations.member_types import (
    AppointmentSeen,
    LivingMember,
    MemberCount,
    MemberSeen,
    MembershipKind,
    Office,
    Standing,
)
from lianfang.ground.organisations.models import Appointment, Membership
from lianfang.ground.organisations.queries.dated import holding, within
from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, OrganisationId, PersonId, PlaceId
from lianfang.kernel.ranges import Range, merged


def members_of(organisation_id: OrganisationId, on: date | None = None, limit: int = 500) -> list[MemberSeen]:
    """Who belongs to an organisation on a day, full members first."""
    rows = Membership.objects.select_related("organisation").filter(holding(on), organisation_id=organisation_id)
    return _seen(list(rows.order_by("standing", "valid_from", "id")[:limit]))


def memberships_of_person(person_id: PersonId, on: date | None = None) -> list[MemberSeen]:
    """Where somebody belongs on a day, home first, within the scope."""
    rows = Membership.objects.select_related("organisation").filter(holding(on), person_id=person_id)
    return sorted(_seen(list(rows.order_by("valid_from", "id"))), key=lambda one: one.kind is not MembershipKind.HOME)


def homes_of(person_ids: Iterable[PersonId], on: date | None = None) -> dict[PersonId, OrganisationId]:
    """Where each of some people belongs at home on a day, within the scope."""
    rows = Membership.objects.filter(holding(on), person_id__in=set(person_ids), kind=MembershipKind.HOME)
    return {PersonId(person): OrganisationId(one) for person, one in rows.values_list("person_id", "organisation_id")}


def _seen(rows: Sequence[Membership]) -> list[MemberSeen]:
    names = people.names_masked(PersonId(row.person_id) for row in rows)
    return [
        MemberSeen(
            row.id,
            PersonId(row.person_id),
            names.get(PersonId(row.person_id), ""),
            OrganisationId(row.organisation_id),
            row.organisation.name,
            MembershipKind(row.kind),
            Standing(row.standing),
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]


def member_counts(organisation_ids: Collection[OrganisationId], on: date | None = None) -> dict[OrganisationId, MemberCount]:
    """Full and probationary members of some organisations on a day, within the scope."""
    rows = Membership.objects.filter(holding(on), organisation_id__in=list(organisation_ids)).values("organisation_id")
    counted = rows.annotate(full=Count("pk", filter=Q(standing=Standing.FULL)), rest=Count("pk", filter=Q(standing=Standing.PROBATIONARY)))
    found = {OrganisationId(row["organisation_id"]): MemberCount(row["full"], row["rest"]) for row in counted}
    return {one: found.get(one, MemberCount(0, 0)) for one in organisation_ids}


_LIVING = """
select r.person_id, r.door_id, r.position, m.standing, m.organisation_id, o.name
from people_residence r
join organisations_membership m on m.person_id = r.person_id and m.valid_from <= %(day)s and (m.valid_to is null or m.valid_to > %(day)s)
join organisations_organisation o on o.id = m.organisation_id
where r.position >= %(lo)s and r.position < %(hi)s and r.kind = 'actual' and r.valid_from <= %(day)s
  and (r.valid_to is null or r.valid_to > %(day)s)
  and m.kind = 'home'
order by r.position, r.person_id
limit %(limit)s
"""


def members_living(ranges: Sequence[Range], on: date | None = None, limit: int = 2000) -> list[LivingMember]:
    """All members who live in the ranges on a day, wherever their organisation is (O7), by door."""
    found: list[tuple[PersonId, PlaceId, int, str, OrganisationId, str]] = []
    with connection.cursor() as cursor:
        for piece in merged(ranges):
            cursor.execute(_LIVING, {"day": on or clock.today(), "lo": piece.lo, "hi": piece.hi, "limit": limit - len(found)})
            found += cursor.fetchall()
    names = people.names_masked(PersonId(row[0]) for row in found)
    return [
        LivingMember(
            PersonId(row[0]), names.get(PersonId(row[0]), ""), PlaceId(row[1]), row[2], Standing(row[3]), OrganisationId(row[4]), row[5]
        )
        for row in found
    ]


def appointments(
    *,
    organisation: OrganisationId | None = None,
    ranges: Sequence[Range] = (),
    offices: Collection[Office] = (),
    on: date | None = None,
    ended: bool = False,
) -> list[AppointmentSeen]:
    """Who holds which office on a day, of an organisation or in ranges; `ended`: all there ever were."""
    rows = Appointment.objects.select_related("appointed_by")
    rows = rows.filter(organisation_id=organisation) if organisation is not None else rows.filter(within(ranges))
    if offices:
        rows = rows.filter(office__in=list(offices))
    if not ended:
        rows = rows.filter(holding(on))
    listed = list(rows.order_by("-valid_from", "id")[:500])
    names = people.names_masked(PersonId(row.person_id) for row in listed)
    found = [
        AppointmentSeen(
            row.id,
            Office(row.office),
            PersonId(row.person_id),
            names.get(PersonId(row.person_id), ""),
            OrganisationId(row.organisation_id) if row.organisation_id else None,
            PlaceId(row.place_id) if row.place_id else None,
            AreaId(row.area_id) if row.area_id else None,
            row.appointed_by.name if row.appointed_by else "",
            row.document,
            row.duties,
            row.term_until,
            row.handover,
            row.valid_from,
            row.valid_to,
        )
        for row in listed
    ]
    return sorted(found, key=lambda one: list(Office).index(one.office))
