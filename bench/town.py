"""A large town for benchmarks: real communities of Changchun, invented buildings, people and visits, seeded.

Assumptions, named as such: 1,500 doors a community in blocks of 60 to 180, 2.38 people a household (绿园区, census of 2020), one
household in twelve vacant, seven doors in ten visited once over two days.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverArea, OverPlace, Scope
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import Member, NewHousehold, NewPerson, ResidenceKind
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, HouseholdId, PersonId, PlaceId, new_id
from lianfang.ledger import folding, intake
from lianfang.ledger.types import Author

PASSWORD = "梅花三弄 for benches 1719"
PER_HOUSEHOLD, PER_COMMUNITY = 2.38, 1500
SHAPES = (
    "1-10栋，3个单元，25层，每层2户",
    "1-25栋，3个单元，10层，每层2户",
    "1-20栋，2个单元，6层，每层3户\n21-31栋，3个单元，12层，每层2户",
)
OUTCOMES = ("seen",) * 14 + ("phone", "away", "vacant", "dark", "dark", "lit")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "安宁平和顺康乐明清正"
BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Town:
    """What was built, and what to look at: the city, one community, one grid's building, one door."""

    city: Place
    community: Place
    building: Place
    door: Place
    doors: int
    people: int
    visits: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid (网格) and its doors."""

    area_id: AreaId
    doors: list[PlaceId]


def cut_into_grids(communities: Sequence[Place], size: int) -> list[Grid]:
    """Every community cut into grids of about so many doors, of whole buildings side by side."""
    found: list[Grid] = []
    for community in communities:
        held: list[PlaceId] = []
        doors: list[PlaceId] = []
        for building in queries.buildings_of(community):
            held.append(building.place_id)
            doors += [door.place_id for door in queries.doors_of(building)]
            if len(doors) >= size:
                area = places.found_area(AreaKind.GRID, f"第{len(found) + 2}网格", community.place_id, held, by=None)
                found.append(Grid(area, doors))
                held, doors = [], []
    return found


def workers(grids: Sequence[AreaId], count: int) -> list[str]:
    """The credentials of so many phones, one each of a grid worker of its own, spread over the grids."""
    here, tokens = access.local_administrator(), []
    for number in range(count):
        account = accounts.add_account(NewAccount("何示员", "", f"154{number:08d}"), by=here)
        accounts.give(account, NewGrant(Role.GRID_WORKER, OverArea(grids[number % len(grids)]), valid_from=clock.today() - BACK), by=here)
        tokens.append(accounts.add_device(account, f"bench {number}", by=here).token)
    return tokens


@dataclass(frozen=True, slots=True)
class Doors:
    """A town of doors without people: for what asks only where something was done."""

    city: Place
    communities: list[Place]


def build_doors(count: int) -> Doors:
    """Fill an empty database with so many communities of about 1,500 doors, and the same accounts as `build`."""
    places.load_shipped()
    city = queries.by_code("220100000000")
    communities = _communities(city)[:count]
    for number, community in enumerate(communities):
        places.lay_out(community.place_id, places.parse_layout(SHAPES[number % len(SHAPES)]), by=None)
    _appoint(city, communities[0])
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return Doors(city, communities)


def _communities(city: Place) -> list[Place]:
    return [community for county in queries.children(city) for street in queries.children(county) for community in queries.children(street)]


def build(wanted: int) -> Town:
    """Fill an empty database with a town of about so many people."""
    chance = random.Random(1719)
    places.load_shipped()
    city = queries.by_code("220100000000")
    communities = _communities(city)[: max(2, round(wanted / PER_HOUSEHOLD / PER_COMMUNITY))]
    for number, community in enumerate(communities):
        places.lay_out(community.place_id, places.parse_layout(SHAPES[number % len(SHAPES)]), by=None)
    doors = [door.place_id for community in communities for door in queries.doors_of(community)]
    taken = people.take_in(_households(doors, wanted, chance), by=None)
    _appoint(city, communities[0])
    visits = _visit(doors, chance)
    folding.fold_here()
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    building = queries.buildings_of(communities[0])[0]
    return Town(city, communities[0], building, queries.doors_of(building)[7], len(doors), taken.people, visits)


def _households(doors: list[PlaceId], wanted: int, chance: random.Random) -> Iterator[NewHousehold]:
    since, left = clock.today() - BACK, wanted
    for number, door in enumerate(doors):
        if left <= 0 or number % 12 == 11:
            continue
        size = min(left, chance.choices((1, 2, 3, 4), (20, 35, 25, 20))[0])
        left -= size
        members = tuple(
            Member(
                NewPerson(
                    PersonId(new_id()), chance.choice(SURNAMES) + "示" + chance.choice(GIVEN), phone=f"154{chance.randrange(10**8):08d}"
                ),
                "head" if place == 0 else "other",
                (ResidenceKind.REGISTERED, ResidenceKind.ACTUAL),
            )
            for place in range(size)
        )
        yield NewHousehold(HouseholdId(new_id()), door, members, since=since)


def _appoint(city: Place, community: Place) -> None:
    grid = places.found_area(
        AreaKind.GRID, "第一网格", community.place_id, [one.place_id for one in queries.buildings_of(community)[:3]], by=None
    )
    posts: tuple[tuple[str, Role, Scope], ...] = (
        ("city", Role.CITY_COMMAND, OverPlace(city.place_id)),
        ("secretary", Role.COMMUNITY_SECRETARY, OverPlace(community.place_id)),
        ("grid", Role.GRID_WORKER, OverArea(grid)),
    )
    for login, role, scope in posts:
        grant = NewGrant(role, scope, valid_from=clock.today() - BACK)
        account = accounts.add_account(NewAccount(name="王示例", login=login), by=access.local_administrator(), grants=[grant])
        accounts.set_password(account, PASSWORD)


def _visit(doors: list[PlaceId], chance: random.Random) -> int:
    author, sent, now = Author(None, trusted=True), 0, clock.now()
    actor = str(access.actor_of_login("grid").account_id)
    batch: list[dict[str, object]] = []
    for door in doors:
        if chance.random() < 0.7:
            at = now - timedelta(seconds=chance.randint(60, 172_800))
            outcome = chance.choice(OUTCOMES)
            batch.append(
                {
                    "id": str(new_id(at)),
                    "kind": "visit",
                    "version": 1,
                    "place": str(door),
                    "occurred_at": at.isoformat(),
                    "actor": actor,
                    "payload": {"outcome": outcome, "people_seen": 2 if outcome == "seen" else 0},
                }
            )
        if len(batch) == intake.LIMIT:
            intake.take(batch, author)
            sent, batch = sent + len(batch), []
    if batch:
        intake.take(batch, author)
    return sent + len(batch)
