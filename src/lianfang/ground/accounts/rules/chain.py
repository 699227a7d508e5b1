"""Who should answer for a door (纵向到底): which links of the chain of responsibility are expected, by kind of place.

Sources. Grids cover everything without gap or overlap (GB/T 34300-2017), each with one grid worker; grid, building and unit
leaders are Jilin's 三长 of 2020; a community or village has a committee with one head (居民委员会组织法, 村民委员会组织法 art. 2).
Compounds and ten-household groups are local practice, and so are the offices of a command: they are expected only where the
office is in use nearby. Villages have no units, a house has no building leader, and places of work have no unit leader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.places.types import KINDS_AT, AreaKind, Kind, Level


class DoorKind(NamedTuple):
    """What decides which links a door should have: its own kind, whether it lies in a unit, the kinds of what it lies in."""

    door: Kind
    in_unit: bool
    building: Kind
    community: Kind


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain.

    `single`: one person holds it at a door; two are shown as an overlap, never forbidden. `area`: the office belongs to an area of
    this kind. `only_in_area`: at doors outside such areas it is not expected. `used_in`: expected only inside a division of
    this level where the office has ever been given: what nobody nearby has is a way of working, what one place lacks is a gap.
    `named_by`: the level of place that names a gap, where no one area does.
    """

    role: Role
    named_by: Level
    area: AreaKind | None = None
    only_in_area: bool = False
    used_in: Level | None = None
    single: bool = True


LINKS: tuple[Link, ...] = (
    Link(Role.GROUP_LEADER, Level.BUILDING, AreaKind.TEN_HOUSEHOLDS, only_in_area=True, used_in=Level.COUNTY),
    Link(Role.UNIT_LEADER, Level.UNIT),
    Link(Role.BUILDING_LEADER, Level.BUILDING),
    Link(Role.COMPOUND_LEADER, Level.BUILDING, AreaKind.COMPOUND, only_in_area=True, used_in=Level.COUNTY),
    Link(Role.GRID_WORKER, Level.BUILDING, AreaKind.GRID),
    Link(Role.COMMUNITY_SECRETARY, Level.COMMUNITY),
    Link(Role.STREET_DUTY, Level.STREET, single=False, used_in=Level.CITY),
    Link(Role.DISTRICT_COMMAND, Level.COUNTY, single=False, used_in=Level.CITY),
    Link(Role.CITY_COMMAND, Level.CITY, single=False, used_in=Level.CITY),
)
"""From the door upwards: 十户长 单元长 楼栋长 小区长 网格员 社区书记 街道值班 区指挥部 市指挥部."""

BY_ROLE = {link.role: link for link in LINKS}


def expected(door: DoorKind) -> frozenset[Role]:
    """The offices that should answer for a door of a kind; those of areas and of `used_in` still depend on where it lies."""
    roles = {Role.GRID_WORKER, Role.STREET_DUTY, Role.DISTRICT_COMMAND, Role.CITY_COMMAND}
    if door.community is not Kind.VIRTUAL:  # a code of statistics has no committee: the street answers
        roles.add(Role.COMMUNITY_SECRETARY)
    if door.building is not Kind.NO_FIXED:
        roles |= {Role.COMPOUND_LEADER, Role.GROUP_LEADER}
    if door.building is Kind.BUILDING:
        roles.add(Role.BUILDING_LEADER)
        if door.in_unit and door.door is Kind.DWELLING and door.community is not Kind.VILLAGE:
            roles.add(Role.UNIT_LEADER)
    return frozenset(roles)


def own_office(level: Level, kind: Kind, community: Kind) -> Role | None:
    """The office that a place has of its own: a street its duty, a community its secretary, a building and a unit their leaders."""
    if level is Level.STREET:
        return Role.STREET_DUTY
    if level is Level.COMMUNITY:
        return None if kind is Kind.VIRTUAL else Role.COMMUNITY_SECRETARY
    if level is Level.BUILDING:
        return Role.BUILDING_LEADER if kind is Kind.BUILDING else None
    return Role.UNIT_LEADER if level is Level.UNIT and community is not Kind.VILLAGE else None


def kinds_of_doors() -> Iterator[DoorKind]:
    """Every combination there can be."""
    for door, in_unit, building, community in product(
        KINDS_AT[Level.DOOR], (True, False), KINDS_AT[Level.BUILDING], KINDS_AT[Level.COMMUNITY]
    ):
        yield DoorKind(door, in_unit, building, community)


def bit(role: Role) -> int:
    """The bit of a link where links of a door are kept as one number."""
    return 1 << [link.role for link in LINKS].index(role)


def mask(roles: Sequence[Role] | frozenset[Role]) -> int:
    """Several links as one number."""
    return sum(bit(role) for role in roles)
