"""The drawing of areas over neighbours: which building lies in which grid, which door in which ten-household group, and proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.queries.reach import area_ranges_each, door_counts_each
from lianfang.ground.places.queries.standing import buildings_of, community_of, doors_of
from lianfang.ground.places.rules.drawing import GRID_LEAST, GRID_MOST, Block, propose_grids, tens
from lianfang.ground.places.types import AreaKind, Kind, Level
from lianfang.kernel.ids import AreaId
from lianfang.kernel.ranges import contains, intersect

_HOMES = (Kind.DWELLING, Kind.BED)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A building (or door) with the areas that hold all of it, and those that hold a part. `dwellings` are its homes."""

    place: Place
    group: str  # its compound, or its unit
    units: int
    doors: int
    dwellings: int
    areas: tuple[AreaId, ...]
    partly: tuple[AreaId, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The areas of one kind over neighbours in walking order."""

    kind: AreaKind
    community: Place
    rows: tuple[DrawnRow, ...]
    areas: tuple[Area, ...]

    @property
    def gaps(self) -> list[DrawnRow]:
        """What lies in no area at all."""
        return [row for row in self.rows if not row.areas and not row.partly]

    @property
    def overlaps(self) -> list[DrawnRow]:
        """What lies in several."""
        return [row for row in self.rows if len(row.areas) + len(row.partly) > 1]


def grids_of(community: Place) -> Drawing:
    """The buildings of a community with their compounds, and the grids drawn over them."""
    buildings = buildings_of(community)
    counted = door_counts_each([[one.range] for one in buildings]) if buildings else []
    compounds = dict(
        AreaMember.objects.filter(
            place__in=buildings, valid_to=None, excluded=False, area__kind=AreaKind.COMPOUND, area__valid_to=None
        ).values_list("place_id", "area__name")
    )  # fmt: skip
    units: dict[UUID, int] = {}
    for parent in Place.objects.filter(parent__in=buildings, level=Level.UNIT, valid_to=None).values_list("parent_id", flat=True):
        if parent is not None:
            units[parent] = units.get(parent, 0) + 1
    areas, held = _held(AreaKind.GRID, community, buildings)
    rows = tuple(
        DrawnRow(one, compounds.get(one.id, ""), units.get(one.id, 0), count.doors, count.dwellings, *held[one.id])
        for one, count in zip(buildings, counted, strict=True)
    )
    return Drawing(AreaKind.GRID, community, rows, areas)


def groups_of(building: Place) -> Drawing:
    """The homes of a building unit by unit, and the ten-household groups drawn over them."""
    community = community_of(building)
    assert community is not None  # noqa: S101 - a building stands in a community
    doors = [door for door in doors_of(building) if door.of_kind in _HOMES]
    units = {unit.id: unit for unit in Place.objects.filter(parent=building, level=Level.UNIT)}
    doors.sort(key=lambda door: (units[door.parent_id].ordinal if door.parent_id in units else 0, door.floor or 0, door.ordinal, door.lo))
    areas, held = _held(AreaKind.TEN_HOUSEHOLDS, community, doors)
    met = {area for whole, partly in held.values() for area in (*whole, *partly)}
    rows = tuple(DrawnRow(door, units[door.parent_id].name if door.parent_id in units else "", 0, 1, 1, *held[door.id]) for door in doors)
    return Drawing(AreaKind.TEN_HOUSEHOLDS, community, rows, tuple(area for area in areas if area.area_id in met))


_Held = dict[UUID, tuple[tuple[AreaId, ...], tuple[AreaId, ...]]]


def _held(kind: AreaKind, community: Place, places: Sequence[Place]) -> tuple[tuple[Area, ...], _Held]:
    """The areas of a kind of a community in the order of what they hold, and for each place those that hold it wholly and partly."""
    areas = list(Area.objects.filter(home=community, kind=kind, valid_to=None).select_related("home"))
    ranges = area_ranges_each([area.area_id for area in areas])
    areas.sort(key=lambda area: ([piece.lo for piece in ranges[area.area_id]][:1] or [community.hi], area.name))
    held: _Held = {}
    for place in places:
        whole = tuple(area.area_id for area in areas if contains(ranges[area.area_id], place.range))
        partly = tuple(
            area.area_id for area in areas if area.area_id not in whole and intersect(ranges[area.area_id], [place.range])
        )  # fmt: skip
        held[place.id] = whole, partly
    return tuple(areas), held


def proposed_grids(
    drawing: Drawing, households: Mapping[UUID, int] | None = None, *, least: int = GRID_LEAST, most: int = GRID_MOST
) -> list[list[Place]]:
    """Buildings cut into grids of 300 to 500 households in walking order; `households` where they are known, else dwellings."""
    sizes = households or {}
    rows = {row.place.id: row for row in drawing.rows}
    blocks = [Block(row.place.id, row.group, sizes.get(row.place.id) or row.dwellings) for row in drawing.rows]
    return [[rows[block.id].place for block in grid] for grid in propose_grids(blocks, least=least, most=most)]


def proposed_groups(drawing: Drawing) -> list[list[Place]]:
    """The homes of a building in groups of about ten neighbours, none across two units."""
    units: dict[str, list[Place]] = {}
    for row in drawing.rows:
        units.setdefault(row.group, []).append(row.place)
    groups: list[list[Place]] = []
    for doors in units.values():
        at = 0
        for size in tens(len(doors)):
            groups.append(doors[at : at + size])
            at += size
    return groups
