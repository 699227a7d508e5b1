"""What a bulletin is about: a place with its children, or an area with the buildings it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.past_doors import ranges_ever_each
from lianfang.ground.places.queries.within import ranges_ever
from lianfang.ground.places.types import Level
from lianfang.headquarters.bulletins.types import Part, Subject
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import Range, intersect

if TYPE_CHECKING:
    from lianfang.ground.places.models import Area, Place


def of(found: Place | Area) -> Subject:
    """Of whatever a code or name was resolved to."""
    return of_area(cast("Area", found)) if hasattr(found, "home_id") else of_place(found)


def of_place(place: Place) -> Subject:
    """A place: a community by its buildings, a street by its communities; a building has no parts."""
    below = [] if place.at_level.depth >= Level.BUILDING.depth else places.children(place)
    ever = ranges_ever_each([place, *below])
    return Subject(
        id=place.pk,
        place_id=place.place_id,
        area_id=None,
        name=place.name,
        code=place.code,
        path=[above.name for above in places.ancestors(place)],
        level=place.level,
        here=place.range,
        ranges=ever[0],
        parts=_parts(below, ever[1:]),
        part_level=below[0].level if below else "",
    )


def of_area(area: Area) -> Subject:
    """An area: what it takes in today less what it leaves out, by building where it lies in one community."""
    home = places.place(PlaceId(area.home_id))
    ranges = ranges_ever(area, clock.today())
    buildings = places.buildings_of(home) if home.at_level is Level.COMMUNITY else []
    held = [(building, intersect([building.range], ranges)) for building in buildings]
    held = [(building, inside) for building, inside in held if inside]
    now = places.area_ranges(area.area_id)
    return Subject(
        id=area.pk,
        place_id=home.place_id,
        area_id=AreaId(area.pk),
        name=area.name,
        code=None,
        path=[*(above.name for above in places.ancestors(home)), home.name],
        level="area",
        here=now[0] if now else home.range,
        ranges=ranges,
        parts=_parts([building for building, _ in held], [inside for _, inside in held]),
        part_level=Level.BUILDING.value if held else "",
    )


def _parts(some: Sequence[Place], ever: Sequence[Sequence[Range]]) -> list[Part]:
    return [Part(place.place_id, place.name, place.code, ranges) for place, ranges in zip(some, ever, strict=True)]
