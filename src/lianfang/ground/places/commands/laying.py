"""Laying out what stands below a community: buildings with units and doors, houses, sites, people without a fixed dwelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lianfang.ground.places.commands import areas
from lianfang.ground.places.commands.ground import held, next_ordinal, numbers_of_doors, room_for_units, room_in, write
from lianfang.ground.places.commands.spellings import respell
from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.rules import positions
from lianfang.ground.places.rules.layouts import LayoutPart, LayoutSpec
from lianfang.ground.places.types import AreaKind, Kind, Level, NameTaken, NoRoom, WrongKind, WrongLevel
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, PlaceId, new_id
from lianfang.kernel.ranges import Range

NO_FIXED = "无固定住处"
NO_FIXED_BLOCK = 1000
DOOR_KINDS = (Kind.DWELLING, Kind.SHOP, Kind.OFFICE, Kind.BED)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What was laid out: the buildings in walking order, and how many units and doors they have."""

    buildings: tuple[PlaceId, ...]
    units: int
    doors: int


def lay_out(community_id: PlaceId, spec: LayoutSpec, *, by: AccountId | None, compound: str = "") -> LaidOut:
    """Lay out buildings, units and doors of a community in one step, as a phrase says (`rules.layouts.parse_layout`).

    `compound` names the compound they belong to, which is founded if the community has none of that name; two compounds may each
    have a "3栋". Raises NameTaken, NoRoom, WrongLevel, AlreadyEnded; then nothing was laid out.
    """
    with db.acting(by, "places lay_out"):
        community = held(community_id, Level.COMMUNITY)
        _refuse_taken(community, [name for part in spec.parts for name in part.buildings], compound)
        room, day, order = room_in(community), clock.today(), next_ordinal(community)
        above: list[Place] = []
        doors: list[Place] = []
        for part in spec.parts:
            for name in part.buildings:
                block = room.take(part.block)
                if block is None:
                    raise NoRoom(name=community.name)
                building = made_place(Level.BUILDING, Kind.BUILDING, name, community, block, order, day)
                above.append(building)
                _fill(building, part, above, doors)
                order += 1
        write([*above, *doors], given=above)
        buildings = tuple(place.place_id for place in above if place.at_level is Level.BUILDING)
        respell(buildings, fresh=True)
        if compound:
            into_compound(community, compound, buildings, by)
        return LaidOut(buildings, len(above) - len(buildings), len(doors))


def made_place(level: Level, kind: Kind, name: str, parent: Place, block: Range, order: int, day: date, floor: int | None = None) -> Place:  # noqa: PLR0913, PLR0917 - a place has that many sides
    """A new place, not written yet."""
    return Place(
        id=new_id(), level=level.value, kind=kind.value, name=name, parent=parent, lo=block.lo, hi=block.hi, floor=floor, ordinal=order,
        valid_from=day, since=day,
    )  # fmt: skip


def _fill(building: Place, part: LayoutPart, above: list[Place], doors: list[Place]) -> None:
    """Units and doors of one new building."""
    if not part.units:
        _fill_doors(building, part, 0, doors)
        return
    room = positions.Room(building.range, ())
    for number in range(1, part.units + 1):
        block = room.take(positions.unit_block(part.doors_a_unit))
        assert block is not None  # noqa: S101 - building_block leaves room for all units
        unit = made_place(Level.UNIT, Kind.UNIT, f"{number}单元", building, block, number, building.valid_from)
        above.append(unit)
        _fill_doors(unit, part, number, doors)


def _fill_doors(parent: Place, part: LayoutPart, unit: int, doors: list[Place]) -> None:
    for order, (floor, label, is_shop) in enumerate(part.doors(unit), start=1):
        number = Range(parent.lo + order, parent.lo + order + 1)
        kind = Kind.SHOP if is_shop else Kind.DWELLING
        doors.append(made_place(Level.DOOR, kind, label, parent, number, order, parent.valid_from, floor))


def _refuse_taken(community: Place, names: Iterable[str], compound: str) -> None:
    """A building's name stands once in its compound, or once among the buildings of no compound."""
    same = list(Place.objects.filter(parent=community, name__in=list(names), valid_to=None))
    if not same:
        return
    grouped = AreaMember.objects.filter(place__in=same, valid_to=None, excluded=False, area__kind=AreaKind.COMPOUND, area__valid_to=None)
    compounds: dict[object, set[str]] = {}
    for place_id, name in grouped.values_list("place_id", "area__name"):
        compounds.setdefault(place_id, set()).add(name)
    for place in same:
        if compound in compounds.get(place.id, {""}):
            raise NameTaken(parent=compound or community.name, name=place.name)


def into_compound(community: Place, name: str, buildings: Sequence[PlaceId], by: AccountId | None) -> None:
    """Put buildings into a compound, which is founded if the community has none of that name."""
    area = Area.objects.filter(home=community, kind=AreaKind.COMPOUND, name=name, valid_to=None).first()
    if area is None:
        areas.found_area(AreaKind.COMPOUND, name, community.place_id, buildings, by=by)
    else:
        areas.include(area.area_id, buildings, by=by)


def add_building(community_id: PlaceId, name: str, *, by: AccountId | None, doors: int = 100, compound: str = "") -> PlaceId:
    """One building without units or doors yet; `doors` says for how many it shall have numbers."""
    with db.acting(by, "places add_building"):
        community = held(community_id, Level.COMMUNITY)
        _refuse_taken(community, [name], compound)
        building = _standing_alone(community, name, Kind.BUILDING, positions.building_block(doors, 0, 0))
        if compound:
            into_compound(community, compound, [building.place_id], by)
        return building.place_id


def _standing_alone(community: Place, name: str, kind: Kind, size: int) -> Place:
    block = room_in(community).take(size)
    if block is None:
        raise NoRoom(name=community.name)
    place = made_place(Level.BUILDING, kind, name, community, block, next_ordinal(community), clock.today())
    write([place], given=[place])
    respell([place.id], fresh=True)
    return place


def add_houses(community_id: PlaceId, names: Sequence[str], *, by: AccountId | None) -> list[PlaceId]:
    """Lone houses of a village, each with one door of the same name; the doors, in the order of the names."""
    with db.acting(by, "places add_houses"):
        community = held(community_id, Level.COMMUNITY)
        _refuse_taken(community, names, "")
        twice = {name for name in names if list(names).count(name) > 1} if len(set(names)) < len(names) else set()
        if twice:
            raise NameTaken(parent=community.name, name=min(twice))
        room, order, day = room_in(community), next_ordinal(community), clock.today()
        houses: list[Place] = []
        doors: list[Place] = []
        for at, name in enumerate(names):
            block = room.take(positions.HOUSE)
            if block is None:
                raise NoRoom(name=community.name)
            house = made_place(Level.BUILDING, Kind.HOUSE, name, community, block, order + at, day)
            houses.append(house)
            doors.append(made_place(Level.DOOR, Kind.DWELLING, name, house, Range(block.lo + 1, block.lo + 2), 1, day, 1))
        write([*houses, *doors], given=houses)
        respell([house.id for house in houses], fresh=True)
        return [door.place_id for door in doors]


def add_site(community_id: PlaceId, name: str, *, by: AccountId | None) -> PlaceId:
    """A site without dwellings (场所): building site, market, station."""
    with db.acting(by, "places add_site"):
        community = held(community_id, Level.COMMUNITY)
        _refuse_taken(community, [name], "")
        return _standing_alone(community, name, Kind.SITE, positions.HOUSE).place_id


def open_no_fixed_dwelling(community_id: PlaceId, *, by: AccountId | None) -> PlaceId:
    """The block of people without a fixed dwelling (sheds, boats, dormitories, streets): opened once, answered again after that."""
    with db.acting(by, "places open_no_fixed_dwelling"):
        community = held(community_id, Level.COMMUNITY)
        there = Place.objects.filter(parent=community, kind=Kind.NO_FIXED, valid_to=None).first()
        return there.place_id if there else _standing_alone(community, NO_FIXED, Kind.NO_FIXED, NO_FIXED_BLOCK).place_id


def add_unit(building_id: PlaceId, name: str, *, by: AccountId | None, doors: int = 20) -> PlaceId:
    """One more unit of a building, with numbers for so many doors."""
    with db.acting(by, "places add_unit"):
        building = held(building_id, Level.BUILDING)
        if Place.objects.filter(parent=building, name=name, valid_to=None).exists():
            raise NameTaken(parent=building.name, name=name)
        block = room_for_units(building).take(positions.unit_block(doors))
        if block is None:
            raise NoRoom(name=building.name)
        unit = made_place(Level.UNIT, Kind.UNIT, name, building, block, next_ordinal(building), clock.today())
        write([unit], given=[unit])
        return unit.place_id


def add_door(
    parent_id: PlaceId,
    label: str,
    *,
    by: AccountId | None,
    floor: int | None = None,
    kind: Kind = Kind.DWELLING,
    id: PlaceId | None = None,  # noqa: A002 - what it is
) -> PlaceId:
    """One more door of a building, house or unit. `id` is that of a phone that found it: the same again is the same door."""
    return add_doors(parent_id, [(label, floor, kind)], by=by, ids=[id] if id else ())[0]


def add_doors(
    parent_id: PlaceId,
    doors: Sequence[tuple[str, int | None, Kind]],
    *,
    by: AccountId | None,
    ids: Sequence[PlaceId] = (),
) -> list[PlaceId]:
    """More doors of one building, house or unit, as (label, floor, kind). Raises NameTaken, NoRoom, WrongKind, WrongLevel."""
    with db.acting(by, "places add_doors"):
        parent = held(parent_id, Level.BUILDING, Level.UNIT)
        if ids and (known := _known(parent, ids)):
            return known
        if parent.of_kind is Kind.SITE:
            raise WrongLevel(name=parent.name, level=parent.kind, needed=Level.BUILDING)
        labels = [label for label, _, _ in doors]
        taken = set(Place.objects.filter(parent=parent, name__in=labels, valid_to=None).values_list("name", flat=True))
        taken |= {label for label in labels if labels.count(label) > 1}
        if taken:
            raise NameTaken(parent=parent.name, name=min(taken))
        made = placed(parent, doors, ids)
        write(made)
        return [door.place_id for door in made]


def _known(parent: Place, ids: Sequence[PlaceId]) -> list[PlaceId]:
    there = set(Place.objects.filter(pk__in=list(ids), parent=parent).values_list("pk", flat=True))
    return list(ids) if there == set(ids) else []


def placed(parent: Place, doors: Sequence[tuple[str, int | None, Kind]], ids: Sequence[PlaceId]) -> list[Place]:
    """New doors of a building or unit on its free numbers, not written yet. Raises WrongKind, NoRoom."""
    used = numbers_of_doors(parent)
    if parent.at_level is Level.BUILDING:
        blocks = Place.objects.filter(parent=parent, level=Level.UNIT).values_list("lo", "hi")
        free = (n for n in range(parent.lo + 1, parent.hi) if n not in used and not any(lo <= n < hi for lo, hi in blocks))
    else:
        free = (n for n in range(parent.lo + 1, parent.hi) if n not in used)
    order, made = next_ordinal(parent), []
    for at, (label, floor, kind) in enumerate(doors):
        if kind not in DOOR_KINDS:
            raise WrongKind(level=Level.DOOR, kind=kind)
        number = next(free, None)
        if number is None:
            raise NoRoom(name=parent.name)
        door = made_place(Level.DOOR, kind, label, parent, Range(number, number + 1), order + at, clock.today(), floor)
        if ids:
            door.id = ids[at]
        made.append(door)
    return made
