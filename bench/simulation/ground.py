"""A town on the ground: real communities, invented compounds and people, seeded (`published` tells what is known and what assumed)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from bench.simulation.households import homes
from bench.simulation.published import DOORS_A_BUILDING, GRID_DOORS, MEMBERS, SETTINGS, SHAPES, VACANT, Setting
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverArea, OverPlace, Scope
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.member_types import MembershipKind, Standing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import NewHousehold
from lianfang.ground.places import commands as places
from lianfang.ground.places import divisions, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, HouseholdId, PersonId, PlaceId, new_id
from lianfang.ledger import folding, intake
from lianfang.ledger.types import Author

PASSWORD = "梅花三弄 for benches 1719"
BACK = timedelta(days=30)  # since when people live there and offices are held
OUTCOMES = ("seen",) * 14 + ("phone", "away", "vacant", "dark", "dark", "lit")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid (网格), its doors, and how many people live behind each."""

    area_id: AreaId
    doors: list[PlaceId]
    people: list[int]


@dataclass(frozen=True, slots=True)
class Settled:
    """A community with its compounds and grids, and how many people live there."""

    place: Place
    compounds: int
    grids: list[Grid]
    people: int
    members: int

    @property
    def doors(self) -> list[PlaceId]:
        """All its doors."""
        return [door for grid in self.grids for door in grid.doors]


@dataclass(frozen=True, slots=True)
class Ground:
    """What was settled: the top of it, and each community."""

    top: Place
    communities: list[Settled]

    @property
    def grids(self) -> list[Grid]:
        """All grids."""
        return [grid for community in self.communities for grid in community.grids]

    def count(self) -> dict[str, int]:
        """How much of what there is."""
        return {
            "communities": len(self.communities),
            "compounds": sum(one.compounds for one in self.communities),
            "grids": len(self.grids),
            "doors": sum(len(grid.doors) for grid in self.grids),
            "people": sum(one.people for one in self.communities),
            "members": sum(one.members for one in self.communities),
        }


def settle(setting: Setting, wanted: int, *, seed: int = 1719, peopled: bool = True, say: Say = lambda _: None) -> Ground:
    """Fill an empty database with so many people of a town or city, community after community of the real list.

    Without `peopled` households are only numbers: how many people live behind each door is known here, and nobody is on any list.
    """
    places.load_divisions([divisions.HERE / setting.listed])
    ground = fill(queries.by_code(setting.code), setting, wanted, seed=seed, peopled=peopled, say=say)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return ground


def fill(top: Place, setting: Setting, wanted: int, *, seed: int, peopled: bool, say: Say = lambda _: None) -> Ground:
    """So many people in the communities of a place, in the order of their codes, as many communities as they fill."""
    listed = communities_of(top)[: max(1, round(wanted / setting.persons_a_community))]
    chance, left, settled = random.Random(seed), wanted, []
    for number, community in enumerate(listed):
        share = round(left / (len(listed) - number))
        left -= share
        compounds = round((number + 1) * setting.compounds_a_community) - round(number * setting.compounds_a_community)
        _build(community, setting, share, max(1, compounds), chance)
        settled.append(_people(community, setting, share, max(1, compounds), wanted - left - share, chance, peopled=peopled))
        if number % 20 == 19:
            say(f"{number + 1}/{len(listed)}")
    return Ground(top, settled)


def communities_of(top: Place) -> list[Place]:
    """The communities inside a city or county, in the order of their codes."""
    found = [top]
    while found and found[0].at_level is not Level.COMMUNITY:
        found = [child for one in found for child in queries.children(one)]
    return found


def _build(community: Place, setting: Setting, share: int, compounds: int, chance: random.Random) -> None:
    """Compounds for so many people, each of buildings of one shape."""
    doors = share / setting.per_household / (1 - VACANT)
    buildings = max(1, round(doors / DOORS_A_BUILDING / compounds))
    for number in range(compounds):
        phrase = f"1-{buildings}栋，{chance.choice(SHAPES)}"
        places.lay_out(community.place_id, places.parse_layout(phrase), by=None, compound=f"示例{'一二三四五六七八九'[number]}期")


def _people(  # noqa: PLR0913 - what a community is made of
    community: Place, setting: Setting, share: int, compounds: int, before: int, chance: random.Random, *, peopled: bool
) -> Settled:
    """Households behind the doors, their Party members in a branch, and the grids."""
    doors = [door.place_id for building in queries.buildings_of(community) for door in queries.doors_of(building)]
    households = min(round(share / setting.per_household), len(doors))
    lived_in = sorted(chance.sample(range(len(doors)), households))
    drawn = list(homes(setting, households, share, first=before + 1, chance=chance))
    size = dict(zip((doors[at] for at in lived_in), (len(home.members) for home in drawn), strict=True))
    members: list[PersonId] = []
    if peopled:
        since = clock.today() - BACK
        people.take_in(
            (NewHousehold(HouseholdId(new_id()), door, home.members, since=since) for door, home in zip(size, drawn, strict=True)), by=None
        )
        members = [person for home in drawn for person in home.adults if chance.random() < MEMBERS]
        _branch(community, members)
    grids = [Grid(one.area_id, one.doors, [size.get(door, 0) for door in one.doors]) for one in cut_into_grids([community], GRID_DOORS)]
    return Settled(community, compounds, grids, sum(size.values()), len(members))


def _branch(community: Place, members: Sequence[PersonId]) -> None:
    """The branch of a community, with its members who live there."""
    branch = organisations.found_organisation(
        f"{community.name}党支部", OrganisationKind.PARTY_BRANCH, by=None, place=community.place_id, since=clock.today() - BACK
    )
    organisations.join(branch, [(person, Standing.FULL) for person in members], MembershipKind.HOME, by=None, since=clock.today() - BACK)


def cut_into_grids(communities: Sequence[Place], size: int) -> list[Grid]:
    """Every community cut into grids of about so many doors, of whole buildings side by side; what is left over makes a last one."""
    found: list[Grid] = []
    for community in communities:
        held: list[PlaceId] = []
        doors: list[PlaceId] = []
        buildings = queries.buildings_of(community)
        for building in buildings:
            held.append(building.place_id)
            doors += [door.place_id for door in queries.doors_of(building)]
            if len(doors) >= size or building is buildings[-1]:
                area = places.found_area(AreaKind.GRID, f"第{len(found) + 2}网格", community.place_id, held, by=None)
                found.append(Grid(area, doors, []))
                held, doors = [], []
    return found


def grid_workers(grids: Sequence[AreaId], count: int) -> list[tuple[AccountId, str]]:
    """So many grid workers, spread over the grids, each with the telephone number on file."""
    here, found = access.local_administrator(), []
    for number in range(count):
        phone = f"1549{number:07d}"
        grant = NewGrant(Role.GRID_WORKER, OverArea(grids[number % len(grids)]), valid_from=clock.today() - BACK)
        found.append((accounts.add_account(NewAccount("何示员", "", phone), by=here, grants=[grant]), phone))
    return found


def workers(grids: Sequence[AreaId], count: int) -> list[str]:
    """The credentials of so many devices that send in clear, one each of a grid worker of its own."""
    here = access.local_administrator()
    return [
        accounts.add_device(account, f"bench {number}", by=here).token for number, (account, _) in enumerate(grid_workers(grids, count))
    ]


def appoint(top: Place, community: Place) -> None:
    """Three who read: the command of the whole, the secretary of a community and its first grid's worker."""
    grid = places.found_area(
        AreaKind.GRID, "第一网格", community.place_id, [one.place_id for one in queries.buildings_of(community)[:3]], by=None
    )
    posts: tuple[tuple[str, Role, Scope], ...] = (
        ("city", Role.CITY_COMMAND, OverPlace(top.place_id)),
        ("secretary", Role.COMMUNITY_SECRETARY, OverPlace(community.place_id)),
        ("grid", Role.GRID_WORKER, OverArea(grid)),
    )
    for login, role, scope in posts:
        grant = NewGrant(role, scope, valid_from=clock.today() - BACK)
        account = accounts.add_account(NewAccount(name="王示例", login=login), by=access.local_administrator(), grants=[grant])
        accounts.set_password(account, PASSWORD)


@dataclass(frozen=True, slots=True)
class Town:
    """A town with visits already folded, and what to look at: the city, one community, one grid's building, one door."""

    city: Place
    community: Place
    building: Place
    door: Place
    doors: int
    people: int
    visits: int


def build(wanted: int) -> Town:
    """Fill an empty database with about so many people of Changchun, seven doors in ten visited over two days."""
    ground = settle(SETTINGS["changchun"], wanted)
    community = ground.communities[0].place
    appoint(ground.top, community)
    doors = [door for grid in ground.grids for door in grid.doors]
    visits = _visit(doors, random.Random(1719))
    folding.fold_here()
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    building = queries.buildings_of(community)[0]
    return Town(ground.top, community, building, queries.doors_of(building)[7], len(doors), ground.count()["people"], visits)


def build_doors(count: int) -> Ground:
    """So many communities of Changchun with doors and without people: for what asks only where something was done."""
    setting = SETTINGS["changchun"]
    ground = settle(setting, count * setting.persons_a_community, peopled=False)
    appoint(ground.top, ground.communities[0].place)
    return ground


def _visit(doors: Sequence[PlaceId], chance: random.Random) -> int:
    author = Author(None, trusted=True)
    visits = list(_visits(doors, str(access.actor_of_login("grid").account_id), chance))
    for start in range(0, len(visits), intake.LIMIT):
        intake.take(visits[start : start + intake.LIMIT], author)
    return len(visits)


def _visits(doors: Sequence[PlaceId], actor: str, chance: random.Random) -> Iterator[dict[str, object]]:
    now = clock.now()
    for door in doors:
        if chance.random() < 0.7:
            at = now - timedelta(seconds=chance.randint(60, 172_800))
            outcome = chance.choice(OUTCOMES)
            yield {
                "id": str(new_id(at)), "kind": "visit", "version": 2, "place": str(door), "occurred_at": at.isoformat(), "actor": actor,
                "payload": {"outcome": outcome, "people_seen": 2 if outcome == "seen" else 0},
            }  # fmt: skip
