"""How many queries a list takes does not depend on how many rows it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import RevealField
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.ledger.append import append
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.kinds.notes import Remark
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.types import Came, NewCall, NewForce
from lianfang.work.outreach import commands as outreach
from lianfang.work.outreach.types import NewMessage
from lianfang.work.rounds import commands as rounds
from tests.doors.conftest import Desk, fold_all, signed_in
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast
from tests.factories.people import household_at
from tests.ledger.sending import record, send

Add = Callable[[Cast, int], None]


def building(cast: Cast, number: int) -> None:
    laying.add_building(cast.a.place_id, f"{number + 10}栋", by=None)


def visit(cast: Cast, number: int) -> None:
    rounds.record_visit(places.doors_of(cast.a_building)[number].place_id, Outcome.DARK, by=cast.grid_worker)


def visit_here(cast: Cast, number: int) -> None:
    rounds.record_visit(cast.a_door.place_id, Outcome.DARK, by=cast.grid_worker)


def remark(cast: Cast, number: int) -> None:
    append(Remark(), place=cast.a_door.place_id, by=cast.grid_worker, remark=f"备注{number}")


def household(cast: Cast, number: int) -> None:
    household_at(cast.a_door.place_id, f"赵示{'一二三四五'[number]}", order=300 + number)


def account(cast: Cast, number: int) -> None:
    grant_to(
        account_of(f"冯示{'一二三四五'[number]}", login=f"leader{number}"),
        Role.UNIT_LEADER,
        OverPlace(places.children(cast.a_building)[0].place_id),
    )


def matter(cast: Cast, number: int) -> None:
    door = places.doors_of(cast.a_building)[number]
    matters.raise_matter(door.place_id, About.OTHER, clock.now() + timedelta(hours=number + 1), by=cast.grid_worker)


def look(cast: Cast, number: int) -> None:
    with access.scoped(cast.secretary):
        people.reveal((cast.resident, cast.neighbour)[number % 2], RevealField.PHONE, "care", by=cast.account("secretary.a"))


def waiting(cast: Cast, number: int) -> None:
    send(record(places.doors_of(cast.a_building)[number].id), author=cast.account("secretary.b"))


def duty(cast: Cast, number: int) -> None:
    login = ("secretary.a", "grid.a", "city", "leader9")[number]
    if login == "leader9":
        grant_to(account_of("冯示九", login=login), Role.BUILDING_LEADER, OverPlace(cast.a_building.place_id))
    place = {"secretary.a": cast.a, "grid.a": cast.a_building, "city": cast.city, "leader9": cast.a_building}[login]
    mobilisation.sign_on(place.place_id, by=access.actor_of_login(login))


def area(cast: Cast, number: int) -> None:
    from lianfang.ground.places.types import AreaKind

    laying.found_area(AreaKind.GRID, f"第{number}网格", cast.a.place_id, [cast.a_building.place_id], by=None)


def call(cast: Cast, number: int) -> None:
    if number == 0:
        mobilisation.register(NewForce(cast.resident, Came.MEMBER, cast.a_door.place_id), by=cast.secretary)
    mobilisation.call_up(NewCall(cast.a.place_id, f"集合{number}", 1), by=cast.secretary)


def message(cast: Cast, number: int) -> None:
    area(cast, number)
    [grid] = [one for one in places.areas_within([cast.a.range]) if one.name == f"第{number}网格"]
    outreach.send(NewMessage(f"消息{number}", "示例", cast.a.place_id, grid.area_id), by=cast.secretary)


def arrival(cast: Cast, number: int) -> None:
    codes = [place.code for place in (cast.b, cast.city, cast.county)]
    rounds.record_arrival(cast.a_door.place_id, clock.today(), by=cast.secretary, from_code=codes[number])


LISTS: list[tuple[str, str, Add]] = [
    ("place", "a", building),
    ("place", "a", visit),
    ("place", "a", area),
    ("place", "a_building", visit),
    ("place", "a_building", account),
    ("place", "a_door", visit_here),
    ("place", "a_door", remark),
    ("place", "a_door", household),
    ("history", "a", visit),
    ("open_doors", "a", visit),
    ("answering", "a", account),
    ("place_edit", "a", area),
    ("accounts", "", account),
    ("matters", "", matter),
    ("home", "", matter),
    ("looks", "", look),
    ("looks_all", "", look),
    ("quarantine", "", waiting),
    ("duty", "", duty),
    ("forces", "a", call),
    ("messages", "", message),
    ("arrivals", "a", arrival),
]


@pytest.mark.parametrize(("page", "place", "add"), LISTS, ids=[f"{page}-{place}-{add.__name__}" for page, place, add in LISTS])
def test_a_list_of_one_and_a_list_of_three_take_as_many_queries(town: Cast, page: str, place: str, add: Add) -> None:
    desk = Desk(signed_in("secretary.a"))
    arguments = [getattr(town, place).id] if place else []

    def count() -> int:
        fold_all()
        desk.get(page, *arguments)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page, *arguments).status_code == 200
        return sum("upward_" not in one["sql"] for one in queries)  # which nodes there are is asked again every few seconds

    add(town, 0)
    one = count()
    add(town, 1)
    add(town, 2)
    assert count() == one
