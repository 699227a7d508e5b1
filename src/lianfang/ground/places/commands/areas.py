"""Verbs of areas: founded, filled, cut, named anew, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lianfang.ground.places.commands.ground import held
from lianfang.ground.places.commands.spellings import respell_area
from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.types import DIVISIONS, AlreadyEnded, AreaKind, EmptyArea, NameTaken, PlaceNotFound
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, AreaId, PlaceId


def found_area(  # noqa: PLR0913 - an area has that many sides
    kind: AreaKind,
    name: str,
    home_id: PlaceId,
    places: Sequence[PlaceId],
    *,
    by: AccountId | None,
    excluded: Sequence[PlaceId] = (),
    valid_from: date | None = None,
) -> AreaId:
    """A new area of some places less others, administered at a division. Raises EmptyArea, NameTaken, PlaceNotFound."""
    with db.acting(by, "areas found"):
        home = held(home_id, *DIVISIONS)
        places = [place for place in places if place not in set(excluded)]
        if not places:
            raise EmptyArea(name=name)
        if Area.objects.filter(home=home, kind=kind, name=name, valid_to=None).exists():
            raise NameTaken(parent=home.name, name=name)
        day = valid_from or clock.today()
        area = Area.objects.create(kind=kind.value, name=name, home=home, valid_from=day)
        _add(area, places, day, excluded=False)
        _add(area, excluded, day, excluded=True)
        respell_area(area)
        return area.area_id


def include(area_id: AreaId, places: Sequence[PlaceId], *, by: AccountId | None) -> None:
    """Take places in from today; what was left out before is taken in again."""
    _set(area_id, places, by=by, excluded=False)


def exclude(area_id: AreaId, places: Sequence[PlaceId], *, by: AccountId | None) -> None:
    """Leave places out of what the area takes in, from today."""
    _set(area_id, places, by=by, excluded=True)


def drop(area_id: AreaId, places: Sequence[PlaceId], *, by: AccountId | None) -> None:
    """Say no more of these places: neither taken in nor left out by themselves, from today."""
    with db.acting(by, "areas drop"):
        area = _held(area_id)
        _forget(area, places)


def rename_area(area_id: AreaId, name: str, *, by: AccountId | None) -> None:
    """Call an area something else."""
    with db.acting(by, "areas rename"):
        area = _held(area_id)
        if Area.objects.filter(home_id=area.home_id, kind=area.kind, name=name, valid_to=None).exclude(pk=area.pk).exists():
            raise NameTaken(parent=area.home.name, name=name)
        area.name = name
        area.save(update_fields=["name"])
        respell_area(area)


def end_area(area_id: AreaId, *, by: AccountId | None) -> None:
    """An area is no more from today."""
    with db.acting(by, "areas end"):
        area = _held(area_id)
        area.valid_to = clock.today()
        area.save(update_fields=["valid_to"])
        AreaMember.objects.filter(area=area, valid_to=None).update(valid_to=clock.today())


def _held(area_id: AreaId) -> Area:
    area = Area.objects.select_for_update(of=("self",)).select_related("home").filter(pk=area_id).first()
    if area is None:
        raise PlaceNotFound(text=area_id)
    if area.valid_to is not None:
        raise AlreadyEnded(name=area.name, ended=area.valid_to)
    return area


def _set(area_id: AreaId, places: Sequence[PlaceId], *, by: AccountId | None, excluded: bool) -> None:
    with db.acting(by, "areas exclude" if excluded else "areas include"):
        area = _held(area_id)
        same = AreaMember.objects.filter(area=area, place__in=list(places), valid_to=None, excluded=excluded).values_list(
            "place_id", flat=True
        )
        others = [place for place in places if place not in set(same)]
        _forget(area, others)
        _add(area, others, clock.today(), excluded=excluded)


def _forget(area: Area, places: Sequence[PlaceId]) -> None:
    """What was said of the places ends today; what was said only today held for an empty period."""
    AreaMember.objects.filter(area=area, place__in=list(places), valid_to=None).update(valid_to=clock.today())


def _add(area: Area, places: Sequence[PlaceId], day: date, *, excluded: bool) -> None:
    known = set(Place.objects.filter(pk__in=list(places), valid_to=None).values_list("pk", flat=True))
    missing = [place for place in places if place not in known]
    if missing:
        raise PlaceNotFound(text=missing[0])
    AreaMember.objects.bulk_create(
        AreaMember(area=area, place_id=place, excluded=excluded, valid_from=day) for place in dict.fromkeys(places)
    )
