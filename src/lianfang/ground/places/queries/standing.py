"""Places by id, code and position; what is above and inside them; what they were on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from lianfang.ground.places.models import Alias, Area, Place, PlacePast
from lianfang.ground.places.types import DEPTHS, DIVISIONS, Ambiguous, CodeEnded, Level, NotYetKnown, PlaceNotFound, PlaceState
from lianfang.kernel import clock
from lianfang.kernel.db import read
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import Range

CODE_DIGITS = 12
_PATH = """id in (
with recursive up(id) as (
    select parent_id from places_place where id = %s and parent_id is not null
    union all
    select p.parent_id from up join places_place p on p.id = up.id where p.parent_id is not null
)
select id from up)"""
_BELOW_AND_ABOVE = """id in (
with recursive up(id, parent_id, level) as (
    select p.id, p.parent_id, p.level from places_place p where p.id = any(%s)
    union
    select p.id, p.parent_id, p.level from up join places_place p on p.id = up.parent_id where up.level in ('door', 'unit', 'building')
)
select id from up)"""


def place(place_id: PlaceId) -> Place:
    """A place, ended ones too. Raises PlaceNotFound."""
    found = read(Place, "id = %s", [place_id])
    if not found:
        raise PlaceNotFound(text=place_id)
    return found[0]


def places_by_id(place_ids: Sequence[PlaceId]) -> dict[PlaceId, Place]:
    """Several places at once; unknown ids are left out."""
    return {found.place_id: found for found in (Place.objects.filter(pk__in=list(place_ids)) if place_ids else ())}


def with_what_is_above(place_ids: Collection[PlaceId]) -> dict[PlaceId, Place]:
    """Several places at once, and the units, buildings and communities in which those below a community lie; unknown ids are left out."""
    found = read(Place, _BELOW_AND_ABOVE, [list(place_ids)]) if place_ids else ()
    return {one.place_id: one for one in found}


def by_code(code: str, on: date | None = None) -> Place:
    """The place that has (or on a day had) an official code; the higher one where a city and its only county share it.

    Raises PlaceNotFound, CodeEnded for a code that nobody has today, NotYetKnown for a day before the lists.
    """
    day = on or clock.today()
    now = [one for one in Place.objects.filter(code=code, since__lte=day) if one.existed_on(day)]
    then = PlacePast.objects.filter(code=code, valid_from__lte=day, valid_to__gt=day).select_related("place")
    found = sorted({*now, *(past.place for past in then)}, key=lambda one: DEPTHS[one.at_level])
    if found:
        return found[0]
    raise _nobody_has(code, day)


def by_codes(codes: Collection[str]) -> dict[str, Place]:
    """The places that have these official codes today, each with the one above it; codes that nobody has are left out."""
    today = clock.today()
    now = Place.objects.filter(code__in=list(codes), since__lte=today).select_related("parent")
    return {str(one.code): one for one in sorted(now, key=lambda one: DEPTHS[one.at_level], reverse=True) if one.existed_on(today)}


def _nobody_has(code: str, day: date) -> PlaceNotFound | CodeEnded | NotYetKnown:
    """Why no place has a code on a day: it is unknown, or was somebody's before, or only later."""
    held = [
        *PlacePast.objects.filter(code=code, valid_from__lt=F("valid_to")).values_list("valid_from", "valid_to", "name"),
        *Place.objects.filter(code=code).values_list("since", "valid_to", "name"),
    ]
    before = [(until, name) for _, until, name in held if until is not None and until <= day]
    if before:
        until, name = max(before)
        return CodeEnded(code=code, name=name, until=until)
    if held:
        since, _, name = min(held)
        return NotYetKnown(name=name, since=since)
    return PlaceNotFound(text=code)


def place_at(position: int) -> Place | None:
    """The place that stands, or once stood, at a position; inside one, the deepest place that holds it."""
    here = sorted(Place.objects.filter(lo=position), key=lambda one: (one.valid_to is not None, DEPTHS[one.at_level]))
    if here:
        return here[0]
    past = PlacePast.objects.filter(lo=position).select_related("place").order_by("-valid_to").first()
    if past is not None:
        return past.place
    return Place.objects.filter(lo__lt=position, hi__gt=position).exclude(level=Level.DOOR).order_by("-lo", "hi").first()


def resolve(text: str, on: date | None = None) -> Place | Area:
    """What a PLACE argument names: a 12-digit code (of today or of a day), a position, a UUID, or `area:NAME`.

    Raises PlaceNotFound, CodeEnded, NotYetKnown, Ambiguous.
    """
    word = text.replace("\x00", "").strip()
    if word.startswith("area:"):
        return _area_named(word.removeprefix("area:").strip())
    if word.isascii() and word.isdigit():
        if len(word) == CODE_DIGITS:
            return by_code(word, on)
        found = place_at(int(word))
        if found is not None:
            return found
    try:
        named = UUID(word)
    except ValueError:
        raise PlaceNotFound(text=word) from None
    here = Place.objects.filter(pk=named).first()
    return here or area(AreaId(named))


def told_apart(found: Place | Area) -> tuple[Place, None] | tuple[None, Area]:
    """What `resolve` found, as a place or as an area."""
    return (found, None) if isinstance(found, Place) else (None, found)


def _area_named(name: str) -> Area:
    found = list(Area.objects.filter(name=name, valid_to=None).select_related("home").order_by("home__lo", "id")[:5])
    if not found:
        raise PlaceNotFound(text=f"area:{name}")
    if len(found) > 1:
        raise Ambiguous(text=name, choices=", ".join(f"{area.name} ({area.home.name}, {area.id})" for area in found))
    return found[0]


def area(area_id: AreaId) -> Area:
    """An area, ended ones too. Raises PlaceNotFound."""
    found = Area.objects.filter(pk=area_id).select_related("home").first()
    if found is None:
        raise PlaceNotFound(text=area_id)
    return found


def areas_named(area_ids: Collection[AreaId]) -> dict[AreaId, str]:
    """The names of several areas at once, ended ones too; unknown ids are left out."""
    return {AreaId(key): name for key, name in Area.objects.filter(pk__in=list(area_ids)).values_list("pk", "name")}


def ancestors(of: Place) -> list[Place]:
    """The places above, the province first."""
    return sorted(read(Place, _PATH, [of.pk]), key=lambda above: DEPTHS[above.at_level])


def children(of: Place, on: date | None = None) -> list[Place]:
    """The places directly inside, in walking order; today's, or those of a day by their present names."""
    if on is None:
        return read(Place, "parent_id = %s and valid_to is null order by ordinal, lo", [of.pk])
    here = Place.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), parent=of, since__lte=on)
    gone = PlacePast.objects.filter(parent=of, valid_from__lte=on, valid_to__gt=on).select_related("place")
    return sorted({*here, *(past.place for past in gone)}, key=lambda one: (one.ordinal, one.lo))


def divisions_within(within: Range) -> list[Place]:
    """The divisions in force inside a range, from the community up, by position."""
    inside = Place.objects.exclude(level=Level.DOOR).filter(level__in=DIVISIONS, lo__gte=within.lo, hi__lte=within.hi, valid_to=None)
    return list(inside.order_by("lo", "-hi"))


def outermost() -> list[Place]:
    """The places that lie in no other one today: the provinces that are loaded."""
    return list(Place.objects.filter(parent=None, valid_to=None).order_by("lo"))


def doors_of(building: Place) -> list[Place]:
    """The doors in force of a building, unit or house: by unit, then floor, then walking order."""
    return list(
        Place.objects.filter(level=Level.DOOR, lo__gte=building.lo, lo__lt=building.hi, valid_to=None)
        .select_related("parent")
        .order_by("parent__ordinal", "parent__lo", "floor", "ordinal", "lo")
    )


def buildings_of(within: Place) -> list[Place]:
    """The buildings, houses and sites in force inside a place, in walking order."""
    return list(
        Place.objects.filter(level=Level.BUILDING, lo__gte=within.lo, lo__lt=within.hi, valid_to=None).order_by(
            "parent_id", "ordinal", "lo"
        )
    )


def units_of(within: Place) -> list[Place]:
    """The units in force of all buildings inside a place, in walking order."""
    return list(
        Place.objects.exclude(level=Level.DOOR)
        .filter(level=Level.UNIT, lo__gte=within.lo, lo__lt=within.hi, valid_to=None)
        .order_by("parent__ordinal", "parent__lo", "ordinal", "lo")
    )


def building_of(inside: Place) -> Place | None:
    """The building that a door or unit lies in; the building itself; None for a division."""
    here: Place | None = inside
    while here is not None and here.at_level in {Level.DOOR, Level.UNIT}:
        here = here.parent
    return here if here is not None and here.at_level is Level.BUILDING else None


def community_of(inside: Place) -> Place | None:
    """The community that a place lies in; the community itself; None above."""
    if inside.at_level is Level.COMMUNITY:
        return inside
    if inside.at_level.depth < Level.COMMUNITY.depth:
        return None
    return next((above for above in ancestors(inside) if above.at_level is Level.COMMUNITY), None)


def state_on(of: Place, day: date) -> PlaceState | None:
    """Name, code, parent and position of a place on a day; None where it did not exist."""
    return next((state for state in states(of) if state.since <= day and (state.until is None or day < state.until)), None)


def states(of: Place) -> list[PlaceState]:
    """All states of a place, the oldest first. One given and taken away within a day has an empty period."""
    past = [
        PlaceState(row.name, row.code, PlaceId(row.parent_id) if row.parent_id else None, row.lo, row.hi, row.valid_from, row.valid_to)
        for row in PlacePast.objects.filter(place=of).order_by("valid_from", "valid_to", "id")
    ]
    return [*past, PlaceState(of.name, of.code, PlaceId(of.parent_id) if of.parent_id else None, of.lo, of.hi, of.since, of.valid_to)]


def aliases(of: Place) -> list[Alias]:
    """Other names of a place that hold today."""
    return list(Alias.objects.filter(place=of, valid_to=None).order_by("name"))


def positions_between(of: Place, first: date, last: date) -> list[Range]:
    """The ranges a place had in a period of days, both included: what a figure of those days covers."""
    return [state.range for state in states(of) if state.since <= last and (state.until is None or state.until >= first)]
