"""The phrase that lays out a compound, and what it comes to.

"1-8栋，3个单元，18层，每层2户，没有4层，房号为层号加两位" and "buildings 1-8, 3 units, 18 floors, 2 doors a floor, no floor 4;
the room is floor and two digits" say the same. Parts with other numbers follow on a new line and keep what they do not repeat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lianfang.ground.places.rules import numerals, positions
from lianfang.ground.places.types import LabelsRepeat, LayoutEmpty, LayoutIncomplete, LayoutNotUnderstood, LayoutTooLarge

EXAMPLE = "1-8栋，3个单元，18层，每层2户，没有4层，房号为层号加两位"
MOST_DOORS = 50_000


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a room is labelled: floor and a number of so many digits, the unit before it or not, or simply counted on."""

    digits: int = 2
    with_unit: bool = False
    counted_on: bool = False  # 1, 2, 3 … through the unit

    def label(self, *, unit: int, floor: int, door: int, count: int) -> str:
        """The label of one room. `count` is its place in the unit, from 1."""
        if self.counted_on:
            return str(count)
        number = f"{floor}{door:0{self.digits}d}"
        return f"{unit}{number}" if self.with_unit else number


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """Buildings that are alike."""

    buildings: tuple[str, ...] = ()
    units: int = 0  # 0: doors hang on the building itself
    floors: tuple[int, ...] = ()
    doors_a_floor: int = 0
    numbering: Numbering = Numbering()
    shop_floors: tuple[int, ...] = ()

    @property
    def doors_a_unit(self) -> int:
        """Doors of one unit (of the building, when it has no units)."""
        return len(self.floors) * self.doors_a_floor

    @property
    def doors_a_building(self) -> int:
        """Doors of one building."""
        return self.doors_a_unit * max(1, self.units)

    @property
    def block(self) -> int:
        """Numbers that one building takes."""
        return positions.building_block(self.doors_a_building, self.units, self.doors_a_unit)

    def doors(self, unit: int) -> Iterator[tuple[int, str, bool]]:
        """Floor, label and whether it is a shop, for each door of one unit, from the ground up."""
        count = 0
        for floor in self.floors:
            for door in range(1, self.doors_a_floor + 1):
                count += 1
                yield floor, self.numbering.label(unit=unit, floor=floor, door=door, count=count), floor in self.shop_floors


@dataclass(frozen=True, slots=True)
class LayoutSpec:
    """What a phrase lays out."""

    parts: tuple[LayoutPart, ...]

    @property
    def buildings(self) -> int:
        """How many buildings."""
        return sum(len(part.buildings) for part in self.parts)

    @property
    def units(self) -> int:
        """How many units."""
        return sum(len(part.buildings) * part.units for part in self.parts)

    @property
    def doors(self) -> int:
        """How many doors."""
        return sum(len(part.buildings) * part.doors_a_building for part in self.parts)

    @property
    def shops(self) -> int:
        """How many of the doors are shops."""
        return sum(len(p.buildings) * max(1, p.units) * p.doors_a_floor * len(set(p.shop_floors) & set(p.floors)) for p in self.parts)


@dataclass(frozen=True, slots=True)
class LayoutPreview:
    """What a layout would come to, for a person to look at before it is done."""

    buildings: int
    units: int
    doors: int
    shops: int
    samples: tuple[str, ...]  # first and last labels of the first and last building


def preview(spec: LayoutSpec) -> LayoutPreview:
    """Counts and sample labels of a layout."""
    samples: list[str] = []
    for part in spec.parts:
        for name in dict.fromkeys((part.buildings[0], part.buildings[-1])):
            for unit in dict.fromkeys((min(1, part.units), part.units)):
                labels = [label for _, label, _ in part.doors(unit)]
                door_of = name + (f"{unit}单元" if unit else "")
                samples += [door_of + label for label in dict.fromkeys((labels[0], labels[-1]))]
    return LayoutPreview(spec.buildings, spec.units, spec.doors, spec.shops, tuple(samples))


def parse_layout(text: str) -> LayoutSpec:
    """Read the phrase, in Chinese or English. Raises LayoutNotUnderstood, LayoutIncomplete, LayoutTooLarge, LayoutEmpty or LabelsRepeat."""
    parts: list[LayoutPart] = []
    draft = _Draft()
    for clause in _clauses(text):
        if _BUILDINGS.search(clause) and draft.part.buildings:
            parts.append(draft.finished())
            draft = _Draft(part=replace(draft.part, buildings=()), without_floors=draft.without_floors)
        if not any(read(draft, clause) for read in _READERS):
            raise LayoutNotUnderstood(words=clause, example=EXAMPLE)
    parts.append(draft.finished())
    spec = LayoutSpec(tuple(parts))
    _check(spec)
    return spec


# "buildings 1, 3 and 5": a number goes on a list unless it counts what comes next ("buildings 1-3, 2 floors").
_ENGLISH_LIST = re.compile(
    r"\b(?:buildings|blocks|towers|floors)\s*\d+(?:\s*-\s*\d+)?(?:\s*,\s*\d+(?:\s*-\s*\d+)?(?=\s*(?:$|[,;\n]|and|is|are|has|have|holds?)))+",
    re.IGNORECASE,
)


def _clauses(text: str) -> list[str]:
    """The phrase cut at commas and the like; a list of buildings ("1、3、5栋") stays whole."""
    plain = numerals.normalised(text)
    plain = re.sub(r"(?<=\d)\s*[、,]\s*(?=\d+(?:\s*[-~至到]\s*\d+)?(?:\s*[、,]\s*\d+)*\s*(?:栋|幢|座|号楼|层|楼))", "+", plain)
    plain = _ENGLISH_LIST.sub(lambda found: re.sub(r"\s*,\s*", "+", found[0]), plain)
    plain = re.sub(r"\band (?=the room|no |without |ground)", ",", plain)
    pieces = (piece.strip().rstrip(".") for piece in re.split(r"[,;。、\n]+", plain))
    return [piece for piece in pieces if piece]


_SPAN = r"(\d+(?:\s*(?:-|~|至|到|to|through)\s*\d+)?(?:\s*(?:\+|和|and)\s*\d+(?:\s*(?:-|~|至|到|to|through)\s*\d+)?)*)"
_SUFFIX = r"(?:号?(栋|幢|座|楼))"
_BUILDINGS = re.compile(
    rf"^(?:(?:buildings?|blocks?|towers?)\s*{_SPAN}|{_SPAN}\s*{_SUFFIX}|([A-Z])\s*(?:-|~|至|到|to)\s*([A-Z])\s*(栋|幢|座))$", re.IGNORECASE
)
_UNITS = re.compile(
    r"^(?:each\s*)?(?:每[栋幢座楼])?(?:有|各)?(\d+)\s*(?:个)?(?:单元|units?|entrances?|stairwells?)(?:\s*(?:each|a building|per building))?$",
    re.IGNORECASE,
)
_NO_UNITS = re.compile(r"^(?:不分单元|没有单元|无单元|no units|without units)$", re.IGNORECASE)
_FLOORS = re.compile(r"^(?:共|各)?(\d+)\s*(?:层|storeys?|floors?|stories)(?:\s*(?:high|each))?$", re.IGNORECASE)
_FLOOR_SPAN = re.compile(r"^(?:(\d+)\s*(?:-|~|至|到)\s*(\d+)\s*层|floors?\s*(\d+)\s*(?:-|to)\s*(\d+))$", re.IGNORECASE)
_DOORS = re.compile(
    r"^(?:[1每](?:层|梯)(\d+)\s*(?:户|门|家|室|房)|(\d+)\s*(?:doors?|flats?|homes?|apartments?|households?|rooms?)\s*(?:a|per|each|on each|on every|/)\s*(?:floor|landing))$",
    re.IGNORECASE,
)
_SKIP = re.compile(
    rf"^(?:(?:没有|无|不设|缺|除|去掉|跳过)(?:第)?{_SPAN}\s*(层|楼|号?[栋幢座]|号楼)|(?:no|without|skip|skipping|except|not)\s*(floors?|buildings?)\s*{_SPAN})$",
    re.IGNORECASE,
)
_SHOPS = re.compile(
    rf"^(?:(?:{_SPAN}\s*层|(底层|首层))(?:为|是|都是)?(?:商铺|门市|底商|店铺|门面)|(?:floors?\s*{_SPAN}|(ground floor)|floor\s*(?:1))\s*(?:is|are|has|holds)?\s*shops?)$",
    re.IGNORECASE,
)
_ROOMS = re.compile(
    r"^(?:房号|室号|门牌|门号|房间号|the rooms?(?: number)?(?: is| are)?|rooms?(?: number)?(?: is| are)?|room numbers?(?: is| are)?|numbering(?: is)?)"
    r"\s*(?:为|是|用|按|:)?\s*(?:(单元号?加?|单元号和|unit,? (?:and )?)?(?:楼?层号?|floor(?: number)?)\s*(?:加|和|\+|,|and|plus)*\s*(\d)\s*(?:位|digits?)(?:数|序号)?|(顺序编号|顺序号|从1起|连续编号|counted(?: on)?|running|consecutive))$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Draft:
    """What the clauses read so far say about the buildings at hand."""

    part: LayoutPart = LayoutPart()
    without_floors: tuple[int, ...] = ()
    without_buildings: tuple[int, ...] = ()

    def finished(self) -> LayoutPart:
        part = self.part
        if not part.buildings:
            raise LayoutIncomplete(what="which buildings", example=EXAMPLE)
        if not part.floors:
            raise LayoutIncomplete(what="how many floors", example=EXAMPLE)
        if not part.doors_a_floor:
            raise LayoutIncomplete(what="how many doors a floor", example=EXAMPLE)
        left_out = set(self.without_buildings)
        return replace(
            part,
            floors=tuple(floor for floor in part.floors if floor not in self.without_floors),
            buildings=tuple(name for name in part.buildings if numerals.number_in(name) not in left_out),
        )


def _span(words: str) -> tuple[int, ...]:
    """The numbers of a span: 1-3+5 is 1, 2, 3, 5; one that runs backwards is turned round."""
    numbers: list[int] = []
    for piece in re.split(r"\s*(?:\+|和|and)\s*", words):
        ends = [int(end) for end in re.findall(r"\d+", piece)]
        numbers += range(min(ends), min(max(ends), min(ends) + MOST_DOORS) + 1)
    return tuple(dict.fromkeys(numbers))


def _read_buildings(draft: _Draft, clause: str) -> bool:
    if not (found := _BUILDINGS.match(clause)):
        return False
    english, chinese, suffix, first, last, letter_suffix = found.groups()
    if first:
        letters = sorted((first.upper(), last.upper()))
        names = tuple(f"{chr(letter)}{letter_suffix}" for letter in range(ord(letters[0]), ord(letters[1]) + 1))
    else:
        word = {"楼": "号楼", None: "栋"}.get(suffix, suffix)
        names = tuple(f"{number}{word}" for number in _span(english or chinese))
    draft.part = replace(draft.part, buildings=names)
    return True


def _read_units(draft: _Draft, clause: str) -> bool:
    if _NO_UNITS.match(clause):
        draft.part = replace(draft.part, units=0)
        return True
    if not (found := _UNITS.match(clause)):
        return False
    draft.part = replace(draft.part, units=int(found[1]))
    return True


def _read_floors(draft: _Draft, clause: str) -> bool:
    if found := _FLOOR_SPAN.match(clause):
        ends = sorted(int(end) for end in found.groups() if end)
    elif found := _FLOORS.match(clause):
        ends = [1, int(found[1])]
    else:
        return False
    draft.part = replace(draft.part, floors=tuple(range(ends[0], min(ends[1], MOST_DOORS) + 1)))
    return True


def _read_doors(draft: _Draft, clause: str) -> bool:
    if not (found := _DOORS.match(clause)):
        return False
    draft.part = replace(draft.part, doors_a_floor=int(next(number for number in found.groups() if number)))
    return True


def _read_skip(draft: _Draft, clause: str) -> bool:
    if not (found := _SKIP.match(clause)):
        return False
    chinese, what, english_what, english = found.groups()
    numbers = _span(chinese or english)
    if (english_what or "").lower().startswith("building") or (what and what not in {"层", "楼"}):
        draft.without_buildings += numbers
    else:
        draft.without_floors += numbers
    return True


def _read_shops(draft: _Draft, clause: str) -> bool:
    if not (found := _SHOPS.match(clause)):
        return False
    span = found[1] or found[3]
    draft.part = replace(draft.part, shop_floors=_span(span) if span else (1,))
    return True


def _read_rooms(draft: _Draft, clause: str) -> bool:
    if not (found := _ROOMS.match(clause)):
        return False
    unit, digits, counted = found.groups()
    draft.part = replace(draft.part, numbering=Numbering(counted_on=True) if counted else Numbering(int(digits), with_unit=bool(unit)))
    return True


_READERS: tuple[Callable[[_Draft, str], bool], ...] = (
    _read_buildings,
    _read_units,
    _read_skip,
    _read_shops,
    _read_rooms,
    _read_doors,
    _read_floors,
)


def _check(spec: LayoutSpec) -> None:
    """Refuse what cannot be meant."""
    if any(not part.floors or not part.buildings for part in spec.parts):
        raise LayoutEmpty
    if spec.doors > MOST_DOORS:
        raise LayoutTooLarge(doors=spec.doors, most=MOST_DOORS)
    for part in spec.parts:
        seen: set[str] = set()
        for unit in range(1, max(1, part.units) + 1):
            for _, label, _ in part.doors(unit):
                if label in seen:
                    raise LabelsRepeat(label=label, building=part.buildings[0])
                seen.add(label)
            if part.units:
                seen.clear()  # rooms of another unit may repeat: the unit tells them apart
