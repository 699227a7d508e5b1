"""Moving a subtree: a place under another parent, with everything inside it, as one audited step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from lianfang.ground.places.commands.ground import day_of_change, held, keep_past, next_ordinal, room_in
from lianfang.ground.places.commands.shifts import Shift, shift
from lianfang.ground.places.commands.spellings import respell
from lianfang.ground.places.models import Alias, Area, GivenPosition, Place
from lianfang.ground.places.rules import positions
from lianfang.ground.places.types import InsideItself, Level, NoRoom, TooEarly, WrongLevel
from lianfang.kernel import db
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.ranges import Range


def move(place_id: PlaceId, to_parent_id: PlaceId, *, by: AccountId | None, on: date | None = None, ground: str = "") -> None:
    """Put a division or a building under another parent of the same level, from a day on. `ground` is the document it rests on.

    The place and all inside get new positions, given for ever; the former ones are kept, records stay where they were stamped,
    live rows of people follow. Raises InsideItself, WrongLevel, NoRoom, and TooEarly for a day before something in it began.
    """
    with db.acting(by, f"places move {ground}".strip()):
        place, parent = held(place_id), held(to_parent_id)
        _refuse_wrong_parent(place, parent)
        day = day_of_change(place, on)
        _refuse_newer(place, day)
        _move_all([place], parent, day)


def merge_communities(from_id: PlaceId, into_id: PlaceId, *, by: AccountId | None, on: date | None = None, ground: str = "") -> int:
    """One community takes another over (合并): its buildings move, its name stays findable, it ends. How many buildings moved."""
    with db.acting(by, f"places merge {ground}".strip()):
        old, new = held(from_id, Level.COMMUNITY), held(into_id, Level.COMMUNITY)
        if old.pk == new.pk:
            raise InsideItself(name=old.name)
        day = day_of_change(old, on)
        _refuse_newer(old, day)
        buildings = list(Place.objects.select_for_update(of=("self",)).filter(parent=old, valid_to=None).order_by("ordinal", "lo"))
        _move_all(buildings, new, day)
        Area.objects.filter(home=old, valid_to=None).update(home=new)
        for name in dict.fromkeys([old.name, *Alias.objects.filter(place=old, valid_to=None).values_list("name", flat=True)]):
            if name != new.name and not Alias.objects.filter(place=new, name=name, valid_to=None).exists():
                Alias.objects.create(place=new, name=name, valid_from=day)
        old.valid_to = day
        old.save(update_fields=["valid_to"])
        respell([new.pk])
        return len(buildings)


def _refuse_newer(place: Place, day: date) -> None:
    """What began or changed inside after the day of a move would have stood at two places at once."""
    newer = Place.objects.filter(lo__gte=place.lo, lo__lt=place.hi, valid_to=None, since__gt=day).order_by("-since").first()
    if newer is not None:
        raise TooEarly(name=newer.name, since=newer.since)


def _refuse_wrong_parent(place: Place, parent: Place) -> None:
    if place.at_level in {Level.PROVINCE, Level.UNIT, Level.DOOR}:
        raise WrongLevel(name=place.name, level=place.level, needed=f"{Level.CITY} … {Level.BUILDING}")
    if parent.pk == place.parent_id or place.range.holds(parent.range):
        raise InsideItself(name=place.name)
    if place.parent is not None and parent.level != place.parent.level:
        raise WrongLevel(name=parent.name, level=parent.level, needed=place.parent.level)


def _move_all(places: Sequence[Place], parent: Place, day: date) -> None:
    """Put places of one level under a parent that is held, set-based, and carry along what is inside them."""
    if not places:
        return
    fresh = _new_ranges(places, parent)
    shifts = [Shift(place.lo, place.hi, new.lo, day) for place, new in zip(places, fresh, strict=True)]
    GivenPosition.objects.bulk_create(
        GivenPosition(place=place, level=place.level, lo=new.lo, hi=new.hi, given_on=day) for place, new in zip(places, fresh, strict=True)
    )
    for place in places:
        keep_past(place, day, moved_itself=True)
    order = next_ordinal(parent)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update places_place p set parent_id = %s, lo = n.lo, hi = n.hi, since = %s, ordinal = n.ordinal
            from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::int[]) n(id, lo, hi, ordinal) where p.id = n.id
            """,
            [
                parent.pk, day, [place.pk for place in places], [new.lo for new in fresh], [new.hi for new in fresh],
                list(range(order, order + len(places))),
            ],
        )  # fmt: skip
    shift(shifts, besides=[place.pk for place in places], levels=list(Level))


def _new_ranges(places: Sequence[Place], parent: Place) -> list[Range]:
    level = places[0].at_level
    if level is Level.BUILDING:
        room = room_in(parent)
        blocks = [room.take(place.hi - place.lo) for place in places]
        if None in blocks:
            raise NoRoom(name=parent.name)
        return [block for block in blocks if block is not None]
    taken = set(GivenPosition.objects.filter(level=level, lo__gte=parent.lo, lo__lt=parent.hi).values_list("lo", flat=True))
    found: list[Range] = []
    for place in places:
        was = place.lo - place.parent.lo if place.parent else None
        # Never where it stood before, should it come back: what ended in it meanwhile keeps its numbers there.
        start = positions.choose(level, parent.range, code=None, taken=taken, was=was)
        if start is None:
            raise NoRoom(name=parent.name)
        taken.add(start)
        found.append(positions.range_at(start, level))
    return found
