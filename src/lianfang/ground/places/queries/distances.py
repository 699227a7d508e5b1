"""Where a place lies and how far two are apart: by points, or by what holds them both, and it says which."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from lianfang.ground.places.models import Place
from lianfang.ground.places.queries.standing import ancestors
from lianfang.ground.places.types import Basis, Level

EARTH = 6_371_008.8  # mean radius, metres (IUGG)
_SHARED = {
    Level.DOOR: Basis.SAME_PLACE,
    Level.UNIT: Basis.SAME_BUILDING,
    Level.BUILDING: Basis.SAME_BUILDING,
    Level.COMMUNITY: Basis.SAME_COMMUNITY,
    Level.STREET: Basis.SAME_STREET,
    Level.COUNTY: Basis.SAME_COUNTY,
    Level.CITY: Basis.SAME_CITY,
    Level.PROVINCE: Basis.SAME_PROVINCE,
}


@dataclass(frozen=True, slots=True)
class Point:
    """A point (WGS-84, degrees), and the place it belongs to, which may lie above."""

    longitude: float
    latitude: float
    of: Place


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two places are apart: metres between their points, else None and what holds both."""

    metres: float | None
    basis: Basis


def point_of(place: Place) -> Point | None:
    """The point of a place, else of the nearest place above that has one."""
    return _lowest_point([*ancestors(place), place])


def _lowest_point(path: list[Place]) -> Point | None:
    for here in reversed(path):
        if here.longitude is not None and here.latitude is not None:
            return Point(here.longitude, here.latitude, here)
    return None


def distance(one: Place, other: Place) -> Distance:
    """How far two places are apart. Points count only when they belong to different places, neither of which holds the other."""
    if one.pk == other.pk:
        return Distance(0.0, Basis.SAME_PLACE)
    paths = [[*ancestors(place), place] for place in (one, other)]
    here, there = (_lowest_point(path) for path in paths)
    if here and there and not here.of.range.meets(there.of.range):
        return Distance(_metres(here, there), Basis.POINTS)
    shared = [above for above, beside in zip(*paths, strict=False) if above.pk == beside.pk]
    return Distance(None, _SHARED[shared[-1].at_level] if shared else Basis.FAR)


def _metres(one: Point, other: Point) -> float:
    """The length of the great circle (haversine)."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(across))
