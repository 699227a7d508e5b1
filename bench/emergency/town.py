"""Peacetime: a town with its Party organisations, those who can be sent, accounts, and a plan with people bound to it in every compound."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection

from bench.simulation import ground
from bench.simulation.ground import Ground
from bench.simulation.published import SETTINGS
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverPlace
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.member_types import MembershipKind
from lianfang.ground.organisations.models import Membership
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import commands, divisions
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.playbooks import commands as plans
from lianfang.headquarters.playbooks.content import example
from lianfang.headquarters.playbooks.types import Each
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, PersonId, new_id
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.types import Came, NewForce

# Published of Changchun (2022): what 57 days came to.
PUBLISHED = {
    "branches": 5_968,
    "posts": 9_739,
    "areas": 13_588,
    "teams": 3_858,
    "cadres": 51_000,
    "volunteers": 29_000,
    "visits": 3_381_000,
}
BOUND = 4  # members of each compound's branch
GROWN = 35


@dataclass(frozen=True, slots=True)
class Town:
    """What stands in peacetime. `workers` are the accounts of the grids' workers, in the order of the grids."""

    ground: Ground
    plan: UUID
    workers: list[AccountId]
    command: Actor
    officer: Actor
    pool: int


def settled(scale: float, *, seed: int, say: Callable[[str], None]) -> Ground:
    """So many people of Changchun, in the smallest part of it that has communities enough for them: the city, a county or a street."""
    setting = SETTINGS["changchun"]
    commands.load_divisions([divisions.HERE / setting.listed])
    wanted = max(1, round(setting.people * scale / setting.persons_a_community))
    city = places.by_code(setting.code)
    counties = places.children(city)
    parts = [*(street for county in counties for street in places.children(county)), *counties, city]
    top = min(
        (one for one in parts if len(ground.communities_of(one)) >= wanted), key=lambda one: len(ground.communities_of(one)), default=city
    )
    made = ground.fill(top, setting, round(setting.people * scale), seed=seed, peopled=True, say=say)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return made


def prepared(made: Ground, scale: float, chance: random.Random) -> Town:
    """Everything an office keeps ready before anything happens."""
    workers = [account for account, _ in ground.grid_workers([grid.area_id for grid in made.grids], len(made.grids))]
    pool = _pool(made, scale, chance)
    command = _office("command", Role.CITY_COMMAND, made.top)
    return Town(made, _plan(made, pool), workers, command, _office("officer", Role.DATA_PROTECTION, made.top), pool)


def _office(login: str, role: Role, over: Place) -> Actor:
    grant = NewGrant(role, OverPlace(over.place_id), valid_from=clock.today() - ground.BACK)
    account = accounts.add_account(NewAccount("王示例", login, ""), by=access.local_administrator(), grants=[grant])
    return access.actor_of_id(account)


def _pool(made: Ground, scale: float, chance: random.Random) -> int:
    """Cadres who are released and volunteers who offered themselves, spread over the communities."""
    local, born = access.local_administrator(), date(clock.today().year - GROWN, 1, 1)
    counts = {came: max(2, round(PUBLISHED[what] * scale)) for came, what in ((Came.CADRE, "cadres"), (Came.VOLUNTEER, "volunteers"))}
    number = 0
    for came, count in counts.items():
        for _ in range(count):
            number += 1
            person = NewPerson(PersonId(new_id()), f"力示{chr(0x4E00 + number % 20_000)}", birth=born, phone=f"153{number:08d}")
            home = chance.choice(made.communities).place.place_id
            mobilisation.register(NewForce(person, came, home, full_member=came is Came.CADRE, consents=came is Came.VOLUNTEER), by=local)
    return number


def _plan(made: Ground, pool: int) -> UUID:
    """The shipped plan for an epidemic, areas by grid as they are cut here, with the community's members bound to each compound."""
    local = access.local_administrator()
    committee = organisations.found_organisation("示例市委", OrganisationKind.PARTY_COMMITTEE, by=None, place=made.top.place_id)
    name, kind, content = example("epidemic")
    parts = []
    for part in content.parts:
        changed = replace(part, each=Each.GRID) if part.key == "area" else part
        parts.append(replace(changed, number=pool) if part.key == "call" else changed)
    plan = plans.draw_up(name, kind, made.top.place_id, replace(content, approver=committee, parts=tuple(parts)), by=local)
    free = _members()
    for community in made.communities:
        mine = free.get(community.place.pk, [])
        for area in places.areas_within([community.place.range], AreaKind.COMPOUND):
            who, mine = mine[:BOUND], mine[BOUND:]
            if len(who) == BOUND:
                for part_key, some in (("branch", who), ("pioneers", who[:3]), ("gate", who[:2]), ("service", who[2:3])):
                    plans.bind(plan.plan_id, part_key, area.area_id, some, by=local)
        for grid in community.grids:
            who, mine = mine[:1], mine[1:]
            if who:
                plans.bind(plan.plan_id, "area", grid.area_id, who, by=local)
    return plan.plan_id


def _members() -> dict[UUID, list[PersonId]]:
    """The members of each community's branch."""
    found: dict[UUID, list[PersonId]] = {}
    rows = Membership.objects.filter(kind=MembershipKind.HOME).order_by("id").values_list("organisation__place_id", "person_id")
    for place, person in rows:
        found.setdefault(place, []).append(PersonId(person))
    return found
