"""Doors and buildings inside ranges, page by page; where places stood: what figures are read over and traced to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lianfang.ground.places.models import Area, Place
from lianfang.ground.places.queries.reach import members_of
from lianfang.ground.places.queries.standing import states
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range, merged, subtract

POSITION_ON = (
    "coalesce((select w.lo from places_placepast w where w.place_id = p.id and w.valid_from <= %(day)s and w.valid_to > %(day)s "
    "order by w.valid_from desc limit 1), p.lo)"
)
"""SQL: the position that the place `p` (a row of places_place) had on the day %(day)s."""


@dataclass(frozen=True, slots=True)
class Within:
    """A place inside the ranges and its positions today."""

    place_id: PlaceId
    range: Range


def doors_within(ranges: Sequence[Range], *, after: int = -1, limit: int = 200) -> list[Within]:
    """Doors in force in the ranges by position, beyond the position of the last one seen."""
    return _page("door", ranges, after, limit)


def buildings_within(ranges: Sequence[Range], *, after: int = -1, limit: int = 200) -> list[Within]:
    """Buildings, houses and sites in force that begin in the ranges, by position, beyond the last one seen."""
    return _page("building", ranges, after, limit)


def _page(level: str, ranges: Sequence[Range], after: int, limit: int) -> list[Within]:
    # The two partial indexes over lo are chosen by these words.
    of_level = "level = 'door'" if level == "door" else f"level <> 'door' and level = '{level}'"
    found: list[Within] = []
    with connection.cursor() as cursor:
        for piece in ranges:
            cursor.execute(
                f"select id, lo, hi from places_place where {of_level} and lo >= %s and lo < %s and valid_to is null order by lo limit %s",
                [max(piece.lo, after + 1), piece.hi, limit - len(found)],
            )
            found += [Within(PlaceId(row[0]), Range(row[1], row[2])) for row in cursor.fetchall()]
    return found


def ranges_ever(place: Place | Area, on: date) -> list[Range]:
    """All positions that a place, or what an area takes in on a day, has ever had: what figures of any period are read over.

    A position is given once for ever, so that a record stamped with it was made inside the place: the sums of the years before and after
    a move, and before and after another place got the code, are all right.
    """
    if isinstance(place, Place):
        return merged(state.range for state in states(place))
    members = members_of(place.area_id, on)
    held, left_out = (
        [state.range for member in members if member.excluded is excluded for state in states(member.place)] for excluded in (False, True)
    )
    return subtract(held, left_out)
