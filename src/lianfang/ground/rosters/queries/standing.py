"""From the addresses of a roster to doors: each text is read once, only what is certain is taken, what is missing is listed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place
    from lianfang.ground.rosters.types import RosterRow

_AT_ONCE = 4_000
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
        self._found: dict[tuple[str, str, str, str], Stand] = {}
        self._buildings: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
        for building in places.buildings_of(community):
            self._buildings[building_key(building.name)].append(building)

    @staticmethod
    def _key(row: RosterRow) -> tuple[str, str, str, str]:
        return row.address, row.building, row.unit, row.room

    def read(self, rows: Iterable[RosterRow]) -> None:
        """Read the addresses of some rows that were not read before."""
        new = {self._key(row): row for row in rows if row.address and self._key(row) not in self._found}
        rest = iter(new.items())
        while some := list(islice(rest, _AT_ONCE)):
            matches = places.parse_addresses([row.address for _, row in some], self._community, misspelt=len(new) <= _AT_ONCE)
            for (key, row), match in zip(some, matches, strict=True):
                self._found[key] = self._stand(row, match)

    def of(self, row: RosterRow) -> Stand:
        """Where a row stands; its address was read."""
        return self._found[self._key(row)]

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
            return Stand(None, reasons=(DoorUnknown(door=f"{missing.building} {missing.unit} {missing.room}"),), missing=missing)
        return Stand(None, reasons=(match.why,), alternatives=alternatives)

    def _missing(self, row: RosterRow, match: AddressMatch) -> ListedDoor | None:
        """The door that the row names and the tree lacks, where the row says building and room plainly."""
        if not (row.building and row.room) or not isinstance(match.why, AddressOnlyUpTo | AddressNothingFits | AddressNeedsPlace):
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
