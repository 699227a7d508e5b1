"""The tree of organisations: founded, renamed, ended."""

from __future__ import annotations

from datetime import date

from lianfang.ground.organisations.commands.held import day_of, held, position_of
from lianfang.ground.organisations.commands.naming import change
from lianfang.ground.organisations.models import Appointment, Membership, Organisation
from lianfang.ground.organisations.rules import WHOLE, next_part
from lianfang.ground.organisations.types import (
    WITHOUT_RELATION,
    DayWrong,
    NameMissing,
    NeedsApproval,
    NoDoorShown,
    OrganisationEnded,
    OrganisationKind,
    OrganisationNotFound,
    StillHasParts,
    TooDeep,
)
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.db import lock
from lianfang.kernel.ids import AccountId, OrganisationId, PlaceId, new_id
from lianfang.kernel.ranges import Range


def found_organisation(
    name: str,
    kind: OrganisationKind,
    *,
    by: AccountId | None,
    parent: OrganisationId | None = None,
    place: PlaceId | None = None,
    since: date | None = None,
) -> OrganisationId:
    """Found an organisation below another, or at the top of the tree. Its numbers are given now and never to another.

    Branches without the organisational relation come into being by application and approval only (`branches`). Raises NeedsApproval.
    """
    if kind in WITHOUT_RELATION:
        raise NeedsApproval
    if kind is OrganisationKind.MEMBER_HOUSEHOLD and place is not None and places.place(place).at_level is Level.DOOR:
        raise NoDoorShown
    if not name.strip():
        raise NameMissing
    day = day_of(since)
    with held(by):
        return number(name.strip(), kind, day, parent=parent, place=place)


def number(name: str, kind: OrganisationKind, day: date, *, parent: OrganisationId | None, place: PlaceId | None) -> OrganisationId:
    """A new row of the tree, within a transaction of the caller."""
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
        id=new_id(), name=name, kind=kind, parent_id=parent, lo=given.lo, hi=given.hi, place_id=place,
        valid_from=day, since=day,
    )  # fmt: skip
    row.save(force_insert=True)
    return OrganisationId(row.id)


def seat(organisation_id: OrganisationId, place: PlaceId) -> None:
    """Another seat, within a transaction of the caller: whoever belongs there or holds an office is seen by it from now on."""
    Organisation.objects.filter(pk=organisation_id).update(place_id=place)
    position = position_of(place)
    Membership.objects.filter(organisation_id=organisation_id, valid_to=None).update(position=position)
    Appointment.objects.filter(organisation_id=organisation_id, valid_to=None).update(position=position)


def rename_organisation(organisation_id: OrganisationId, name: str, *, by: AccountId | None) -> None:
    """Give an organisation another name from today; what it was called before stays known."""
    if not name.strip():
        raise NameMissing
    with held(by):
        row = _live(organisation_id)
        change(row, clock.today(), name=name.strip())


def set_phone(organisation_id: OrganisationId, phone: str, *, by: AccountId | None) -> None:
    """The number that an organisation gives to the public; empty for none."""
    with held(by):
        row = _live(organisation_id)
        row.phone = phone.strip()
        row.save(update_fields=["phone"])


def end_organisation(organisation_id: OrganisationId, on: date | None = None, *, by: AccountId | None) -> None:
    """End an organisation that has no live parts. Grants over it hold no more places; revoke them as well."""
    with held(by):
        row = _live(organisation_id)
        parts = Organisation.objects.filter(parent_id=organisation_id, valid_to=None).count()
        if parts:
            raise StillHasParts(count=parts)
        day = day_of(on)
        if day < row.valid_from:
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
