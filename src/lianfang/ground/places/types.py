"""What may cross the border of places: levels, kinds, frozen answers, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang.kernel.errors import Conflict, NotFound, Refused
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from lianfang.ground.places.models import Area, Place


class Level(StrEnum):
    """How deep a place lies. The first five are official divisions (区划)."""

    PROVINCE = "province"  # 省
    CITY = "city"  # 市
    COUNTY = "county"  # 区县
    STREET = "street"  # 街道、乡镇
    COMMUNITY = "community"  # 社区、村
    BUILDING = "building"  # 楼栋、房屋、场所
    UNIT = "unit"  # 单元
    DOOR = "door"  # 门

    @property
    def depth(self) -> int:
        """0 for a province, 7 for a door."""
        return DEPTHS[self]

    @property
    def is_division(self) -> bool:
        """Whether places of this level stand in the official lists."""
        return self.depth <= DEPTHS[Level.COMMUNITY]


DEPTHS = {level: depth for depth, level in enumerate(Level)}
DIVISIONS = tuple(level for level in Level if DEPTHS[level] <= DEPTHS[Level.COMMUNITY])
BELOW_COMMUNITY = (Level.BUILDING, Level.UNIT, Level.DOOR)


class Kind(StrEnum):
    """What a place is at its level."""

    DIVISION = "division"  # province to street
    COMMUNITY = "community"  # 社区（居民委员会）
    VILLAGE = "village"  # 村（村民委员会）
    VIRTUAL = "virtual"  # 虚拟社区、虚拟生活区: a code of statistics without a committee
    BUILDING = "building"  # 楼栋
    HOUSE = "house"  # 独院、平房
    SITE = "site"  # 场所: building site, market, station
    NO_FIXED = "no_fixed"  # 无固定住处
    UNIT = "unit"  # 单元
    DWELLING = "dwelling"  # 住宅
    SHOP = "shop"  # 商铺
    OFFICE = "office"  # 办公
    BED = "bed"  # 床位、铺位: people without a fixed dwelling


KINDS_AT: dict[Level, tuple[Kind, ...]] = {
    Level.PROVINCE: (Kind.DIVISION,),
    Level.CITY: (Kind.DIVISION,),
    Level.COUNTY: (Kind.DIVISION,),
    Level.STREET: (Kind.DIVISION,),
    Level.COMMUNITY: (Kind.COMMUNITY, Kind.VILLAGE, Kind.VIRTUAL),
    Level.BUILDING: (Kind.BUILDING, Kind.HOUSE, Kind.SITE, Kind.NO_FIXED),
    Level.UNIT: (Kind.UNIT,),
    Level.DOOR: (Kind.DWELLING, Kind.SHOP, Kind.OFFICE, Kind.BED),
}


class AreaKind(StrEnum):
    """What an area is for."""

    GRID = "grid"  # 网格
    COMPOUND = "compound"  # 小区
    TEN_HOUSEHOLDS = "ten_households"  # 十户联防
    RESPONSIBILITY = "responsibility"  # 责任区
    RISK_ZONE = "risk_zone"  # 风险区
    SEALED = "sealed"  # 封控单元
    COMMAND = "command"  # 指挥区: one that statistics do not know
    OTHER = "other"


class Certainty(StrEnum):
    """How sure the reading of an address is."""

    EXACT = "exact"  # every word was found as written, and one place fits
    LIKELY = "likely"  # one place fits, but something was misspelt, left out or had to be understood
    UNSURE = "unsure"  # several places fit, or only part of the address was understood: a person decides
    NONE = "none"  # nothing was understood


class Basis(StrEnum):
    """What a distance rests on: two points, or the deepest place that holds both."""

    POINTS = "points"
    SAME_PLACE = "same_place"
    SAME_BUILDING = "same_building"
    SAME_COMMUNITY = "same_community"
    SAME_STREET = "same_street"
    SAME_COUNTY = "same_county"
    SAME_CITY = "same_city"
    SAME_PROVINCE = "same_province"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class PlaceState:
    """What a place was called and where it stood in a period; `until` is the first day it no longer held, None for today."""

    name: str
    code: str | None
    parent_id: PlaceId | None
    lo: int
    hi: int
    since: date
    until: date | None

    @property
    def range(self) -> Range:
        """The positions inside the place in that period."""
        return Range(self.lo, self.hi)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of the search: the place or area, its path from the top, and what of it fitted the words."""

    place: Place | None
    area: Area | None
    path: tuple[str, ...]
    matched: str
    why: str  # code name alias former stem pinyin initials inside similar


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """What an address was understood to mean. `why` is a refusal-like reason (template and facts), never raised."""

    place: Place | None
    certainty: Certainty
    why: Refused
    alternatives: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Doors, and those of them that are dwellings (户 by door), in force today."""

    doors: int
    dwellings: int


@dataclass(slots=True)
class LoadReport:
    """What a list of divisions changed, for one date. `doubts` are renamings that may be reuses of a code: a person looks."""

    on: date
    files: tuple[str, ...]
    rows: int = 0
    already_loaded: bool = False
    date_assumed: bool = False
    added: int = 0
    unchanged: int = 0
    renamed: int = 0
    recoded: int = 0
    moved: int = 0
    carried: int = 0  # got a new position because the place above moved
    ended: int = 0
    reused: int = 0  # codes that went to another place, by the table kept by hand
    earlier: int = 0  # places now known from an earlier day
    partial: tuple[str, ...] = ()  # codes of places whose children the list names only in part
    doubts: list[tuple[str, str, str]] = field(default_factory=list)  # code, old name, new name


# --- refusals ---------------------------------------------------------------------------------------------------------


class PlaceNotFound(NotFound):
    """There is no place “{text}”, or it lies outside what you answer for."""


class CodeEnded(NotFound):
    """The code {code} belonged to {name} until {until}. Name a day with --on to see it."""


class NotYetKnown(NotFound):
    """{name} is known only from {since} on."""


class Ambiguous(Refused):
    """“{text}” may mean several places: {choices}. Say which one, by its code or position."""


class ListNotReadable(Refused):
    """{file} cannot be read: {what}."""


class UnknownList(Refused):
    """{file} is not a list of divisions. It needs the columns code12, name, street_code, street, county_code, county, or code12, level, name, parent_code12."""


class BrokenRow(Refused):
    """Line {line} of {file} cannot be read: {what}."""


class ListWithoutParent(Refused):
    """The list names {code} {name}, but neither the list nor the divisions loaded before name the place above it. Load the national list first."""


class LaterBuildings(Refused):
    """{name} has had buildings since {since}, and this list of {on} would move it in between. Load lists in the order of their dates."""


class NoRoom(Refused):
    """{name} has no free numbers left for this. Split it into two communities, or lay out less."""


class NameTaken(Conflict):
    """{parent} already has “{name}”."""


class CodeTaken(Conflict):
    """The code {code} belongs to {name}."""


class BadCode(Refused):
    """“{code}” is not a code of a {level}: it needs 12 digits, the first of them those of {parent}."""


class WrongLevel(Refused):
    """{name} is a {level}; this needs a {needed}."""


class WrongKind(Refused):
    """A {level} cannot be a {kind}."""


class AlreadyEnded(Refused):
    """{name} ended on {ended}."""


class NotAhead(Refused):
    """{on} lies ahead. Changes of places are made on the day they hold."""


class TooEarly(Refused):
    """{name} is as it is since {since}; a change cannot hold before that day."""


class StillInside(Refused):
    """{count} places are still inside {name}. End or move them first, or name the place that takes them over."""


class InsideItself(Refused):
    """{name} cannot be moved into itself, or to where it already is."""


class NotADoorOf(Refused):
    """{label} is not a door of {building}."""


class NotOneHousehold(Refused):
    """Doors of different units cannot become one: {labels}."""


class PointOutside(Refused):
    """{longitude}, {latitude} is not a point on earth: longitude lies between -180 and 180, latitude between -90 and 90."""


class AreaNameWrong(Refused):
    """“{name}” cannot be the name of an area: it takes 1 to {longest} characters."""


class EmptyArea(Refused):
    """{name} holds no place."""


# --- the phrase that lays out a compound ------------------------------------------------------------------------------


class LayoutNotUnderstood(Refused):
    """“{words}” was not understood. Write for example: {example}"""


class LayoutIncomplete(Refused):
    """The layout does not say {what}. Write for example: {example}"""


class LayoutTooLarge(Refused):
    """This would lay out {doors} doors; one community takes at most {most} at a time. Check the numbers."""


class LayoutEmpty(Refused):
    """This layout has no doors: every floor or building is left out."""


class LabelsRepeat(Refused):
    """The room label {label} would stand twice in {building}. Choose another way of numbering rooms."""


# --- reasons of an address match (never raised) -----------------------------------------------------------------------


class AddressEmpty(Refused):
    """There is nothing to read."""


class AddressFits(Refused):
    """Every part of the address was found as written."""


class AddressReadAs(Refused):
    """Read as {path}: {what}."""


class AddressManyFit(Refused):
    """{count} places fit, for example {first} and {second}."""


class AddressOnlyUpTo(Refused):
    """Found {path}, but not “{rest}” in it."""


class AddressNothingFits(Refused):
    """No place of that name was found: “{rest}”."""


class AddressNeedsPlace(Refused):
    """“{rest}” stands in many buildings. Say in which community or building."""


def as_text(identifier: UUID | None) -> str:
    """An id as it stands in facts of refusals."""
    return str(identifier) if identifier else ""
