"""A street with a plan: two communities with a compound each, members who live in the one, people who can be sent, an office that switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.incidents.types import Ground
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.content import example
from lianfang.headquarters.playbooks.types import Switch
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, PersonId, new_id
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.types import Came, NewForce
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast, make_cast
from tests.factories.members import Party, make_party
from tests.factories.people import paper_number, phone_number

GROUND = Ground("示例街道办事处", "示街发〔2022〕7号", "示例")
FORCES = 6


@dataclass(frozen=True, slots=True)
class Ready:
    """The street, its party, the plan of it, the compounds, and who switches."""

    cast: Cast
    party: Party
    plan: UUID
    compounds: tuple[AreaId, AreaId]
    duty: Actor


def make_ready() -> Ready:
    """Build it in an empty database: the shipped example of an epidemic, with three members bound to the branch and a post of A's compound."""
    cast = make_cast()
    party = make_party(cast)
    a = laying.found_area(AreaKind.COMPOUND, "甲小区", cast.a.place_id, [cast.a_building.place_id], by=None)
    b = laying.found_area(AreaKind.COMPOUND, "乙小区", cast.b.place_id, [cast.b_building.place_id], by=None)
    account = account_of("街示值", login="street.duty", order=950, password=True)
    grant_to(account, Role.STREET_DUTY, OverPlace(cast.street.place_id))
    duty = access.actor_of_id(account)
    for number in range(FORCES):
        person = NewPerson(
            PersonId(new_id()), "示例" + "甲乙丙丁戊己"[number], phone=phone_number(700 + number), paper=paper_number(700 + number)
        )
        mobilisation.register(NewForce(person, Came.CADRE, cast.a.place_id), by=access.local_administrator())
    name, kind, content = example("epidemic")
    told = commands.draw_up(name, kind, cast.street.place_id, replace(content, approver=party.committee), by=duty)
    commands.bind(told.plan_id, "branch", a, party.members[:4], by=duty)
    commands.bind(told.plan_id, "pioneers", a, party.members[:3], by=duty)
    commands.bind(told.plan_id, "gate", a, party.members[:2], by=duty)
    commands.bind(told.plan_id, "area", cast.a_building.place_id, party.members[4:5], by=duty)
    return Ready(cast, party, told.plan_id, (a, b), duty)


def switch(**more: Any) -> Switch:
    """On what ground the tests switch, for a fortnight."""
    return Switch(**{"ground": GROUND, "expires_at": clock.now() + timedelta(days=14), **more})


def switched(ready: Ready, **more: Any) -> UUID:
    """The plan activated and carried out to the end."""
    run = commands.activate(ready.plan, switch(**more), by=ready.duty)
    commands.carry_on(run.run_id)
    return queries.run(run.run_id).run_id
