"""Doors as a list names them: what a roster knows and the tree does not is laid out in one step, where it stands already it stays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lianfang.ground.places.commands.ground import held, next_ordinal, room_for_units, room_in, write
from lianfang.ground.places.commands.laying import LaidOut, into_compound, made_place, placed
from lianfang.ground.places.commands.spellings import respell
from lianfang.ground.places.models import AreaMember, Place
from lianfang.ground.places.rules import positions
from lianfang.ground.places.rules.address_roles import designation, unit_value
from lianfang.ground.places.rules.addresses import label_key
from lianfang.ground.places.types import AreaKind, Kind, Level, NoRoom
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.ranges import Range

_HOUSE = {"": [""]}
_FLOOR_AND_ROOM = re.compile(r"(\d{1,2}?)\d{2}")  # 501, 1203: the last two digits count the doors of a floor


@dataclass(frozen=True, slots=True, order=True)
class ListedDoor:
    """One door of a list: the compound may be left out, and the unit where a building has none.

    Without a unit and a room it is a lone house of a village, with one door (3组12号).
    """

    compound: str
    building: str
    unit: str
    room: str


def floor_of(room: str) -> int | None:
    """The floor that a room's label says: 501 is on the fifth, 1203 on the twelfth; None where it says none."""
    found = _FLOOR_AND_ROOM.fullmatch(room)
    return int(found[1]) if found else None


def _in_order(label: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", label)
    return (int(digits) if digits else 0, label)


def building_key(name: str) -> tuple[str, ...]:
    """A building as lists name it: 3栋 and 3号楼 are one."""
    return designation(name).values or (name,)


@dataclass(slots=True)
class _Listing:
    """What one community gets: rows to write, and buildings whose spellings are to be made."""

    community: Place
    above: list[Place] = field(default_factory=list)
    doors: list[Place] = field(default_factory=list)
    buildings: list[Place] = field(default_factory=list)
    into: defaultdict[str, list[PlaceId]] = field(default_factory=lambda: defaultdict(list))


def add_listed(community_id: PlaceId, doors: Iterable[ListedDoor], *, by: AccountId | None) -> LaidOut:
    """Lay out the doors of a list that are not there: buildings, units and doors, in one transaction. Raises NoRoom, WrongLevel."""
    wanted: dict[tuple[str, str], dict[str, list[str]]] = {}
    for door in sorted(set(doors), key=lambda one: (one.compound, _in_order(one.building), _in_order(one.unit), _in_order(one.room))):
        wanted.setdefault((door.compound, door.building), {}).setdefault(door.unit, []).append(door.room)
    with db.acting(by, "places add_listed"):
        listing = _Listing(held(community_id, Level.COMMUNITY))
        standing = _standing(listing.community)
        room, order = room_in(listing.community), next_ordinal(listing.community)
        for (compound, name), units in wanted.items():
            building = standing.get((compound, building_key(name)))
            if building is None:
                building = _new_house(listing, name, room, order) if units == _HOUSE else _new_building(listing, name, units, room, order)
                standing[compound, building_key(name)] = building
                order += 1
                if compound:
                    listing.into[compound].append(building.place_id)
            elif units != _HOUSE:
                _fill(listing, building, units)
        write([*listing.above, *listing.doors], given=listing.above)
        respell([building.id for building in listing.buildings], fresh=True)
        for compound, buildings in listing.into.items():
            into_compound(listing.community, compound, buildings, by)
    return LaidOut(
        tuple(building.place_id for building in listing.buildings), len(listing.above) - len(listing.buildings), len(listing.doors)
    )


def _standing(community: Place) -> dict[tuple[str, tuple[str, ...]], Place]:
    """The buildings of a community by compound and name; without its compound, where the name stands once."""
    there = list(Place.objects.filter(parent=community, level=Level.BUILDING, valid_to=None).order_by("-lo"))
    grouped = AreaMember.objects.filter(place__in=there, valid_to=None, excluded=False, area__kind=AreaKind.COMPOUND, area__valid_to=None)
    compounds = dict(grouped.values_list("place_id", "area__name"))
    found = {("", building_key(place.name)): place for place in there}
    found |= {(compounds[place.id], building_key(place.name)): place for place in there if place.id in compounds}
    return found


def _new_house(listing: _Listing, name: str, room: positions.Room, order: int) -> Place:
    """A house with its one door of the same name."""
    block = room.take(positions.HOUSE)
    if block is None:
        raise NoRoom(name=listing.community.name)
    house = made_place(Level.BUILDING, Kind.HOUSE, name, listing.community, block, order, clock.today())
    listing.above.append(house)
    listing.buildings.append(house)
    listing.doors.append(made_place(Level.DOOR, Kind.DWELLING, name, house, Range(block.lo + 1, block.lo + 2), 1, clock.today(), 1))
    return house


def _new_building(listing: _Listing, name: str, units: dict[str, list[str]], room: positions.Room, order: int) -> Place:
    """A building with its units and doors, with numbers for as many again."""
    largest = max(len(labels) for labels in units.values())
    count = sum(len(labels) for labels in units.values())
    block = room.take(positions.building_block(count, len([unit for unit in units if unit]), largest))
    if block is None:
        raise NoRoom(name=listing.community.name)
    building = made_place(Level.BUILDING, Kind.BUILDING, name, listing.community, block, order, clock.today())
    listing.above.append(building)
    listing.buildings.append(building)
    inside = positions.Room(building.range, [Range(building.lo + 1, building.lo + 1 + 2 * len(units.get("", [])))] if units.get("") else ())
    for at, (unit, labels) in enumerate(units.items(), start=1):
        _number(listing, building if not unit else _new_unit(listing, building, unit, inside, at, len(labels)), labels)
    return building


def _new_unit(listing: _Listing, building: Place, name: str, room: positions.Room, order: int, doors: int) -> Place:
    block = room.take(positions.unit_block(doors))
    if block is None:
        raise NoRoom(name=building.name)
    unit = made_place(Level.UNIT, Kind.UNIT, name, building, block, order, clock.today())
    listing.above.append(unit)
    return unit


def _number(listing: _Listing, parent: Place, labels: Sequence[str]) -> None:
    """Doors of a new building or unit, from its first number on."""
    for order, label in enumerate(labels, start=1):
        number = Range(parent.lo + order, parent.lo + order + 1)
        listing.doors.append(made_place(Level.DOOR, Kind.DWELLING, label, parent, number, order, clock.today(), floor_of(label)))


def _fill(listing: _Listing, building: Place, units: dict[str, list[str]]) -> None:
    """What a building that stands already lacks."""
    inside = {unit_value(unit.name): unit for unit in Place.objects.filter(parent=building, level=Level.UNIT, valid_to=None)}
    room = room_for_units(building) if any(unit and unit_value(unit) not in inside for unit in units) else None
    order = next_ordinal(building)
    for unit, labels in units.items():
        parent = inside.get(unit_value(unit)) if unit else building
        if parent is not None:
            there = {
                label_key(name)
                for name in Place.objects.filter(parent=parent, level=Level.DOOR, valid_to=None).values_list("name", flat=True)
            }
            lacking = [(label, floor_of(label), Kind.DWELLING) for label in labels if label_key(label) not in there]
            listing.doors += placed(parent, lacking, ()) if lacking else []
        elif room is not None:
            _number(listing, _new_unit(listing, building, unit, room, order, len(labels)), labels)
            order += 1
