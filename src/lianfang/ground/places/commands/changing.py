"""What becomes of a place: other names, an end, a point, what a door is."""

from __future__ import annotations

from datetime import date

from lianfang.ground.places.commands.ground import day_of_change, held, keep_past
from lianfang.ground.places.commands.laying import add_doors
from lianfang.ground.places.commands.spellings import respell
from lianfang.ground.places.models import Alias, Place
from lianfang.ground.places.rules.layouts import Numbering
from lianfang.ground.places.rules.numerals import number_in
from lianfang.ground.places.types import KINDS_AT, Kind, Level, NameTaken, NotOneHousehold, PointOutside, StillInside, WrongKind
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, PlaceId

MERIDIAN, POLE = 180, 90
TWO_DIGITS = Numbering()


def rename(place_id: PlaceId, name: str, *, by: AccountId | None, on: date | None = None) -> None:
    """Call a place something else from a day on; records and figures keep to the place. Raises NameTaken below the community."""
    with db.acting(by, "places rename"):
        place = held(place_id)
        if place.name == name:
            return
        below_community = not place.at_level.is_division
        if below_community and Place.objects.filter(parent_id=place.parent_id, name=name, valid_to=None).exclude(pk=place.pk).exists():
            raise NameTaken(parent=place.parent.name if place.parent else "", name=name)
        keep_past(place, day_of_change(place, on))
        place.name = name
        place.save(update_fields=["name", "since"])
        respell([place.id])


def add_alias(place_id: PlaceId, name: str, *, by: AccountId | None) -> None:
    """Another name under which people look for a place."""
    with db.acting(by, "places add_alias"):
        place = held(place_id)
        if Alias.objects.filter(place=place, name=name, valid_to=None).exists():
            raise NameTaken(parent=place.name, name=name)
        Alias.objects.create(place=place, name=name, valid_from=clock.today())
        respell([place.id])


def end_alias(place_id: PlaceId, name: str, *, by: AccountId | None) -> None:
    """A name is no longer used."""
    with db.acting(by, "places end_alias"):
        place = held(place_id)
        Alias.objects.filter(place=place, name=name, valid_to=None).update(valid_to=clock.today())
        respell([place.id])


def end(place_id: PlaceId, *, by: AccountId | None, on: date | None = None) -> None:
    """A place is no more from a day on; its numbers are never given again. Raises StillInside while anything lives in it."""
    with db.acting(by, "places end"):
        place = held(place_id)
        inside = Place.objects.filter(parent=place, valid_to=None).count()
        if inside:
            raise StillInside(name=place.name, count=inside)
        place.valid_to = day_of_change(place, on)
        place.save(update_fields=["valid_to"])


def set_point(place_id: PlaceId, longitude: float | None, latitude: float | None, *, by: AccountId | None) -> None:
    """Where a place lies (WGS-84), or that it is not known. What lies inside inherits it. Raises PointOutside."""
    with db.acting(by, "places set_point"):
        place = held(place_id)
        if longitude is None or latitude is None:
            longitude = latitude = None
        elif not (abs(longitude) <= MERIDIAN and abs(latitude) <= POLE):
            raise PointOutside(longitude=longitude, latitude=latitude)
        place.longitude, place.latitude = longitude, latitude
        place.save(update_fields=["longitude", "latitude"])


def set_kind(place_id: PlaceId, kind: Kind, *, by: AccountId | None) -> None:
    """What a place is at its level: a dwelling turned shop, an office turned dwelling. Raises WrongKind."""
    with db.acting(by, "places set_kind"):
        place = held(place_id)
        if kind not in KINDS_AT[place.at_level]:
            raise WrongKind(level=place.level, kind=kind)
        place.kind = kind.value
        place.save(update_fields=["kind"])


def merge_doors(kept_id: PlaceId, taken_id: PlaceId, *, by: AccountId | None, label: str = "") -> None:
    """Two neighbouring doors become one: the second ends, the first may get another label. Raises NotOneHousehold."""
    with db.acting(by, "places merge_doors"):
        kept, taken = held(kept_id, Level.DOOR), held(taken_id, Level.DOOR)
        if kept.parent_id != taken.parent_id or kept.id == taken.id:
            raise NotOneHousehold(labels=f"{kept.name}, {taken.name}")
        end(taken.place_id, by=by)
        if label:
            rename(kept.place_id, label, by=by)


def split_door(door_id: PlaceId, labels: tuple[str, str], *, by: AccountId | None) -> PlaceId:
    """One door becomes two: the first keeps what it was, under the first label; the second is new beside it. Raises NameTaken."""
    with db.acting(by, "places split_door"):
        door = held(door_id, Level.DOOR)
        if labels[0] != door.name:
            rename(door_id, labels[0], by=by)
        assert door.parent is not None  # noqa: S101 - a door stands in something
        [second] = add_doors(door.parent.place_id, [(labels[1], door.floor, door.of_kind)], by=by)
        Place.objects.filter(pk=second).update(ordinal=door.ordinal)  # beside it: position tells their order
        return second


def add_floor(parent_id: PlaceId, floor: int, doors: int, *, by: AccountId | None, numbering: Numbering = TWO_DIGITS) -> list[PlaceId]:
    """One more floor of a building or unit, its rooms labelled as in laying out. Raises NameTaken, NoRoom."""
    with db.acting(by, "places add_floor"):
        parent = held(parent_id, Level.BUILDING, Level.UNIT)
        unit = (number_in(parent.name) or 0) if parent.at_level is Level.UNIT else 0
        labels = [numbering.label(unit=unit, floor=floor, door=door, count=door) for door in range(1, doors + 1)]
        return add_doors(parent_id, [(label, floor, Kind.DWELLING) for label in labels], by=by)
