"""What all verbs below share: the place under lock, the day a change holds, the past kept, rows written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from lianfang.ground.places.models import GivenPosition, Place, PlacePast
from lianfang.ground.places.rules.positions import Room
from lianfang.ground.places.types import AlreadyEnded, Level, NotAhead, PlaceNotFound, TooEarly, WrongLevel
from lianfang.kernel import clock, db
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range

_PLACE_COLUMNS = (
    "id", "level", "kind", "name", "code", "parent_id", "lo", "hi", "floor", "ordinal", "longitude", "latitude", "valid_from", "valid_to", "since",
)  # fmt: skip


def held(place_id: PlaceId, *levels: Level) -> Place:
    """A place in force, locked until the transaction ends. Raises PlaceNotFound, AlreadyEnded, WrongLevel."""
    place = Place.objects.select_for_update(of=("self",)).filter(pk=place_id).first()
    if place is None:
        raise PlaceNotFound(text=place_id)
    if place.valid_to is not None:
        raise AlreadyEnded(name=place.name, ended=place.valid_to)
    if levels and place.at_level not in levels:
        raise WrongLevel(name=place.name, level=place.level, needed=" / ".join(levels))
    return place


def day_of_change(place: Place, on: date | None) -> date:
    """The day a change holds from: not ahead, and not before what the place is today. Raises NotAhead, TooEarly."""
    day = on or clock.today()
    if day > clock.today():
        raise NotAhead(on=day)
    if day < place.since:
        raise TooEarly(name=place.name, since=place.since)
    return day


def keep_past(place: Place, day: date, *, moved_itself: bool = False) -> None:
    """Write what the place was until a day. A change on the day it began leaves no past, unless it had a position then."""
    if place.since == day and not moved_itself:
        return
    PlacePast.objects.create(
        place=place,
        level=place.level,
        valid_from=place.since,
        valid_to=day,
        name=place.name,
        code=place.code,
        parent_id=place.parent_id,
        lo=place.lo,
        hi=place.hi,
        moved_itself=moved_itself,
    )
    place.since = day


def room_in(community: Place) -> Room:
    """The numbers of a community that are left; the caller holds the community's row."""
    given = GivenPosition.objects.filter(level=Level.BUILDING, lo__gte=community.lo, lo__lt=community.hi).values_list("lo", "hi")
    return Room(community.range, (Range(lo, hi) for lo, hi in given))


def room_for_units(building: Place) -> Room:
    """The numbers of a building that no unit and no door of its own ever had; the caller holds the building's row."""
    units = GivenPosition.objects.filter(level=Level.UNIT, lo__gte=building.lo, lo__lt=building.hi).values_list("lo", "hi")
    doors = [Range(lo, lo + 1) for lo in numbers_of_doors(building)]
    return Room(building.range, [*(Range(lo, hi) for lo, hi in units), *doors])


def numbers_of_doors(within: Place) -> set[int]:
    """Every number a door inside ever had."""
    inside = {"level": Level.DOOR, "lo__gte": within.lo, "lo__lt": within.hi}
    return {*Place.objects.filter(**inside).values_list("lo", flat=True), *PlacePast.objects.filter(**inside).values_list("lo", flat=True)}


def write(places: Sequence[Place], *, given: Iterable[Place] = ()) -> None:
    """Insert places in bulk; `given` are those above the door, whose positions are written down for ever first."""
    rows = [(place.id, place.level, place.lo, place.hi, place.valid_from) for place in given]
    if rows:
        db.copy_rows("places_position", ("place_id", "level", "lo", "hi", "given_on"), rows)
    db.copy_rows("places_place", _PLACE_COLUMNS, ([getattr(place, column) for column in _PLACE_COLUMNS] for place in places))


def next_ordinal(parent: Place) -> int:
    """The place in walking order after all others inside."""
    last = Place.objects.filter(parent=parent).order_by("-ordinal").values_list("ordinal", flat=True).first()
    return (last or 0) + 1
