"""Reads of reporting for duty at home: slips, needs, certified services; take-overs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from lianfang.ground.organisations.models import Claim, Need, Report, Takeover
from lianfang.ground.organisations.queries.dated import holding, within
from lianfang.ground.organisations.reporting_types import NeedSeen, ReportKind, ReportSeen, Served, TakeoverNotFound, TakeoverSeen
from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import OrganisationId, PersonId, PlaceId
from lianfang.kernel.ranges import Range


def reports(ranges: Sequence[Range], on: date | None = None, limit: int = 500) -> list[ReportSeen]:
    """Who has reported to communities in the ranges on a day, masked; those not signed yet come first."""
    rows = list(
        Report.objects.select_related("organisation").filter(holding(on), within(ranges)).order_by("signed_on", "-valid_from", "id")[:limit]
    )
    rows.sort(key=lambda row: row.signed_on is not None)
    names = people.names_masked(PersonId(row.person_id) for row in rows if row.person_id)
    return [
        ReportSeen(
            row.id, ReportKind(row.kind), PersonId(row.person_id) if row.person_id else None,
            names.get(PersonId(row.person_id), "") if row.person_id else "", OrganisationId(row.organisation_id), row.organisation.name,
            PlaceId(row.community_id), row.valid_from, row.signed_on,
        )
        for row in rows
    ]  # fmt: skip


def needs(ranges: Sequence[Range], on: date | None = None) -> list[NeedSeen]:
    """What communities in the ranges ask for on a day, and how many have taken it on."""
    rows = list(Need.objects.filter(holding(on), within(ranges)).order_by("-valid_from", "id")[:500])
    counted = Claim.objects.filter(need_id__in=[row.id for row in rows]).values("need_id").annotate(n=Count("report", distinct=True))
    claimed = {row["need_id"]: row["n"] for row in counted}
    return [
        NeedSeen(row.id, PlaceId(row.community_id), row.what, row.wanted, claimed.get(row.id, 0), row.valid_from, row.valid_to)
        for row in rows
    ]


def served(first: date, last: date, *, ranges: Sequence[Range] | None = None, organisation: OrganisationId | None = None) -> list[Served]:
    """Certified services of some days, in ranges or of the people of a unit: facts, by day."""
    rows = Claim.objects.select_related("need", "report").filter(served_on__gte=first, served_on__lte=last, minutes__isnull=False)
    if ranges is not None:
        rows = rows.filter(within(ranges))
    if organisation is not None:
        rows = rows.filter(report__organisation_id=organisation)
    return _certified(rows.order_by("served_on", "id")[:10_000])


def _certified(rows: Iterable[Claim]) -> list[Served]:
    return [
        Served(
            row.id, PersonId(row.report.person_id) if row.report.person_id else None, OrganisationId(row.report.organisation_id),
            row.need.what, row.served_on, row.minutes, row.certified_by, PlaceId(row.need.community_id),
        )
        for row in rows
        if row.served_on and row.minutes and row.certified_by
    ]  # fmt: skip


def served_by(person_id: PersonId, limit: int = 200) -> list[Served]:
    """Certified services of somebody, the latest first, within the scope."""
    rows = Claim.objects.select_related("need", "report").filter(report__person_id=person_id, minutes__isnull=False)
    return _certified(rows.order_by("-served_on", "-id")[:limit])


def takeovers(ranges: Sequence[Range], on: date | None = None) -> list[TakeoverSeen]:
    """Who does whose duties on a day, where either has its seat in the ranges, or the one out of action has none."""
    seated = within(ranges, "out_of_action__place__lo") | within(ranges, "taken_by__place__lo") | Q(out_of_action__place=None)
    rows = Takeover.objects.select_related("out_of_action", "taken_by").filter(holding(on), seated).order_by("-valid_from", "id")
    return [_takeover(row) for row in rows[:200]]


def takeover_of(organisation_id: OrganisationId) -> TakeoverSeen | None:
    """The take-over that holds for a body out of action today; None while it acts itself."""
    row = Takeover.objects.select_related("out_of_action", "taken_by").filter(out_of_action=organisation_id, valid_to=None).first()
    return None if row is None else _takeover(row)


def takeovers_due() -> list[UUID]:
    """Take-overs whose day to be given back has come."""
    return list(Takeover.objects.filter(valid_to=None, until__lte=clock.today()).order_by("until", "id").values_list("id", flat=True))


def takeover(takeover_id: UUID) -> TakeoverSeen:
    """One take-over. Raises TakeoverNotFound."""
    row = Takeover.objects.select_related("out_of_action", "taken_by").filter(pk=takeover_id).first()
    if row is None:
        raise TakeoverNotFound
    return _takeover(row)


def _takeover(row: Takeover) -> TakeoverSeen:
    return TakeoverSeen(
        row.id, OrganisationId(row.out_of_action_id), OrganisationId(row.taken_by_id), row.out_of_action.name, row.taken_by.name,
        row.document, row.valid_from, row.until, row.valid_to,
    )  # fmt: skip
