"""The doors that the numbers of an address may mean, among the buildings that there are.

Pure: whoever asks loads the buildings, units and doors of a community (or area, or building) first. An answer is either complete, or goes
as far down as it could and names the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from uuid import UUID

from lianfang.ground.places.rules.address_notes import Note, Weight, about, is_road, weight_of
from lianfang.ground.places.rules.address_roles import Designation, Reading, designation, readings, unit_value
from lianfang.ground.places.rules.addresses import Hint, Token, clean, label_key
from lianfang.ground.places.rules.similar import Likeness, bare, likeness
from lianfang.ground.places.types import Kind

SHORT_ROOM = 2  # the 1 of 5楼1号, which is room 501
HINTLESS_ENOUGH = 3  # 3-2-501 is an address by itself, 2-501 may be the rest of one
_LIKE_HOUSES = {Hint.NUMBER}


class Depth(IntEnum):
    """How far down an answer goes."""

    GROUND = 0
    BUILDING = 1
    UNIT = 2
    DOOR = 3


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit of a building."""

    id: UUID
    name: str
    value: str

    @classmethod
    def named(cls, unit_id: UUID, name: str) -> Unit:
        """A unit by its name."""
        return cls(unit_id, name, unit_value(name))


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A door with its label as it is compared."""

    id: UUID
    label: str
    key: str
    floor: int | None
    unit: Unit | None

    @classmethod
    def labelled(cls, door_id: UUID, label: str, floor: int | None, unit: Unit | None) -> Door:
        """A door by its label."""
        return cls(door_id, label, label_key(label), floor, unit)


@dataclass(slots=True)
class Building:
    """A building, house or site with what is inside; `compounds` are the names of those it belongs to."""

    id: UUID
    name: str
    kind: str
    named: Designation
    compounds: tuple[str, ...] = ()
    units: list[Unit] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)

    @classmethod
    def called(cls, building_id: UUID, name: str, kind: str, compounds: tuple[str, ...] = ()) -> Building:
        """An empty building by its name."""
        return cls(building_id, name, kind, designation(name), compounds)

    @property
    def path(self) -> tuple[str, ...]:
        """Its name, with that of its compound before, which tells it from another of the same name."""
        return (*self.compounds[:1], self.name)


@dataclass(frozen=True, slots=True)
class Fit:
    """What the numbers may mean: a place, its path below the ground, and the words that found no place in it."""

    place_id: UUID
    depth: Depth
    path: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    rest: str = ""
    beside: tuple[UUID, ...] = ()  # doors that the rest may mean

    @property
    def weight(self) -> int:
        """How much doubt its notes leave."""
        return weight_of(self.notes)


@dataclass(frozen=True)
class Words:
    """A text with what the names left of it: the numbers, the words before them that belong to no division, the names said."""

    text: str
    tokens: tuple[Token, ...]
    leftover: str = ""
    names: frozenset[str] = frozenset()

    @cached_property
    def readings(self) -> list[Reading]:
        """Every way to read the numbers."""
        return readings(self.tokens)

    @cached_property
    def cuts(self) -> list[Words]:
        """The numbers; then without the first of them where they are an address without it (人民大街123号3栋2单元501)."""
        made, tokens = [self], self.tokens
        for cut in range(1, len(tokens)):
            kept, dropped = tokens[cut:], tokens[cut - 1]
            if dropped.hint not in {Hint.NUMBER, Hint.GROUP, Hint.NONE}:
                break
            if kept[0].hint is Hint.BUILDING or (len(kept) >= HINTLESS_ENOUGH and kept[0].hint is Hint.NONE):
                before = self.text[tokens[0].start : kept[0].start].strip("-")
                made.append(replace(self, tokens=kept, leftover=self.leftover + before))
        return made


class Compound:
    """Buildings among which an address is looked for; `inside` and `unit` when it is known to be inside one."""

    def __init__(self, buildings: Iterable[Building], *, inside: UUID | None = None, unit: UUID | None = None) -> None:
        self.buildings = list(buildings)
        self.inside = inside
        self.unit = unit
        self._by_last: defaultdict[str, list[Building]] = defaultdict(list)
        for building in self.buildings:
            self._by_last[building.named.values[-1] if building.named.values else ""].append(building)

    def meant(self, words: Words) -> set[UUID]:
        """The buildings whose doors have to be known to find what the words mean."""
        return {building.id for cut in words.cuts for reading in cut.readings for building, _ in self._called(reading, cut)}

    def fits(self, words: Words) -> list[Fit]:
        """What the words may mean: several when they may mean several places alike, none when no building is called so."""
        for cut in words.cuts:
            found = [
                fit
                for reading in cut.readings
                for building, notes in self._called(reading, cut)
                for fit in _inside(building, reading, cut, notes, unit=self.unit)
            ]
            if found:
                return best(found)
        return []

    def _called(self, reading: Reading, words: Words) -> Iterator[tuple[Building, tuple[Note, ...]]]:
        """The buildings that a reading may mean, with what had to be understood."""
        if self.inside is not None and not reading.building:
            yield from ((building, about(words.leftover)) for building in self.buildings if building.id == self.inside)
            return
        if not reading.building and not words.leftover:
            if len(self.buildings) == 1:
                # 2-501 may mean a building 2 that nobody laid out yet.
                only, doubtful = self.buildings[0], len(words.tokens) > 1 and words.tokens[0].hint is Hint.NONE
                yield only, (Note(_rest(words, words.tokens[0].start), only.name, Weight.DOUBTFUL) if doubtful else Note("", only.name),)
            return
        for building in self._by_last.get(reading.building[-1] if reading.building else "", ()):
            numbered = _numbered(building, reading, words)
            fronted = _fronted(building, words, needed=not reading.building)
            if numbered is not None and fronted is not None:
                notes, leftover = fronted
                yield building, (*notes, *numbered, *about(leftover))


def _numbered(building: Building, reading: Reading, words: Words) -> tuple[Note, ...] | None:
    """Whether a building has the number that is said: the notes on it, None for another building."""
    mine, said = building.named.values, reading.building
    spoken = words.text[words.tokens[0].start : reading.after_building] if said else ""
    if mine != said:
        if mine[-len(said) :] == said:
            return (Note(spoken, building.name),)
        if said[-len(mine) :] == mine:
            return (Note("".join(said[: -len(mine)]), "", Weight.DOUBTFUL),)
        return None
    if Hint.NONE in {reading.word, building.named.word} or (reading.word in _LIKE_HOUSES) == (building.named.word in _LIKE_HOUSES):
        return ()
    return (Note(spoken, building.name),)


def _fronted(building: Building, words: Words, *, needed: bool) -> tuple[tuple[Note, ...], str] | None:
    """Whether the words before the number are the name that a building has before its own, or that of its compound.

    The notes on it and the words left over; None for another building.
    """
    front = building.named.front
    names = [clean(name) for name in ((front,) if front else building.compounds)]
    said = min((read for name in names if (read := _said(name, words))), key=lambda read: weight_of(read[0]), default=None)
    if said is not None:
        return said
    if not front:
        return ((), words.leftover)
    if not needed and (not words.leftover or is_road(words.leftover)):
        return ((Note("", front),), words.leftover)
    return None


def _said(name: str, words: Words) -> tuple[tuple[Note, ...], str] | None:
    """Whether the words before the number end with a name, or nearly so: the notes, and the words before it."""
    leftover = words.leftover
    for way in (name, bare(name, None).upper()):
        if leftover.endswith(way):
            return ((), leftover.removesuffix(way))
        if way in words.names:
            return ((), leftover)
    for length in (len(name), len(name) - 1, len(name) + 1):
        piece = leftover[-length:]
        like = likeness(piece, name) if len(piece) == length else None
        if like is not None:
            doubt = Weight.DOUBTFUL if like is Likeness.WEAK else Weight.UNDERSTOOD
            return ((Note(piece, name, doubt),), leftover.removesuffix(piece))
    return None


def _inside(building: Building, reading: Reading, words: Words, notes: tuple[Note, ...], *, unit: UUID | None) -> Iterator[Fit]:
    """What a reading means inside a building, as far down as it goes."""
    units = [one for one in building.units if one.id == unit]
    if reading.floor_guessed and reading.unit is None and len(building.units) > 1 and not units:
        return  # of 6-1-101 the middle is the unit, where there are units
    if reading.unit is not None:
        chosen = [one for one in (units if unit else building.units) if one.value == reading.unit]
        if not chosen and not building.units and reading.unit == "1":
            # Where there is but one stairwell, people number it all the same.
            notes = (*notes, Note(words.text[reading.after_building : reading.after_unit].strip("-"), ""))
        elif not chosen:
            yield Fit(building.id, Depth.BUILDING, building.path, notes, _rest(words, reading.after_building))
            return
        units = chosen
    yield from _ending(building, reading, words, notes, units=units)


def _rest(words: Words, start: int) -> str:
    return words.text[start : words.tokens[-1].end].strip("-")


def _ending(building: Building, reading: Reading, words: Words, notes: tuple[Note, ...], *, units: list[Unit]) -> Iterator[Fit]:
    """The building, unit or door at which a reading ends; `units` are those said, none when no unit is said."""
    if reading.room is None and reading.floor is None:
        yield from _without_room(building, reading, notes, units)
        return
    pool = [door for door in building.doors if not units or door.unit in units]
    if reading.room is None:
        there = tuple(door.id for door in pool if door.floor is not None and str(door.floor) == reading.floor)
        yield _short_of_room(building, words, reading, notes, units=units, beside=there)
        return
    found = list(_doors(building, reading, pool, units))
    for door, understood in found:
        path = (*building.path, *((door.unit.name,) if door.unit else ()), door.label)
        yield Fit(door.id, Depth.DOOR, path, (*notes, *understood))
    if not found:
        yield _short_of_room(building, words, reading, notes, units=units)


def _without_room(building: Building, reading: Reading, notes: tuple[Note, ...], units: list[Unit]) -> Iterator[Fit]:
    if reading.unit is not None and units:
        yield from (Fit(one.id, Depth.UNIT, (*building.path, one.name), notes) for one in units)
    elif building.kind == Kind.HOUSE and len(building.doors) == 1:
        # A house has one door, whatever is written on it.
        yield Fit(building.doors[0].id, Depth.DOOR, building.path, notes)
    else:
        yield Fit(building.id, Depth.BUILDING, building.path, notes)


def _short_of_room(
    building: Building, words: Words, reading: Reading, notes: tuple[Note, ...], *, units: list[Unit], beside: tuple[UUID, ...] = ()
) -> Fit:
    if len(units) == 1:
        return Fit(units[0].id, Depth.UNIT, (*building.path, units[0].name), notes, _rest(words, reading.after_unit), beside)
    return Fit(building.id, Depth.BUILDING, building.path, notes, _rest(words, reading.after_building), beside)


def _doors(building: Building, reading: Reading, pool: list[Door], units: list[Unit]) -> Iterator[tuple[Door, tuple[Note, ...]]]:
    """The doors of a building that bear the label, with what had to be understood: the unit, or a number that the label has besides."""
    wanted = set(_labels(reading))
    exact = [door for door in pool if door.key in wanted and _on_floor(door, reading.floor)]
    for door in exact:
        left_out = not units and door.unit is not None and len(building.units) > 1 and not _tells_unit(door)
        yield door, ((Note("", door.unit.name),) if left_out and door.unit else ())
    if exact:
        return
    for door in pool:
        if door.unit is None or not _on_floor(door, reading.floor):
            continue
        if units and door.key in {door.unit.value + label for label in wanted} and (door.floor is None or _tells_unit(door)):
            yield door, (Note(str(reading.room), door.label),)  # 2单元501, where the label is 2501
        elif not units and reading.room == door.unit.value + door.key:
            yield door, (Note(str(reading.room), door.unit.name + door.label),)  # 3-2501, where the label is 501


def _labels(reading: Reading) -> Iterator[str]:
    """The labels that a room may bear as it is said: 501; 5楼1号; 501-1."""
    room = str(reading.room)
    rooms = [room]
    if reading.addition is not None:
        rooms = [f"{room}-{reading.addition}", f"{room}{reading.addition}"]
    yield from rooms
    if reading.floor is not None and reading.floor.startswith("-"):
        yield from (f"-{one}" for one in rooms)
    if reading.floor is not None and len(room) <= SHORT_ROOM:
        for one in rooms:
            yield reading.floor + one
            yield reading.floor + one.zfill(SHORT_ROOM)


def _on_floor(door: Door, floor: str | None) -> bool:
    if floor is None:
        return True
    return str(door.floor) == floor if door.floor is not None else door.key.startswith(floor)


def _tells_unit(door: Door) -> bool:
    """Whether the label names the unit itself: 2501 on the fifth floor of unit 2."""
    return door.unit is not None and door.floor is not None and door.key.startswith(f"{door.unit.value}{door.floor}")


def best(fits: Sequence[Fit]) -> list[Fit]:
    """The fits that are as good as any: without doubt, then complete, then deep ones before others; each place once."""

    def rank(fit: Fit) -> tuple[bool, bool, int, int]:
        return (fit.weight >= Weight.DOUBTFUL, bool(fit.rest), -fit.depth if fit.rest else 0, fit.weight)

    first = min(rank(fit) for fit in fits)
    chosen: dict[UUID, Fit] = {}
    for fit in sorted((fit for fit in fits if rank(fit) == first), key=lambda fit: len(fit.notes)):
        chosen.setdefault(fit.place_id, fit)
    return list(chosen.values())
