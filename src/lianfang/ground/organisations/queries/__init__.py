"""Reads of organisations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from lianfang.ground.accounts.types import OverOrganisation
from lianfang.ground.organisations.models import Organisation
from lianfang.ground.organisations.queries.sponsorship import compounds_sponsored, sponsors_of
from lianfang.ground.organisations.types import OrganisationKind, OrganisationNotFound, OrganisationSeen
from lianfang.kernel.ids import OrganisationId, PlaceId
from lianfang.kernel.ranges import Range, merged

__all__ = [
    "compounds_sponsored",
    "find",
    "organisation",
    "organisations_at",
    "organisations_below",
    "organisations_within",
    "scope_of",
    "sponsors_of",
]


def organisation(organisation_id: OrganisationId) -> OrganisationSeen:
    """One organisation. Raises OrganisationNotFound."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise OrganisationNotFound
    return _seen(row)


def scope_of(organisation_id: OrganisationId) -> OverOrganisation:
    """What a grant over an organisation and everything below it is given over."""
    return OverOrganisation(organisation_id, organisation(organisation_id).range)


def organisations_below(organisation_id: OrganisationId | None, *, ended: bool = False) -> list[OrganisationSeen]:
    """The parts right below an organisation, or the tops of the tree, by number."""
    rows = Organisation.objects.filter(parent_id=organisation_id)
    return [_seen(row) for row in (rows if ended else rows.filter(valid_to=None)).order_by("lo")]


def organisations_within(ranges: Sequence[Range], limit: int = 200) -> list[OrganisationSeen]:
    """Live organisations numbered inside the ranges, by number: what a grant over a subtree reaches."""
    inside = Q()
    for piece in merged(ranges):
        inside |= Q(lo__gte=piece.lo, lo__lt=piece.hi)
    return [_seen(row) for row in Organisation.objects.filter(inside, valid_to=None).order_by("lo")[:limit]] if inside else []


def organisations_at(place_id: PlaceId) -> list[OrganisationSeen]:
    """Live organisations that have their seat at a place, or are its organisation."""
    return [_seen(row) for row in Organisation.objects.filter(place_id=place_id, valid_to=None).order_by("lo")]


def find(beginning: str, limit: int = 20) -> list[OrganisationSeen]:
    """Live organisations whose name begins so."""
    rows = Organisation.objects.filter(name__gte=beginning, name__lt=beginning + "\U0010ffff", valid_to=None)
    return [_seen(row) for row in rows.order_by("name", "lo")[:limit]] if beginning else []


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
    )
