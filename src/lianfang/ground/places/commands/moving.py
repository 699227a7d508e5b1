"""Moving a subtree: a place under another parent, with everything inside it, as one audited step."""

from __future__ import annotations

from datetime import date

from lianfang.ground.places.commands.ground import day_of_change, held, keep_past, next_ordinal, room_in
from lianfang.ground.places.commands.shifts import Shift, shift
from lianfang.ground.places.models import GivenPosition, Place
from lianfang.ground.places.rules import positions
from lianfang.ground.places.types import InsideItself, Level, NoRoom, StillInside, WrongLevel
from lianfang.kernel import db
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.ranges import Range


def move(place_id: PlaceId, to_parent_id: PlaceId, *, by: AccountId | None, on: date | None = None, ground: str = "") -> None:
    """Put a division or a building under another parent of the same level, from a day on. `ground` is the document it rests on.

    The place and all inside get new positions, given for ever; the former ones are kept, records stay where they were stamped,
    live rows of people follow. Raises InsideItself, WrongLevel, NoRoom, and StillInside for a change before something in it began.
    """
    with db.acting(by, f"places move {ground}".strip()):
        place, parent = held(place_id), held(to_parent_id)
        _refuse_wrong_parent(place, parent)
        day = day_of_change(place, on)
        newer = Place.objects.filter(lo__gte=place.lo, lo__lt=place.hi, valid_to=None, since__gt=day).count()
        if newer:
            raise StillInside(name=place.name, count=newer)
        new = _new_range(place, parent)
        old = place.range
        GivenPosition.objects.create(place=place, level=place.level, lo=new.lo, hi=new.hi, given_on=day)
        keep_past(place, day, moved_itself=True)
        place.parent, place.lo, place.hi = parent, new.lo, new.hi
        place.ordinal = next_ordinal(parent)
        place.save(update_fields=["parent", "lo", "hi", "since", "ordinal"])
        shift([Shift(old.lo, old.hi, new.lo, day)], besides=[place.pk], levels=list(Level))


def _refuse_wrong_parent(place: Place, parent: Place) -> None:
    if place.at_level in {Level.PROVINCE, Level.UNIT, Level.DOOR}:
        raise WrongLevel(name=place.name, level=place.level, needed=f"{Level.CITY} … {Level.BUILDING}")
    if parent.pk == place.parent_id or place.range.holds(parent.range):
        raise InsideItself(name=place.name)
    if place.parent is not None and parent.level != place.parent.level:
        raise WrongLevel(name=parent.name, level=parent.level, needed=place.parent.level)


def _new_range(place: Place, parent: Place) -> Range:
    if place.at_level is Level.BUILDING:
        block = room_in(parent).take(place.hi - place.lo)
        if block is None:
            raise NoRoom(name=parent.name)
        return block
    taken = set(GivenPosition.objects.filter(level=place.level, lo__gte=parent.lo, lo__lt=parent.hi).values_list("lo", flat=True))
    was = place.lo - place.parent.lo if place.parent else None
    start = positions.choose(place.at_level, parent.range, code=None, taken=taken, was=was)
    if start is None:
        raise NoRoom(name=parent.name)
    return positions.range_at(start, place.at_level)
