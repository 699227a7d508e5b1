"""The doors of a community by plain numbers, for lists of tens of thousands: what the reading of addresses answers, without reading each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from lianfang.ground.places.queries.standing import buildings_of
from lianfang.ground.places.rules.address_roles import designation, unit_value
from lianfang.ground.places.rules.addresses import label_key
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

PlainDoor = tuple[PlaceId, int]
"""A door and its position."""

_PLAIN = re.compile(r"[1-9][0-9]{1,4}")
_DOORS = """
select d.id, d.lo, d.name, '', d.parent_id, exists (select from places_place u where u.parent_id = d.parent_id and u.level = 'unit' and u.valid_to is null)
from places_place d where d.parent_id = any(%(buildings)s) and d.level = 'door' and d.valid_to is null
union all
select d.id, d.lo, d.name, u.name, u.parent_id, false
from places_place u join places_place d on d.parent_id = u.id and d.level = 'door' and d.valid_to is null
where u.parent_id = any(%(buildings)s) and u.level = 'unit' and u.valid_to is null
"""


class PlainDoors:
    """Doors by the numbers of building, unit and room, where only one door can be meant.

    Left out are buildings whose number stands more than once in the community, doors beside units, and labels that stand twice in a
    unit: an address that means one of these has to be read. Whether the words before the numbers lead to the building is not known here.
    """

    def __init__(self, community: Place) -> None:
        numbered: defaultdict[str, list[UUID]] = defaultdict(list)
        for building in buildings_of(community):
            values = designation(building.name).values
            numbered[values[-1] if values else ""].append(building.id)
        self._buildings = {number: there[0] for number, there in numbered.items() if len(there) == 1}
        self._doors: dict[tuple[str, str, str], PlainDoor | None] = {}
        self._filled: set[str] = set()

    def fill(self, numbers: Collection[str]) -> None:
        """Read the doors of the buildings with some numbers, in one query."""
        wanted = {self._buildings[number]: number for number in numbers if number in self._buildings and number not in self._filled}
        if not wanted:
            return
        self._filled |= set(wanted.values())
        units: dict[str, str] = {}
        with connection.cursor() as cursor:
            cursor.execute(_DOORS, {"buildings": list(wanted)})
            for door, position, label, unit, building, beside_units in cursor.fetchall():
                if beside_units:
                    continue
                value = units.get(unit)
                if value is None:
                    value = units[unit] = unit_value(unit) if unit else ""
                key = (wanted[building], value, label if _PLAIN.fullmatch(label) else label_key(label))
                self._doors[key] = None if key in self._doors else (PlaceId(door), position)

    def find(self, building: str, unit: str, room: str) -> PlainDoor | None:
        """The one door with these numbers, without leading zeros; its building was filled."""
        return self._doors.get((building, unit, room))
