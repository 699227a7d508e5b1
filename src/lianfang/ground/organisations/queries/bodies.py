"""Organisations one by one and as a tree, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from lianfang.ground.accounts.types import OverOrganisation
from lianfang.ground.organisations.models import Organisation, OrganisationPast
from lianfang.ground.organisations.queries.dated import holding, within
from lianfang.ground.organisations.types import OrganisationKind, OrganisationNotFound, OrganisationSeen, OrganisationWas
from lianfang.kernel.ids import OrganisationId, PlaceId
from lianfang.kernel.ranges import Range


def organisation(organisation_id: OrganisationId) -> OrganisationSeen:
    """One organisation as it is. Raises OrganisationNotFound."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise OrganisationNotFound
    return _seen(row)


def scope_of(organisation_id: OrganisationId) -> OverOrganisation:
    """What a grant over an organisation and everything below it is given over."""
    return OverOrganisation(organisation_id, organisation(organisation_id).range)


def organisations_below(organisation_id: OrganisationId | None, *, ended: bool = False, on: date | None = None) -> list[OrganisationSeen]:
    """The parts right below an organisation on a day, or the tops of the tree, by number; `ended`: all there ever were."""
    rows = Organisation.objects.filter(parent_id=organisation_id)
    return _then([_seen(row) for row in (rows if ended else rows.filter(holding(on))).order_by("lo")], on)


def organisations_within(ranges: Sequence[Range], limit: int = 200, on: date | None = None) -> list[OrganisationSeen]:
    """Organisations numbered inside the ranges that exist on a day, by number: what a grant over a subtree reaches."""
    rows = Organisation.objects.filter(within(ranges, "lo"), holding(on)).order_by("lo")
    return _then([_seen(row) for row in rows[:limit]], on)


def organisations_at(place_id: PlaceId, on: date | None = None) -> list[OrganisationSeen]:
    """Organisations that have their seat at a place, or are its organisation, on a day."""
    return _then([_seen(row) for row in Organisation.objects.filter(holding(on), place_id=place_id).order_by("lo")], on)


def organisations_seated(
    ranges: Sequence[Range], on: date | None = None, kinds: Sequence[OrganisationKind] = (), limit: int = 500
) -> list[OrganisationSeen]:
    """Organisations seated anywhere in ranges of positions on a day, by number."""
    rows = Organisation.objects.filter(within(ranges, "place__lo"), holding(on))
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    return _then([_seen(row) for row in rows.order_by("lo")[:limit]], on)


def find(beginning: str, limit: int = 20) -> list[OrganisationSeen]:
    """Live organisations whose name begins so."""
    rows = Organisation.objects.filter(name__gte=beginning, name__lt=beginning + "\U0010ffff", valid_to=None)
    return [_seen(row) for row in rows.order_by("name", "lo")[:limit]] if beginning else []


def names_of_organisations(organisation_ids: Iterable[OrganisationId]) -> dict[OrganisationId, str]:
    """What organisations are called, ended ones too."""
    rows = Organisation.objects.filter(pk__in=set(organisation_ids)).order_by("lo").values_list("pk", "name")
    return {OrganisationId(pk): name for pk, name in rows}


def past_of(organisation_id: OrganisationId) -> list[OrganisationWas]:
    """What an organisation was called and of what kind it was, the latest first, beginning with today."""
    now = organisation(organisation_id)
    rows = OrganisationPast.objects.filter(organisation_id=organisation_id).order_by("-valid_from")
    before = [OrganisationWas(row.name, OrganisationKind(row.kind), row.valid_from, row.valid_to) for row in rows]
    return [OrganisationWas(now.name, now.kind, before[0].until or now.valid_from if before else now.valid_from, now.valid_to), *before]


def _then(found: list[OrganisationSeen], on: date | None) -> list[OrganisationSeen]:
    """With the names and kinds of a day."""
    if on is None or not found:
        return found
    rows = OrganisationPast.objects.filter(organisation_id__in=[one.organisation_id for one in found], valid_from__lte=on, valid_to__gt=on)
    were = {row.organisation_id: row for row in rows}
    return [
        replace(one, name=were[one.organisation_id].name, kind=OrganisationKind(were[one.organisation_id].kind))
        if one.organisation_id in were
        else one
        for one in found
    ]


def _seen(row: Organisation) -> OrganisationSeen:
    return OrganisationSeen(
        organisation_id=OrganisationId(row.id),
        name=row.name,
        kind=OrganisationKind(row.kind),
        parent_id=OrganisationId(row.parent_id) if row.parent_id else None,
        place_id=PlaceId(row.place_id) if row.place_id else None,
        range=Range(row.lo, row.hi),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        phone=row.phone,
    )
