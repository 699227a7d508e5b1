"""A place or an area as a whole, as it stood on a day: for the command line, the API and the pages of details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lianfang.ground.places.models import Area, Place
from lianfang.ground.places.queries.distances import point_of
from lianfang.ground.places.queries.past_doors import door_counts_on
from lianfang.ground.places.queries.reach import area_ranges, door_counts, members_of, ranges_of
from lianfang.ground.places.queries.standing import aliases, place, state_on, states
from lianfang.ground.places.types import NotYetKnown, PlaceState
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import Range


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a path."""

    id: PlaceId
    level: str
    name: str
    code: str | None


@dataclass(frozen=True, slots=True)
class PlaceSheet:
    """A place on a day. `names` are all its states, the oldest first; `path` are the places above it that day, the province first."""

    id: PlaceId
    level: str
    kind: str
    name: str
    code: str | None
    range: Range
    path: tuple[Step, ...]
    names: tuple[PlaceState, ...]
    aliases: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    on: date
    floor: int | None
    point: tuple[float, float] | None
    doors: int
    dwellings: int


@dataclass(frozen=True, slots=True)
class AreaSheet:
    """An area on a day: what it takes in, what it leaves out, and the ranges that makes."""

    id: AreaId
    kind: str
    name: str
    home: Step
    ranges: tuple[Range, ...]
    included: tuple[Step, ...]
    excluded: tuple[Step, ...]
    valid_from: date
    valid_to: date | None
    on: date
    doors: int
    dwellings: int


def path_on(of: Place, day: date) -> tuple[Step, ...]:
    """The places above a place on a day, under the names they had then, the province first."""
    steps: list[Step] = []
    here = _state_near(of, day).parent_id
    while here is not None:
        above = place(here)
        state = _state_near(above, day)
        steps.append(Step(above.place_id, above.level, state.name, state.code))
        here = state.parent_id
    return tuple(reversed(steps))


def _state_near(of: Place, day: date) -> PlaceState:
    """The state of a place on a day; of one that had ended or was not yet known, the nearest."""
    held = states(of)
    begun = [state for state in held if state.since <= day]
    return state_on(of, day) or (begun[-1] if begun else held[0])


def place_sheet(of: Place, on: date | None = None) -> PlaceSheet:
    """A place as it stood on a day; an ended one as it last was. Raises NotYetKnown for a day before it is known."""
    day = on or clock.today()
    if on is not None and on < of.valid_from:
        raise NotYetKnown(name=of.name, since=of.valid_from)
    state = _state_near(of, day)
    counts = door_counts_on([state.range], day) if day < clock.today() else door_counts(ranges_of(of))
    point = point_of(of)
    return PlaceSheet(
        id=of.place_id,
        level=of.level,
        kind=of.kind,
        name=state.name,
        code=state.code,
        range=state.range,
        path=path_on(of, day),
        names=tuple(states(of)),
        aliases=tuple(alias.name for alias in aliases(of)),
        valid_from=of.valid_from,
        valid_to=of.valid_to,
        on=day,
        floor=of.floor,
        point=(point.longitude, point.latitude) if point else None,
        doors=counts.doors,
        dwellings=counts.dwellings,
    )


def area_sheet(area: Area, on: date | None = None) -> AreaSheet:
    """An area as it stood on a day."""
    day = on or clock.today()
    ranges = area_ranges(area.area_id, day)
    counts = door_counts_on(ranges, day) if day < clock.today() else door_counts(ranges)
    members = members_of(area.area_id, day)
    return AreaSheet(
        id=area.area_id,
        kind=area.kind,
        name=area.name,
        home=_step(area.home),
        ranges=tuple(ranges),
        included=tuple(_step(member.place) for member in members if not member.excluded),
        excluded=tuple(_step(member.place) for member in members if member.excluded),
        valid_from=area.valid_from,
        valid_to=area.valid_to,
        on=day,
        doors=counts.doors,
        dwellings=counts.dwellings,
    )


def _step(of: Place) -> Step:
    return Step(of.place_id, of.level, of.name, of.code)
