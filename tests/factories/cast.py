"""The fixed cast of every test: two communities of one street, and who works there.

    def test_…(cast: Cast) -> None:          # register with: from tests.factories.cast import cast  (a pytest fixture)
        cast.a, cast.b                       communities A 甲社区 and B 乙社区, both in cast.street in cast.county in cast.city
        cast.a_building, cast.b_building     "1栋" of each: two units, two floors, two doors a floor; eight doors
        cast.a_door, cast.b_door             their door 1-101, with a household each
        cast.a_grid                          the area 甲一网格 over A's building
        cast.resident, cast.neighbour        PersonIds of the people in A's door; cast.stranger lives in B's
        cast.household, cast.b_household     HouseholdIds
        cast.secretary                       Actor: community_secretary of A    (login secretary.a)
        cast.grid_worker                     Actor: grid_worker of a_grid       (login grid.a)
        cast.outsider                        Actor: community_secretary of B, who must see nothing of A (login secretary.b)
        cast.city_command                    Actor: city_command of the city    (login city)
        cast.administrator                   Actor: administrator of the city   (login admin)
        cast.actor("login")                  an actor anew, with the grants of now
        cast.account("login")                the account's id
        cast.as_web(actor)                   context manager: the transaction of the web role in the actor's scope

All sign in with tests.factories.accounts.PASSWORD; none has a second factor. Everything is made by commands, nothing by raw inserts:
once for the tests of a module, each of which takes back what it did (`tests.factories.stage`), and once for all tests that commit, which
find it as it was (`make_cast()`, `tests.factories.copies`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, HouseholdId, PersonId
from tests.factories import copies
from tests.factories.accounts import account_of, grant_to
from tests.factories.people import household_at

DIVISIONS = """code12,name,street_code,street,county_code,county,city_code,city,province_code,province
220106001001,甲社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
220106001002,乙社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
220106002001,丙社区,220106002,邻近街道,220106,绿园区,2201,长春市,22,吉林省
"""
SINCE = date(2022, 1, 1)
LAYOUT = "1栋，2个单元，2层，每层2户"


@dataclass(frozen=True, slots=True)
class Cast:
    """Places and people as the module says."""

    city: Place
    county: Place
    street: Place
    other_street: Place
    a: Place
    b: Place
    a_building: Place
    b_building: Place
    a_door: Place
    b_door: Place
    a_grid: AreaId
    household: HouseholdId
    b_household: HouseholdId
    resident: PersonId
    neighbour: PersonId
    stranger: PersonId
    secretary: Actor
    grid_worker: Actor
    outsider: Actor
    city_command: Actor
    administrator: Actor

    def account(self, login: str) -> AccountId:
        """The id of an account."""
        return accounts.account_id_of_login(login)

    def actor(self, login: str) -> Actor:
        """An actor with the grants of this moment."""
        return access.actor_of_login(login)

    def as_web(self, actor: Actor) -> AbstractContextManager[None]:
        """The transaction in which a page of this actor runs."""
        return access.scoped(actor)


def load_divisions() -> None:
    """The divisions of the cast, as a list of 2022-01-01."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"cast_{SINCE}.csv"
        path.write_text(DIVISIONS)
        laying.load_divisions([path])


def _building(community: Place) -> Place:
    laid = laying.lay_out(community.place_id, laying.parse_layout(LAYOUT), by=None)
    return places.place(laid.buildings[0])


def _worker(login: str, name: str, order: int, role: Role, scope: OverPlace | OverArea) -> Actor:
    account_id = account_of(name, login=login, order=order, password=True)
    grant_to(account_id, role, scope)
    return access.actor_of_id(account_id)


def make_cast() -> Cast:
    """Build the cast in an empty database; committed, it is copied from when it was first made."""
    return build() if connection.in_atomic_block else copies.again(build)


def build() -> Cast:
    """Build the cast by the commands of the product."""
    load_divisions()
    a, b, city = places.by_code("220106001001"), places.by_code("220106001002"), places.by_code("220100000000")
    a_building, b_building = _building(a), _building(b)
    a_door, b_door = places.doors_of(a_building)[0], places.doors_of(b_building)[0]
    grid = laying.found_area(AreaKind.GRID, "甲一网格", a.place_id, [a_building.place_id], by=None)
    moved_in = clock.today() - timedelta(days=30)
    household, [resident, neighbour] = household_at(a_door.place_id, "王示例", "张示范", order=11, since=moved_in)
    b_household, [stranger] = household_at(b_door.place_id, "赵示远", order=21, since=moved_in)
    return Cast(
        city=city,
        county=places.by_code("220106000000"),
        street=places.by_code("220106001000"),
        other_street=places.by_code("220106002000"),
        a=a,
        b=b,
        a_building=a_building,
        b_building=b_building,
        a_door=a_door,
        b_door=b_door,
        a_grid=grid,
        household=household,
        b_household=b_household,
        resident=resident,
        neighbour=neighbour,
        stranger=stranger,
        secretary=_worker("secretary.a", "刘示甲", 901, Role.COMMUNITY_SECRETARY, OverPlace(a.place_id)),
        grid_worker=_worker("grid.a", "陈示格", 902, Role.GRID_WORKER, OverArea(grid)),
        outsider=_worker("secretary.b", "孙示乙", 903, Role.COMMUNITY_SECRETARY, OverPlace(b.place_id)),
        city_command=_worker("city", "周示市", 904, Role.CITY_COMMAND, OverPlace(city.place_id)),
        administrator=_worker("admin", "吴示管", 905, Role.ADMINISTRATOR, OverPlace(city.place_id)),
    )


@pytest.fixture
def cast(cast_on_stage: Callable[[], Cast], db: None) -> Cast:
    """The cast, in a transaction of the test's own."""
    return cast_on_stage()
