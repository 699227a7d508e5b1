"""What waits: on the first page of whoever answers for a community, and place by place for whoever answers for more."""

from __future__ import annotations

from datetime import timedelta

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.work.matters import commands as matters
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast
from tests.factories.loaded_rosters import brought, line, loaded, roster_of
from tests.factories.people import paper_number
from tests.ledger.sending import record, send


def waits(desk: Desk) -> list[tuple[int, str, str]]:
    return [(todo.value, str(todo.text), todo.tone) for todo in desk.get("home").context["todos"]]


def test_the_first_page_says_what_waits_and_where_it_is_settled(town: Cast) -> None:
    until = clock.now() + timedelta(hours=2)
    rounds.open_round(NewRound("第一轮", "headcount", until, place=town.a.place_id), by=town.secretary)
    rounds.record_visit(town.a_door.place_id, Outcome.DARK, by=town.grid_worker, next_try_at=clock.now() + timedelta(minutes=5))
    matters.raise_matter(
        town.a_door.place_id, About.OTHER, clock.now() - timedelta(hours=1), by=town.secretary, owner=town.grid_worker.account_id
    )
    send(record(town.a_door.id), author=town.outsider.account_id)
    paper = paper_number(55)
    loaded(town.a, roster_of(line("王示例", "1-1-102", paper=paper), line("李示三", "9-9-901")), town.secretary)
    loaded(town.a, roster_of(line("王示错", "1-1-102", paper=paper)), town.secretary)
    brought(town.a, roster_of(line("钱示新", "1-2-201")), town.secretary)
    fold_all()
    desk = Desk(signed_in("secretary.a"))
    todos = desk.get("home").context["todos"]
    told = {str(todo.text): (todo.value, todo.tone) for todo in todos}
    assert told == {
        "事项超时": (1, "late"),
        "记录待审": (1, "owed"),
        "责任链不全，有岗位没人担任": (8, "owed"),
        "今天该再上门": (1, "owed"),
        "名册已读完，等着确认导入": (1, "owed"),
        "名册里的人没能对上住户": (2, ""),
        "名册待核对问题没有处理": (2, ""),
        "“第一轮”还没办结": (8, "owed"),
        "一次都没去过": (7, ""),
    }
    assert next(todo.note for todo in todos if todo.value == 8) == "单元长8户、楼栋长8户"
    for todo in todos:
        assert desk.client.get(todo.href).status_code == 200, todo.text
    assert Desk(signed_in("secretary.b")).get("waiting", town.a.id).status_code == 404
    other = {text for _value, text, _tone in waits(Desk(signed_in("secretary.b")))}
    assert not other & {"事项超时", "今天该再上门", "名册已读完，等着确认导入", "名册待核对问题没有处理"}


def test_nothing_that_waits_is_a_calm_page(town: Cast) -> None:
    grant_to(account_of("韩示栋"), Role.BUILDING_LEADER, OverPlace(town.a_building.place_id))
    for unit in places.children(town.a_building):
        grant_to(account_of("杨示元"), Role.UNIT_LEADER, OverPlace(unit.place_id))
    for door in places.doors_of(town.a_building):
        rounds.record_visit(door.place_id, Outcome.SEEN, by=town.grid_worker)
    fold_all()
    desk = Desk(signed_in("secretary.a"))
    assert waits(desk) == []
    assert "没有等您处理的" in words_of(desk.get("home"))
    assert "这里没有等着办的事" in words_of(desk.get("waiting", town.a.id))


def test_above_the_community_it_is_told_place_by_place(town: Cast) -> None:
    city = Desk(signed_in("city"))
    home = city.get("home")
    assert home.context["divided"] == [town.city]
    assert all("责任链" not in str(todo.text) for todo in home.context["todos"])
    part = city.client.get(f"/desk/places/{town.street.id}/waiting/", headers={"HX-Request": "true"})
    assert [(row["name"], row["counts"][0]) for row in part.context["rows"]] == [("甲社区", (8, 16)), ("乙社区", (8, 16))]
    assert part.context["totals"][0] == 16
    whole = city.client.get(f"/desk/places/{town.county.id}/waiting/", headers={"HX-Request": "true"})
    assert [row["counts"][0] for row in whole.context["rows"]] == [(16, 16)]
    assert "下级有1处没有等着办的事" in words_of(whole)
