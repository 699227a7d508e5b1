"""Who sponsors what on a day, and which compounds nobody does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from lianfang.ground.organisations.models import Sponsorship
from lianfang.ground.organisations.queries.dated import holding
from lianfang.ground.organisations.types import Sponsor
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.kernel.ids import AreaId, OrganisationId, PlaceId
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from lianfang.ground.places.models import Area


def sponsors_of(
    place_ids: Collection[PlaceId],
    area_ids: Collection[AreaId] = (),
    on: date | None = None,
    *,
    organisation_ids: Collection[OrganisationId] = (),
) -> list[Sponsor]:
    """The organisations that answer for some places, areas and organisations on a day, by name."""
    rows = Sponsorship.objects.filter(
        Q(place_id__in=list(place_ids)) | Q(area_id__in=list(area_ids)) | Q(sponsored_id__in=list(organisation_ids)), holding(on)
    ).select_related("organisation")
    return [_sponsor(row) for row in rows.order_by("organisation__name", "id")]


def _sponsor(row: Sponsorship) -> Sponsor:
    return Sponsor(
        row.id,
        OrganisationId(row.organisation_id),
        row.organisation.name,
        PlaceId(row.place_id) if row.place_id else None,
        AreaId(row.area_id) if row.area_id else None,
        row.document,
        row.valid_from,
        row.valid_to,
        OrganisationId(row.sponsored_id) if row.sponsored_id else None,
        row.takeover,
        row.organisation.phone,
    )


def compounds_sponsored(ranges: Sequence[Range], on: date | None = None) -> list[tuple[Area, list[Sponsor]]]:
    """The compounds administered inside the ranges, each with who answers for it on a day; those that nobody does come first."""
    compounds = places.areas_within(ranges, AreaKind.COMPOUND)
    by_area: dict[AreaId, list[Sponsor]] = {area.area_id: [] for area in compounds}
    for one in sponsors_of((), list(by_area), on):
        if one.area_id is not None:
            by_area[one.area_id].append(one)
    return sorted(((area, by_area[area.area_id]) for area in compounds), key=lambda pair: bool(pair[1]))


def sponsored_by(organisation_id: OrganisationId, on: date | None = None) -> list[tuple[str, Sponsor]]:
    """What an organisation answers for on a day: the name of the place, area or organisation, with the paper it rests on."""
    rows = Sponsorship.objects.filter(holding(on), organisation_id=organisation_id).select_related(
        "organisation", "place", "area", "sponsored"
    )
    return sorted(
        ((next(one.name for one in (row.place, row.area, row.sponsored) if one is not None), _sponsor(row)) for row in rows),
        key=lambda pair: pair[0],
    )
