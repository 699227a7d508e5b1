"""Verbs of organisations."""

from __future__ import annotations

from datetime import date

from lianfang.ground.organisations.commands.sponsoring import end_sponsorship, sponsor
from lianfang.ground.organisations.models import Organisation
from lianfang.ground.organisations.rules import WHOLE, next_part
from lianfang.ground.organisations.types import (
    DayWrong,
    NameMissing,
    OrganisationEnded,
    OrganisationKind,
    OrganisationNotFound,
    StillHasParts,
    TooDeep,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting, lock
from lianfang.kernel.ids import AccountId, OrganisationId, PlaceId, new_id
from lianfang.kernel.ranges import Range

__all__ = ["end_organisation", "end_sponsorship", "found_organisation", "rename_organisation", "sponsor"]


def found_organisation(
    name: str,
    kind: OrganisationKind,
    *,
    by: AccountId | None,
    parent: OrganisationId | None = None,
    place: PlaceId | None = None,
    since: date | None = None,
) -> OrganisationId:
    """Found an organisation below another, or at the top of the tree. Its numbers are given now and never to another."""
    if not name.strip():
        raise NameMissing
    day = since or clock.today()
    if day > clock.today():
        raise DayWrong
    with acting(by):
        lock("organisations")
        inside = WHOLE
        if parent is not None:
            above = _live(parent)
            inside = Range(above.lo, above.hi)
        last = Organisation.objects.filter(parent_id=parent).order_by("-hi").values_list("hi", flat=True).first()
        given = next_part(inside, last or 0)
        if given is None:
            raise TooDeep
        row = Organisation(
            id=new_id(), name=name.strip(), kind=kind, parent_id=parent, lo=given.lo, hi=given.hi, place_id=place, valid_from=day
        )
        row.save(force_insert=True)
    return OrganisationId(row.id)


def rename_organisation(organisation_id: OrganisationId, name: str, *, by: AccountId | None) -> None:
    """Give an organisation another name."""
    if not name.strip():
        raise NameMissing
    with acting(by):
        row = _live(organisation_id)
        row.name = name.strip()
        row.save(update_fields=["name"])


def end_organisation(organisation_id: OrganisationId, on: date | None = None, *, by: AccountId | None) -> None:
    """End an organisation that has no live parts. Grants over it hold no more places; revoke them as well."""
    with acting(by):
        row = _live(organisation_id)
        parts = Organisation.objects.filter(parent_id=organisation_id, valid_to=None).count()
        if parts:
            raise StillHasParts(count=parts)
        day = on or clock.today()
        if not row.valid_from <= day <= clock.today():
            raise DayWrong
        row.valid_to = day
        row.save(update_fields=["valid_to"])


def _live(organisation_id: OrganisationId) -> Organisation:
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None:
        raise OrganisationNotFound
    if row.valid_to is not None:
        raise OrganisationEnded
    return row
