"""Who answers for a place, on the desk: gaps mended, sheets for the wall, sponsoring organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def test_gaps_come_with_the_button_that_mends_them(secretary: Desk, cast: Cast) -> None:
    page = secretary.get("answering", cast.a.id)
    assert [(todo.value, str(todo.text)) for todo in page.context["gaps"]] == [
        (4, "1栋1单元没有单元长"),
        (4, "1栋2单元没有单元长"),
        (8, "1栋没有楼栋长"),
    ]
    link = page.context["gaps"][2].href
    asked = secretary.client.get(link)
    assert "陈示格" in words_of(asked)
    known = secretary.client.post(link, {"account": str(cast.account("grid.a"))})
    assert known.status_code == 302
    links = secretary.client.post(page.context["gaps"][0].href, {"name": "何示元", "phone": phone_number(961)})
    assert "何示元" in words_of(links)  # the joining link to print
    assert [str(todo.text) for todo in secretary.get("answering", cast.a.id).context["gaps"]] == ["1栋2单元没有单元长"]


def test_a_number_of_somebody_else_is_refused_beside_the_field(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("appoint", cast.a_building.id, query="?role=building_leader", name="何示元", phone=phone_number(902))
    assert list(answer.context["form"].errors) == ["phone"]
    assert accounts.coverage([cast.a.range]).gaps == 8


def test_what_one_may_not_give_is_not_there(grid_worker: Desk, secretary: Desk, cast: Cast) -> None:
    assert grid_worker.get("appoint", cast.a_building.id, query={"role": "building_leader"}).status_code in {403, 404}
    assert secretary.get("appoint", cast.a_building.id, query={"role": "city_command"}).status_code == 404
    wrong = {"role": "grid_worker", "area": str(cast.a_grid)}
    assert secretary.get("appoint", cast.a_building.id, query=wrong).status_code == 404  # the grid is administered at the community
    assert secretary.get("appoint", cast.a.id, query=wrong).status_code == 200
    assert secretary.client.post(f"/desk/places/{cast.a.id}/appoint/?role=grid_worker", {"account": "nobody"}).status_code == 404


def test_many_units_are_named_at_once(secretary: Desk, cast: Cast) -> None:
    units = [str(unit.id) for unit in places.children(cast.a_building)]
    half = secretary.post("appoint_many", cast.a.id, unit=units, name=["何示一", "何示二"], phone=[phone_number(971), "12"])
    assert [row["where"] for row in half.context["rows"]] == ["1栋2单元"]
    assert half.context["rows"][0]["fault"]
    done = secretary.post("appoint_many", cast.a.id, unit=units[1:], name=["何示二"], phone=[phone_number(972)])
    assert "何示二" in words_of(done)
    assert secretary.get("appoint_many", cast.a.id).context["rows"] == []
    outside = str(places.children(cast.b_building)[0].id)
    assert secretary.post("appoint_many", cast.a.id, unit=[outside], name=["何示三"], phone=[phone_number(973)]).status_code == 404


def test_a_past_day_shows_what_held_then_and_mends_nothing(secretary: Desk, cast: Cast) -> None:
    before = secretary.get("answering", cast.a.id, query={"on": (clock.today() - timedelta(days=1)).isoformat()})
    assert (before.context["coverage"].doors, before.context["may_grant"]) == (0, False)
    assert secretary.get("answering", cast.a.id, query={"on": "then"}).status_code == 200
    long_ago = secretary.get("answering", cast.a.id, query={"on": "1999-01-01"})
    assert "这一天这里没有门户" in words_of(long_ago)


def test_the_chain_of_a_door_and_the_communities_of_a_city(secretary: Desk, desk_of: Callable[[str], Desk], cast: Cast) -> None:
    told = words_of(secretary.get("answering", cast.a_door.id))
    assert "单元长" in told
    assert "陈示格" in told
    city = words_of(desk_of("city").get("answering", cast.city.id))
    assert "甲社区" in city
    assert "乙社区" in city


def test_a_sheet_for_the_wall_shows_what_may_be_public(secretary: Desk, cast: Cast) -> None:
    secretary.post("duty_phone", cast.a.id, phone="0431 8123 4567")
    sheet = words_of(secretary.get("wall", cast.a.id))
    assert "陈示格" in sheet
    assert phone_number(902) not in sheet
    assert "0431-81234567" in sheet
    secretary.post("number", cast.a.id, cast.account("grid.a"), public="yes")
    assert phone_number(902) in words_of(secretary.get("wall", cast.a.id))
    secretary.post("number", cast.a.id, cast.account("grid.a"), public="no")
    assert phone_number(902) not in words_of(secretary.get("wall", cast.a.id))
    assert "<svg" in secretary.get("wall", cast.a.id).content.decode()
    board = Client().get(f"/r/at/{cast.a_building.id}/")  # what the code on the sheet leads to
    assert ("甲社区" in words_of(board), "陈示格" in words_of(board), "0431-81234567" in words_of(board)) == (True, True, True)
    assert phone_number(902) not in words_of(board)
    assert "王示例" not in words_of(board)
    for hidden in (cast.a_door.id, cast.street.id, new_id()):
        assert Client().get(f"/r/at/{hidden}/").status_code == 404
    for each, count in (("buildings", 1), ("units", 2)):
        assert len(secretary.get("wall", cast.a.id, query={"each": each}).context["sheets"]) == count
    assert "1栋1单元" in words_of(secretary.get("wall", places.children(cast.a_building)[0].id))
    for size in ("a4", "a3"):
        printed = secretary.get("wall_paper", cast.a.id, query={"paper": size, "each": "units"})
        assert printed["Content-Type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")
    assert secretary.get("wall", cast.a_door.id).status_code == 404
    assert secretary.post("number", cast.a.id, cast.account("secretary.b"), public="yes").status_code == 404


def test_an_organisation_answers_for_a_community_until_it_ends(secretary: Desk, cast: Cast) -> None:
    secretary.post("sponsor", cast.a.id, name="市示例局", document="示例〔2022〕1号")
    secretary.post("sponsor", cast.a.id, name="市示例局")  # answers already: said, not done twice
    [one] = organisations.sponsors_of([cast.a.place_id])
    assert (one.name, one.document) == ("市示例局", "示例〔2022〕1号")
    assert "市示例局" in words_of(secretary.get("answering", cast.a.id))
    secretary.post("sponsor", cast.a.id, end=str(one.sponsorship_id))
    assert organisations.sponsors_of([cast.a.place_id]) == []
    assert secretary.post("sponsor", cast.a.id, end=str(one.sponsorship_id)).status_code == 404
