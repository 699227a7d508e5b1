"""The ground of many positions at once: which divisions hold them, and the nearest point above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from lianfang.ground.places.models import Place
from lianfang.ground.places.types import Level
from lianfang.kernel.ranges import Range

_HELD = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.BUILDING)


@dataclass(frozen=True, slots=True)
class Ground:
    """A city, county, street, community or building, where its range lies, and its own point if it has one."""

    level: Level
    lo: int
    hi: int
    longitude: float | None
    latitude: float | None


def grounds(ranges: Sequence[Range]) -> list[Ground]:
    """All of them that hold a part of the ranges, in the order of their positions, the larger first."""
    where = Q(pk__in=())
    for piece in ranges:
        where |= Q(lo__lt=piece.hi, hi__gt=piece.lo)
    rows = Place.objects.filter(where, level__in=[level.value for level in _HELD], valid_to=None).order_by("lo", "-hi")
    told = rows.values_list("level", "lo", "hi", "longitude", "latitude")
    return [Ground(Level(level), lo, hi, longitude, latitude) for level, lo, hi, longitude, latitude in told]
