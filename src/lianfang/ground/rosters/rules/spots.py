"""The door of a row: its address put together from one column or many, and its building, unit and room where they are plain."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from lianfang.ground.rosters.types import PLACE_COLUMNS, Column
from lianfang.kernel.sheets import Cell

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑−﹣ー﹘─━~～", "-"))
_WHOLE = re.compile(r"[0-9A-Z]{1,4}", re.ASCII)
_BUILDING = re.compile(r"(?P<number>[0-9A-Z]{1,4})(?:号楼|号栋|栋楼?|幢|座|#楼?|号|楼)?")
_UNIT = re.compile(r"(?P<number>[0-9A-Z]{1,2}|[一二三四五六七八九])(?:单元|门洞?|梯|#|号)?门?")
_ROOM = re.compile(r"(?P<number>[0-9A-Z]{1,5})(?:室|号|户|房|号房)?")
_SIGNED = r"(?:号楼|号栋|栋楼?|幢|座|#楼?|楼)"
_TAIL = re.compile(
    rf"(?P<names>.*?)(?P<building>[0-9]{{1,3}}|[A-Z][0-9]?)(?:{_SIGNED}-?(?:(?P<unit>[0-9]{{1,2}}|[一二三四五六七八九])(?:单元门?|门洞?|-))?-?(?:[0-9]{{1,2}}[层楼]-?)?"
    r"|-(?P<unit2>[0-9]{1,2})(?:单元)?-|-)(?P<room>[0-9]{2,4}[A-Z]?)(?:室|号房?|户|房)?"
)
_UNIT_ROOM = re.compile(r"(?P<unit>[0-9]{1,2})(?:单元-?|-)(?P<room>[0-9]{2,4}[A-Z]?)(?:室|号|户)?")
_CHINESE = {digit: str(number) for number, digit in enumerate("一二三四五六七八九", start=1)}
_NAMES = tuple(
    at
    for at, column in enumerate(PLACE_COLUMNS)
    if column not in {Column.GRID, Column.GROUP, Column.BUILDING, Column.UNIT, Column.FLOOR, Column.ROOM, Column.ADDRESS}
)
_AT_GROUP, _AT_ADDRESS, _AT_BUILDING, _AT_UNIT, _AT_ROOM = map(
    PLACE_COLUMNS.index, (Column.GROUP, Column.ADDRESS, Column.BUILDING, Column.UNIT, Column.ROOM)
)
_HOUSE = re.compile(r"(?P<number>[0-9]{1,4})(?:号院?|户|门)?")
_OF_A_HOUSE = re.compile(
    r"(?:.*(?:[省市区县镇乡道]|村(?!民)))?(?P<group>第?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:村民小组|村民组|小组|组|社|队|屯)|[一-鿿]{1,6}(?:屯|组))?-?(?P<number>[0-9]{1,4})号?院?(?:号|户|门)?"
)


class Spot(NamedTuple):
    """A door as a row says it: the whole for the address parser, and the plain parts of it (empty where they are not plain)."""

    address: str
    building: str = ""
    unit: str = ""
    room: str = ""


NOWHERE = Spot("")


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Half-width, capital, one kind of dash, no spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).upper())


def as_typed(cell: Cell) -> str:
    """What was typed where Excel made a day of it: 3-2 became the 2nd of March."""
    return f"{cell.month}-{cell.day}" if isinstance(cell, date) else ""


@lru_cache(maxsize=1 << 16)
def spot(parts: tuple[str, ...], sheet_building: str = "", within: tuple[str, str] = ("", "")) -> Spot:
    """The door that these texts mean, one for each of PLACE_COLUMNS; `within` are building and unit of a line above (3栋1单元)."""
    said_building, said_unit, said_room = parts[_AT_BUILDING], parts[_AT_UNIT], parts[_AT_ROOM]
    building, unit, room = _number(_BUILDING, said_building), _number(_UNIT, said_unit), _number(_ROOM, said_room)
    rest = plain(parts[_AT_ADDRESS])
    written_room = plain(said_room)
    if not room and written_room:
        rest, room = (rest + "-" if rest and rest[-1].isdigit() else rest) + written_room, ""
    names = "".join(plain(parts[at]) for at in _NAMES)
    if group := plain(parts[_AT_GROUP]):
        names += f"{group}组" if _WHOLE.fullmatch(group) else group
        if not building and not said_building and not said_unit and (number := _number(_HOUSE, rest or room)):
            return Spot(f"{names}{number}号")
    above = within[0] or sheet_building
    if not building and above and _UNIT_ROOM.fullmatch(rest):
        building = above  # 2-501 on the sheet of building 3 names a unit
    found = _read(rest, building or plain(said_building), unit or plain(said_unit), room)
    if found.building or not above:
        return found._replace(address=_joined(names, found))
    found = _read(rest, above, unit or within[1], room)
    if found.room or not rest:
        return found._replace(address=_joined(names, found))
    return found._replace(address=f"{names}{_joined('', Spot('', above, found.unit))}{rest}")


@lru_cache(maxsize=1 << 14)
def _number(pattern: re.Pattern[str], text: str) -> str:
    """The number of a cell of its own: 3, 03, 3栋, 三单元; empty for anything else."""
    written = plain(text)
    found = pattern.fullmatch(written) if written else None
    if found is None:
        return ""
    number = _CHINESE.get(found["number"], found["number"])
    return re.sub(r"^0+(?=[0-9])", "", number)


def _read(rest: str, building: str, unit: str, room: str) -> Spot:
    """The parts, with what the text of the address adds to them; `address` keeps the names before them."""
    if building and not room and (found := _UNIT_ROOM.fullmatch(rest)):
        return Spot("", building, unit or found["unit"], found["room"])
    if building and room:
        return Spot(rest, building, unit, room)
    if not building and (found := _TAIL.fullmatch(rest)) and not _swallowed(found):
        inner = found["unit"] or found["unit2"] or unit
        return Spot(found["names"], found["building"].lstrip("0") or "0", _CHINESE.get(inner, inner), room or found["room"])
    if not building and not room and (found := _UNIT_ROOM.fullmatch(rest)):
        return Spot("", "", unit or found["unit"], found["room"])
    if building and not room and _WHOLE.fullmatch(rest):
        return Spot("", building, unit, rest)
    return Spot(rest, building, unit, room)


def _swallowed(found: re.Match[str]) -> bool:
    """Whether the number of the building is the end of a longer one: 1203-501 has no building 3."""
    names = found["names"]
    return bool(names) and ((names[-1].isascii() and names[-1].isalnum()) or names.endswith("-"))


def _joined(names: str, found: Spot) -> str:
    building = f"{found.building}栋" if _WHOLE.fullmatch(found.building) else found.building
    unit = f"{found.unit}单元" if _WHOLE.fullmatch(found.unit) else found.unit
    room = f"{found.room}室" if _WHOLE.fullmatch(found.room) else found.room
    before = found.address
    if names and before.startswith(names):
        names = ""
    return f"{names}{before}{building}{unit}{room}"


def house_of(address: str, *, in_village: bool) -> str:
    """The house of a village that an address names, as it is called: 3组12号; empty for any other address.

    In a village a number alone is one too; elsewhere only one of a group.
    """
    found = _OF_A_HOUSE.fullmatch(plain(address))
    if found is None or not (found["group"] or in_village):
        return ""
    return f"{found['group'] or ''}{found['number'].lstrip('0') or '0'}号"
