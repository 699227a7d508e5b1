"""The places that a part of a plan is done for, as they stand today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind, Level
from lianfang.headquarters.playbooks.types import Each, Site
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_AREAS = {Each.COMPOUND: AreaKind.COMPOUND, Each.GRID: AreaKind.GRID}
_LEVELS = {Each.STREET: Level.STREET, Each.COMMUNITY: Level.COMMUNITY}


def sites(place: Place, each: Each) -> list[Site]:
    """The places of a kind inside a plan's, in walking order; for the whole the plan's own."""
    if each is Each.WHOLE:
        return [_site(place)]
    if each is Each.BUILDING:
        return [_site(one) for one in places.buildings_of(place)]
    if each in _LEVELS:
        return [_site(one) for one in _below(place, _LEVELS[each])]
    found = places.areas_within(places.ranges_of(place), _AREAS[each])
    rows = [Site(PlaceId(area.home_id), area.name, area.home.lo, area.area_id) for area in found]
    return sorted(rows, key=lambda site: (site.position, site.name, str(site.id)))


def _site(place: Place) -> Site:
    return Site(place.place_id, place.name, place.lo)


def _below(place: Place, level: Level) -> list[Place]:
    """The divisions of a level inside a place, or the place itself."""
    frontier = [place]
    while frontier and frontier[0].at_level.depth < level.depth:
        frontier = [child for above in frontier for child in places.children(above)]
    return [one for one in frontier if one.at_level is level]
