"""What a phone takes along of the ground: doors in walking order and who belongs to them.

Phones of the same grid take the same: it is put together once in each process and kept in memory, under the marks that `reach` has just
read for the stamp. Any change of a row gives another mark, so that nothing kept is ever stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from lianfang.doors.field.reach import CAP, Reach
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.places.queries.walking import WalkedDoor
    from lianfang.kernel.ids import PlaceId

_KEPT = 64  # grids; with 500 households each about 40 MB


@dataclass(frozen=True, slots=True)
class Ground:
    """Doors with their place in the order, and what is told of them and their people, already written as JSON."""

    doors: Sequence[WalkedDoor]
    at: Mapping[PlaceId, int]
    told: Mapping[str, msgspec.Raw]


_kept: OrderedDict[tuple[object, ...], Ground] = OrderedDict()
_lock = Lock()


def ground_of(reach: Reach) -> Ground:
    """The ground within reach; read only where no phone of the same reach has come since it last changed."""
    key = (tuple(reach.writing), tuple(reach.people), reach.mark)
    with _lock:
        if (known := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return known
    made = _read(reach)
    with _lock:
        _kept[key] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def _read(reach: Reach) -> Ground:
    doors = places.walk(reach.writing, limit=CAP) if reach.writing else []
    at = {door.place_id: index for index, door in enumerate(doors)}
    told = {**_ways(doors), **(_people(reach, at) if reach.people else _nobody())}
    return Ground(doors, at, {name: msgspec.Raw(msgspec.json.encode(part)) for name, part in told.items()})


def columns(rows: Sequence[Sequence[Any]], width: int, names: str) -> dict[str, list[Any]]:
    """Rows as named columns."""
    told = names.split()
    return {told[column]: [row[column] for row in rows] for column in range(width)}


def _ways(doors: Sequence[WalkedDoor]) -> dict[str, Any]:
    """Communities, buildings with their units, and the doors in walking order, each naming the one above by its index."""
    communities: dict[UUID, int] = {}
    buildings: dict[UUID, int] = {}
    units: dict[UUID, int] = {}
    told_communities: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    rows = []
    for order, door in enumerate(doors):
        if door.community.id not in communities:
            communities[door.community.id] = len(told_communities)
            told_communities.append({"id": door.community.id, "name": door.community.name})
        if door.building.id not in buildings:
            buildings[door.building.id] = len(told)
            of = communities[door.community.id]
            told.append({"id": door.building.id, "name": door.building.name, "community": of, "units": []})
        building = told[buildings[door.building.id]]
        if door.unit is not None and door.unit.id not in units:
            units[door.unit.id] = len(building["units"])
            building["units"].append({"id": door.unit.id, "name": door.unit.name})
        unit = units[door.unit.id] if door.unit is not None else None
        rows.append((door.place_id, buildings[door.building.id], unit, door.floor, door.label, order, door.kind))
    return {"communities": told_communities, "buildings": told, "doors": columns(rows, 7, "id building unit floor label order kind")}


def _people(reach: Reach, at: Mapping[PlaceId, int]) -> dict[str, Any]:
    """Households and who belongs to them."""
    households = [one for one in people.households_on_roll(reach.people) if one.door_id in at]
    index = {one.household_id: number for number, one in enumerate(households)}
    persons = [
        (one.person_id, index[one.household_id], one.name, one.keys, one.listed)
        for one in people.persons_on_roll(reach.people)
        if one.household_id in index
    ]
    rows = [(one.household_id, at[one.door_id], one.name) for one in households]
    return {"households": columns(rows, 3, "id door name"), "persons": _persons(persons)}


def _nobody() -> dict[str, Any]:
    return {"households": columns((), 3, "id door name"), "persons": _persons(())}


def _persons(rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return columns(rows, 5, "id household name keys listed")
