"""Sponsorship (包保): a department answers for a street, a street for a community, a community or department for a compound or an enterprise."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianfang.ground.organisations.commands.held import held
from lianfang.ground.organisations.models import Organisation, Sponsorship
from lianfang.ground.organisations.types import OrganisationEnded, OrganisationNotFound, SponsorshipNotFound
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, OrganisationId, PlaceId, new_id


def sponsor(  # noqa: PLR0913 - who, for what, on what paper, for how long
    organisation_id: OrganisationId,
    target: PlaceId | AreaId | OrganisationId,
    *,
    by: AccountId | None,
    is_area: bool = False,
    is_organisation: bool = False,
    document: str = "",
    until: date | None = None,
    takeover: UUID | None = None,
) -> UUID:
    """Let an organisation answer for a place, an area or another organisation from today, perhaps until a day.

    Raises OrganisationNotFound, OrganisationEnded, AlreadySponsored, NotItself.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationNotFound
    if organisation.valid_to is not None:
        raise OrganisationEnded
    row = Sponsorship(
        id=new_id(), organisation_id=organisation_id, document=document.strip(), takeover=takeover, valid_from=clock.today(), valid_to=until
    )
    if is_organisation:
        row.sponsored_id = target
    elif is_area:
        row.area_id = target
    else:
        row.place_id = target
    with held(by, document.strip(), name=organisation.name):
        row.save(force_insert=True)
    return row.id


def end_sponsorship(sponsorship_id: UUID, *, by: AccountId | None) -> None:
    """An organisation answers no more from today. Raises SponsorshipNotFound."""
    with held(by):
        ended = Sponsorship.objects.filter(pk=sponsorship_id).exclude(valid_to__lte=clock.today()).update(valid_to=clock.today())
        if not ended:
            raise SponsorshipNotFound
