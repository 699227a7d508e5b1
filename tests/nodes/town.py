"""What stands at the machines: two cities of one province, a few doors in each, and people whose names must never leave."""

from __future__ import annotations

from typing import Any

from tests.nodes.machines import Machine

CITIES = {"a": "220100000000", "b": "220200000000"}
COMMUNITIES = {"a": ["220106001001", "220106001002"], "b": ["220202001001"]}
CANARIES = ("卡那利示甲", "15400009911", "卡那利示乙", "15400009921", "卡那利示丙", "15400009931")
"""Names and phones of people who live and work there: searched for as bytes at the province."""

_LISTS = """
from tests.nodes import town
import tempfile
from datetime import date
from pathlib import Path
from lianfang.ground.places import commands
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "nodes_2022-01-01.csv"
    path.write_text(town.DIVISIONS)
    commands.load_divisions([path])
"""

DIVISIONS = """code12,name,street_code,street,county_code,county,city_code,city,province_code,province
220106001001,甲社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
220106001002,乙社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
220202001001,江边社区,220202001,江岸街道,220202,昌邑区,2202,吉林市,22,吉林省
"""

_PEOPLED = """
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.accounts import access
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from tests.factories.accounts import account_of
from tests.factories.people import household_at
doors = []
for number, code in enumerate({communities!r}):
    laid = laying.lay_out(places.by_code(code).place_id, laying.parse_layout("1栋，2个单元，2层，每层2户"), by=None)
    doors += [door.place_id for door in places.doors_of(places.place(laid.buildings[0]))]
household_at(doors[0], {name!r}, order={order})
account_of("卡那利示丙", order=9931)
seat = places.by_code({communities!r}[0]).place_id
organisations.found_organisation("示例党总支", OrganisationKind.PARTY_COMMITTEE, by=None, place=seat)
organisations.found_organisation("卡那利示甲家", OrganisationKind.MEMBER_HOUSEHOLD, by=None, place=seat)
answer = [str(door) for door in doors]
"""

_VISITED = """
from lianfang.ground.accounts import access
from lianfang.kernel.ids import PlaceId
from lianfang.ledger.folding import fold_here
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as rounds
from uuid import UUID
for door in {doors!r}:
    rounds.record_visit(PlaceId(UUID(door)), Outcome({outcome!r}), by=access.local_administrator())
fold_here()
"""


def lists(machine: Machine) -> None:
    """The official divisions, the same everywhere."""
    machine.python(_LISTS)


def people(machine: Machine, communities: list[str], name: str, order: int) -> list[str]:
    """A building of eight doors in each community, and somebody behind the first door; the doors."""
    found: Any = machine.python(_PEOPLED.format(communities=communities, name=name, order=order))
    return list(found)


def visit(machine: Machine, doors: list[str], outcome: str = "seen") -> None:
    """Somebody was at these doors; folded."""
    machine.python(_VISITED.format(doors=doors, outcome=outcome))


def reader(machine: Machine) -> None:
    """Somebody in the command of the province, who signs in as `province`."""
    machine.python(_READER)


_READER = """
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import queries as places
from tests.factories.accounts import account_of, grant_to
grant_to(account_of("李示省", login="province", password=True), Role.CITY_COMMAND, OverPlace(places.by_code("220000000000").place_id))
"""
