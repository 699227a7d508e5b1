"""The building map: doors by unit and floor, as a real table.

A column is the part of a label after the floor ("01" of "1801"), or the door's turn on its floor where labels are
of another kind. Above 24 floors a unit folds into an upper and a lower half side by side and cells shrink to the
sign. Doors without a floor (houses, sheds, beds) stand in a grid of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from lianfang.doors.desk.words import CLOSED_STATES, SIGNS, Sign, sign

TALL = 24
BAND = 10


@dataclass(frozen=True, slots=True)
class Door:
    """What the map needs of a door. `outside`: it does not belong to the round that is shown, and counts nowhere."""

    id: UUID
    label: str
    unit: str
    floor: int | None
    ordinal: int
    kind: str = "dwelling"
    state: str = "none"
    tries: int = 0
    row: int = 0
    column: int = 0
    told: str = ""
    outside: bool = False

    @property
    def said(self) -> str:
        """How it stands in a word: what is told of it, or the name of its sign."""
        return self.told or str(self.sign.name)

    @property
    def sign(self) -> Sign:
        """Character, name and class of the state."""
        return sign(self.state)


@dataclass(frozen=True, slots=True)
class Wing:
    """A unit, or one half of a folded one: its name, note and columns."""

    name: str
    note: str
    columns: tuple[str, ...]
    low: int
    high: int
    still_open: int
    doors: int
    first: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line: for each wing the floor and its cells (None where there is no door)."""

    floors: tuple[tuple[int | None, tuple[Door | None, ...]], ...]
    band: bool


@dataclass(frozen=True, slots=True)
class Map:
    """The whole building."""

    wings: Sequence[Wing]
    rows: Sequence[Row]
    houses: Sequence[Door]
    mini: bool
    folded: bool
    floors: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def doors(self) -> int:
        """All doors."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Doors whose last outcome settles them."""
        return sum(self.counts.get(state, 0) for state in CLOSED_STATES)

    @property
    def still_open(self) -> int:
        """Doors that still wait for an outcome."""
        return self.doors - self.settled

    @property
    def open_legend(self) -> list[tuple[Sign, int]]:
        """Open states with their counts."""
        return [(SIGNS[state], self.counts.get(state, 0)) for state in SIGNS if not SIGNS[state].closes]

    @property
    def closed_legend(self) -> list[tuple[Sign, int]]:
        """Settling states with their counts."""
        return [(SIGNS[state], self.counts.get(state, 0)) for state in SIGNS if SIGNS[state].closes]


def _column(door: Door, turn: int) -> str:
    prefix = str(door.floor)
    rest = door.label.removeprefix(prefix)
    return rest if door.label.startswith(prefix) and rest else f"{turn:02d}"


def _cells(doors: Sequence[Door]) -> tuple[tuple[str, ...], dict[int, dict[str, Door]]]:
    """The columns of a unit and its doors by floor and column."""
    floors: dict[int, list[Door]] = defaultdict(list)
    for door in doors:
        if door.floor is not None:
            floors[door.floor].append(door)
    placed: dict[int, dict[str, Door]] = {}
    for floor, there in floors.items():
        named = {_column(door, turn): door for turn, door in enumerate(there, 1)}
        if len(named) < len(there):  # two labels end alike: fall back to their turn
            named = {f"{turn:02d}": door for turn, door in enumerate(there, 1)}
        placed[floor] = named
    return tuple(sorted({column for there in placed.values() for column in there})), placed


def _wings(units: dict[str, list[Door]], notes: dict[str, str], *, folded: bool) -> list[tuple[Wing, dict[int, dict[str, Door]]]]:
    found = []
    for name, doors in units.items():
        columns, placed = _cells(doors)
        if not placed:
            continue
        inside = [door for door in doors if not door.outside]
        still_open = sum(not door.sign.closes for door in inside)
        levels = sorted(placed)
        middle = levels[(len(levels) - 1) // 2]
        whole = Wing(name, notes.get(name, ""), columns, levels[0], levels[-1], still_open, len(inside))
        if folded and len(levels) > TALL:
            found.append((replace(whole, low=levels[(len(levels) - 1) // 2 + 1]), {f: c for f, c in placed.items() if f > middle}))
            found.append((replace(whole, high=middle, first=False), {f: c for f, c in placed.items() if f <= middle}))
        else:
            found.append((whole, placed))
    return found


def building_map(doors: Sequence[Door], *, notes: dict[str, str] | None = None, fold: bool = True) -> Map:
    """The map of a building from its doors in walking order; `notes` are lines beside the units' names."""
    units: dict[str, list[Door]] = defaultdict(list)
    for door in doors:
        units[door.unit].append(door)
    levels = {door.floor for door in doors if door.floor is not None}
    tall = len(levels) > TALL
    wings = _wings(units, notes or {}, folded=tall and fold)
    ladders = [sorted(placed, reverse=True) for _, placed in wings]
    if not (tall and fold):
        every = sorted({floor for ladder in ladders for floor in ladder}, reverse=True)
        ladders = [every for _ in wings]
    rows = [_row(number, wings, ladders) for number in range(max((len(ladder) for ladder in ladders), default=0))]
    counts: dict[str, int] = defaultdict(int)
    for door in doors:
        if not door.outside:
            counts[door.sign.state] += 1
    houses = [replace(door, row=len(rows) + turn // 6, column=turn % 6) for turn, door in enumerate(d for d in doors if d.floor is None)]
    return Map([wing for wing, _ in wings], rows, houses, tall, tall and fold, len(levels), dict(counts))


def _row(number: int, wings: Sequence[tuple[Wing, dict[int, dict[str, Door]]]], ladders: Sequence[Sequence[int]]) -> Row:
    floors: list[tuple[int | None, tuple[Door | None, ...]]] = []
    at = 0
    for (wing, placed), ladder in zip(wings, ladders, strict=True):
        floor = ladder[number] if number < len(ladder) else None
        there = placed.get(floor, {}) if floor is not None else {}
        found = [there.get(column) for column in wing.columns]
        floors.append((floor, tuple(door and replace(door, row=number, column=at + turn) for turn, door in enumerate(found))))
        at += len(wing.columns)
    levels = [floor for floor, _ in floors if floor is not None]
    return Row(tuple(floors), band=bool(levels) and number > 0 and levels[0] % BAND == 0)


def next_door(doors: Sequence[Door], after: UUID) -> Door | None:
    """The door to go to after this one: the next still open in walking order, from the start again at the end."""
    order = [door.id for door in doors]
    start = order.index(after) + 1 if after in order else 0
    return next((door for door in (*doors[start:], *doors[:start]) if not door.sign.closes and not door.outside and door.id != after), None)
