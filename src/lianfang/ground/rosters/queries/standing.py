"""From the addresses of a roster to doors: each text is read once, only what is certain is taken, what is missing is listed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lianfang.ground.places import queries as places
from lianfang.ground.places.commands import ListedDoor, building_key
from lianfang.ground.places.types import (
    AddressMatch,
    AddressNeedsPlace,
    AddressNothingFits,
    AddressOnlyUpTo,
    Certainty,
    Kind,
    Level,
)
from lianfang.ground.rosters.loading_types import DoorLikely, DoorUnknown, NotADwelling
from lianfang.ground.rosters.rules.spots import house_of
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place
    from lianfang.ground.rosters.types import RosterRow

_AT_ONCE = 4_000
_FEW = 50
_Key = tuple[str, str, str, str]
_Way = tuple[str, str, bool]
"""The words before a building's number, the number, and whether a unit is said."""
_COMPOUND = re.compile(r"([^\d\s,，省市区县镇乡街道路社村]{2,12}(?:小区|花园|家园|公寓|新村|家属院|大院|苑|园|城|庭|府|湾|居))")
_NUMBER = re.compile(r"[0-9A-Za-z]{1,4}")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an address leads: a door with its position; or why not, what it may mean, and the door it misses."""

    door: PlaceId | None
    position: int = 0
    reasons: tuple[Refused, ...] = ()
    alternatives: tuple[PlaceId, ...] = ()
    missing: ListedDoor | None = None
    likely: bool = False


class Stands:
    """The addresses of one roster within its community."""

    def __init__(self, community: Place, *, accept_likely: bool) -> None:
        self._community = community
        self._accept_likely = accept_likely
        self._found: dict[_Key, Stand] = {}
        self._standing: defaultdict[tuple[str, ...], list[Place]] | None = None
        self._plain: places.PlainDoors | None = None
        self._leads: dict[_Way, bool] = {}
        self._by_numbers: dict[_Key, Stand] = {}  # of the rows read last: cheaply found again

    @staticmethod
    def _key(row: RosterRow) -> _Key:
        return row.address, row.building, row.unit, row.room

    def read(self, rows: Iterable[RosterRow]) -> None:
        """Read the addresses of some rows that were not read before."""
        self._by_numbers.clear()
        new = {key: row for row in rows if row.address and (key := self._key(row)) not in self._found}
        while new:
            # Of the doors of a building, written alike, one is read in full; where that leads to the very door, plain numbers lead to the others.
            some = dict(self._not_plain(new) if len(new) > _FEW else islice(new.items(), _AT_ONCE))
            matches = places.parse_addresses([row.address for row in some.values()], self._community, misspelt=len(new) <= _AT_ONCE)
            for (key, row), match in zip(some.items(), matches, strict=True):
                self._found[key] = self._stand(row, match)
                if (plain := self._plainly(row)) is not None:
                    way, door = plain
                    self._leads[way] = match.certainty is Certainty.EXACT and match.place is not None and match.place.place_id == door[0]
            new = {key: row for key, row in new.items() if key not in self._found and key not in self._by_numbers}

    def _not_plain(self, new: Mapping[_Key, RosterRow]) -> Iterator[tuple[_Key, RosterRow]]:
        """Those that have to be read in full now; the others are found by their numbers, or wait for the first of their building."""
        if self._plain is None:
            self._plain = places.PlainDoors(self._community)
        self._plain.fill({row.building for row in new.values()})
        asked: set[_Way] = set()
        for key, row in islice(new.items(), _AT_ONCE):
            plain = self._plainly(row)
            if plain is None:
                yield key, row
                continue
            way, door = plain
            leads = self._leads.get(way)
            if leads:
                self._by_numbers[key] = Stand(*door)
            elif leads is False:
                yield key, row
            elif way not in asked:
                asked.add(way)
                yield key, row

    def _plainly(self, row: RosterRow) -> tuple[_Way, places.PlainDoor] | None:
        """The door that has the row's plain numbers, and the words that should lead to its building."""
        if self._plain is None or not (row.building and row.room):
            return None
        door = self._plain.find(row.building, row.unit, row.room)
        numbers = f"{row.building}栋{row.unit}单元{row.room}室" if row.unit else f"{row.building}栋{row.room}室"
        if door is None or not row.address.endswith(numbers):
            return None
        return (row.address[: -len(numbers)], row.building, bool(row.unit)), door

    @property
    def _buildings(self) -> dict[tuple[str, ...], list[Place]]:
        if self._standing is None:
            self._standing = defaultdict(list)
            for building in places.buildings_of(self._community):
                self._standing[building_key(building.name)].append(building)
        return self._standing

    def of(self, row: RosterRow) -> Stand:
        """Where a row stands; its address was read."""
        key = self._key(row)
        return self._by_numbers.get(key) or self._found[key]

    def _stand(self, row: RosterRow, match: AddressMatch) -> Stand:
        place = match.place
        if match.certainty in (Certainty.EXACT, Certainty.LIKELY) and place is not None:
            door = place if place.at_level is Level.DOOR else _only_door(place)
            if door is None:
                return Stand(None, reasons=(NotADwelling(name=place.name),))
            if match.certainty is Certainty.EXACT or self._accept_likely:
                return Stand(door.place_id, door.lo)
            return Stand(None, reasons=(DoorLikely(), match.why), alternatives=(door.place_id,), likely=True)
        alternatives = tuple(one.place_id for one in match.alternatives if one.at_level is Level.DOOR)
        missing = self._missing(row, match)
        if missing is not None:
            return Stand(
                None, reasons=(DoorUnknown(door=" ".join(filter(None, (missing.building, missing.unit, missing.room)))),), missing=missing
            )
        return Stand(None, reasons=(match.why,), alternatives=alternatives)

    def _missing(self, row: RosterRow, match: AddressMatch) -> ListedDoor | None:
        """The door that the row names and the tree lacks, where the row says building and room plainly."""
        if not isinstance(match.why, AddressOnlyUpTo | AddressNothingFits | AddressNeedsPlace):
            return None
        if not row.building and (match.place is None or match.place.at_level.is_division):
            house = house_of(row.address, in_village=self._community.of_kind is Kind.VILLAGE and not match.alternatives)
            return ListedDoor("", house, "", "") if house and not self._buildings.get(building_key(house)) else None
        if not (row.building and row.room):
            return None
        building, unit, place = _named(row.building, "栋"), _named(row.unit, "单元"), match.place
        standing = self._buildings.get(building_key(building), [])
        if not standing:
            found = _COMPOUND.search(row.address)
            return ListedDoor(found[1] if found else "", building, unit, row.room)
        here = next((one for one in standing if place is not None and one.lo <= place.lo < one.hi), None)
        if here is None or match.alternatives or (place is not None and place.at_level is Level.DOOR):
            return None
        return ListedDoor("", here.name, unit, row.room) if len(standing) == 1 else None


def _only_door(place: Place) -> Place | None:
    """The door of a lone house."""
    if place.of_kind is not Kind.HOUSE:
        return None
    doors = places.doors_of(place)
    return doors[0] if len(doors) == 1 else None


def _named(text: str, word: str) -> str:
    """A building or unit as it is called: a bare number gets its word."""
    return f"{text}{word}" if _NUMBER.fullmatch(text) else text


def buildings_named(community: Place, positions: Iterable[int]) -> set[int]:
    """The first positions of the buildings in which some doors lie."""
    spans: Sequence[tuple[int, int]] = sorted((one.lo, one.hi) for one in places.buildings_of(community))
    wanted, found, at = sorted(set(positions)), set(), 0
    for lo, hi in spans:
        while at < len(wanted) and wanted[at] < lo:
            at += 1
        if at < len(wanted) and wanted[at] < hi:
            found.add(lo)
    return found
