"""Sponsorship (包保): a department answers for a street, a street for a community, a community or department for a compound."""

from __future__ import annotations

from uuid import UUID

from lianfang.ground.organisations.models import Organisation, Sponsorship
from lianfang.ground.organisations.types import AlreadySponsored, OrganisationEnded, OrganisationNotFound, SponsorshipNotFound
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, AreaId, OrganisationId, PlaceId, new_id


def sponsor(organisation_id: OrganisationId, target: PlaceId | AreaId, *, is_area: bool, document: str = "", by: AccountId | None) -> UUID:
    """Let an organisation answer for a place or an area from today. Raises OrganisationNotFound, OrganisationEnded, AlreadySponsored."""
    with acting(by, document):
        organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
        if organisation is None:
            raise OrganisationNotFound
        if organisation.valid_to is not None:
            raise OrganisationEnded
        live = Sponsorship.objects.filter(organisation_id=organisation_id, valid_to=None)
        if (live.filter(area_id=target) if is_area else live.filter(place_id=target)).exists():
            raise AlreadySponsored(name=organisation.name)
        row = Sponsorship(id=new_id(), organisation_id=organisation_id, document=document.strip(), valid_from=clock.today())
        row.place_id, row.area_id = (None, target) if is_area else (target, None)
        row.save(force_insert=True)
        return row.id


def end_sponsorship(sponsorship_id: UUID, *, by: AccountId | None) -> None:
    """An organisation answers no more from today. Raises SponsorshipNotFound."""
    with acting(by):
        if not Sponsorship.objects.filter(pk=sponsorship_id, valid_to=None).update(valid_to=clock.today()):
            raise SponsorshipNotFound
