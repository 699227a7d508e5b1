"""A place at every level, as those see it who answer for it and those who do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from lianfang.ground.places import commands
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as rounds
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast


@pytest.mark.parametrize("place", ["city", "county", "street", "a", "a_building", "a_door"])
def test_the_city_command_opens_every_level(desk_of: Callable[[str], Desk], cast: Cast, place: str) -> None:
    page = desk_of("city").get("place", getattr(cast, place).id)
    assert page.status_code == 200
    assert getattr(cast, place).name in words_of(page)


def test_a_place_outside_ones_scope_is_the_same_page_as_none_at_all(outsider: Desk, cast: Cast) -> None:
    hidden, absent = outsider.get("place", cast.a.id), outsider.get("place", uuid4())
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert words_of(hidden) == words_of(absent)
    assert "看不到这个地方" in words_of(hidden)
    assert cast.a.name not in words_of(hidden)


def test_places_above_ones_scope_stand_in_the_path_without_a_link(secretary: Desk, cast: Cast) -> None:
    page = secretary.get("place", cast.a.id).content.decode()
    assert cast.city.name in page
    assert reverse("desk:place", args=[cast.city.id]) not in page


def test_every_number_of_the_strip_leads_to_the_same_number_with_its_records(secretary: Desk, cast: Cast) -> None:
    page = secretary.get("place", cast.a.id)
    for item in page.context["strip"]:
        key = item.href.rstrip("/").rsplit("/", 1)[-1]
        today = clock.today()
        assert reading.value(key, [cast.a.range], Period(today, today)).value == item.value, key
        assert secretary.client.get(item.href).status_code == 200


def test_children_add_up_to_the_whole(secretary: Desk, cast: Cast) -> None:
    table = secretary.get("place", cast.a.id, query={"by": "building"}).context["children"]
    assert sum(row.standing.doors for row in table.rows) == table.sum.standing.doors == 8


def test_a_site_is_no_building_and_a_house_is_called_a_house(secretary: Desk, cast: Cast) -> None:
    site = commands.add_site(cast.a.place_id, "甲农贸市场", by=None)
    commands.add_houses(cast.a.place_id, ["1号", "2号"], by=None)
    commands.open_no_fixed_dwelling(cast.a.place_id, by=None)
    assert secretary.get("place", cast.a.id).context["facts"] == ["1网格", "1栋", "2座独院", "1处场所"]
    grid = places.grids_of(cast.a).areas[0]
    assert secretary.get("area", grid.id).context["facts"] == ["1栋"]
    secretary.post("area_members", grid.id, place=[str(cast.a_building.id), str(site)])
    assert secretary.get("area", grid.id).context["facts"] == ["1栋", "1处场所"]
    page = secretary.get("grids", cast.a.id)
    assert [column.places for column in page.context["columns"]] == [1, 0]
    assert page.content.decode().count('data-places="0"') == 2  # the market and the block without fixed dwelling


def test_the_grids_of_a_community_carry_a_cell_for_each_building(secretary: Desk, cast: Cast) -> None:
    table = secretary.get("place", cast.a.id).context["children"]
    [grid] = table.rows
    assert grid.name == "甲一网格"
    assert [(cell.name, cell.still_open, cell.doors, cell.step) for cell in grid.cells] == [("1栋", 8, 8, "4")]


def test_a_page_that_still_stands_is_not_made_again(secretary: Desk, cast: Cast) -> None:
    first = secretary.get("place", cast.a.id)
    assert secretary.get("place", cast.a.id, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert secretary.get("place", cast.a.id, **{"If-None-Match": '"another"'}).status_code == 200


def test_no_page_stands_for_longer_than_a_minute(secretary: Desk, cast: Cast) -> None:
    """What is due passes without a record, and what comes late is not the last one at the place."""
    moment = (clock.now() + timedelta(minutes=2)).replace(second=20)
    with clock.frozen(moment):
        mark = {"If-None-Match": secretary.get("place", cast.a.id)["ETag"]}
    with clock.frozen(moment + timedelta(seconds=30)):
        assert secretary.get("place", cast.a.id, **mark).status_code == 304
    with clock.frozen(moment + timedelta(seconds=60)):
        assert secretary.get("place", cast.a.id, **mark).status_code == 200


def test_what_is_missing_comes_first_with_the_button_that_mends_it(secretary: Desk, cast: Cast) -> None:
    todos = secretary.get("place", cast.a.id).context["todos"]
    assert [(todo.value, str(todo.text)) for todo in todos] == [(8, "一次都没去过"), (1, "楼没有楼栋长")]
    for todo in todos:
        assert secretary.client.get(todo.href).status_code == 200


def test_a_gap_in_who_answers_is_a_row_of_its_own(secretary: Desk, cast: Cast) -> None:
    page = secretary.get("place", cast.a_building.id)
    gaps = [answer for answer in page.context["answers"] if answer.gap]
    assert [gap.role for gap in gaps] == ["building_leader"]
    assert f"where={cast.a_building.id}" in gaps[0].href


def test_open_doors_stand_in_walking_order_from_the_top_floor_down(secretary: Desk, cast: Cast) -> None:
    rows = secretary.get("open_doors", cast.a.id).context["rows"]
    assert [row["label"] for row in rows] == ["201", "202", "101", "102"] * 2
    assert [row["group"] for row in rows if row["group"]] == ["1栋1单元", "1栋2单元"]


def test_open_doors_are_no_list_above_the_community(desk_of: Callable[[str], Desk], cast: Cast) -> None:
    assert desk_of("city").get("open_doors", cast.city.id).status_code == 404


def test_a_visit_changes_map_strip_and_history(town: Cast) -> None:
    secretary = Desk(signed_in("secretary.a"))
    rounds.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker, people_seen=2)
    fold_all()
    strip = {item.href.rstrip("/").rsplit("/", 1)[-1]: item.value for item in secretary.get("place", town.a.id).context["strip"]}
    assert (strip["doors_settled"], strip["doors_open"]) == (1, 7)
    drawn = secretary.get("place", town.a_building.id).context["map"]
    assert (drawn.settled, drawn.counts["seen"], drawn.counts["none"]) == (1, 1, 7)
    assert "见面，见到2人" in words_of(secretary.get("history", town.a.id))
    [today] = [bar for bar in secretary.get("place", town.a.id).context["bars"].bars if bar.today]
    assert (today.of.visits, today.of.settled) == (1, 1)


def test_the_number_of_a_colleague_is_given_on_demand_only(secretary: Desk, outsider: Desk, cast: Cast) -> None:
    worker = cast.grid_worker.account_id
    assert "15400000902" not in secretary.get("place", cast.a.id).content.decode()
    assert "15400000902" in secretary.post("call", cast.a.id, worker).content.decode()
    assert outsider.post("call", cast.a.id, worker).status_code == 404
    assert secretary.post("call", cast.a.id, cast.outsider.account_id).status_code == 404


def test_the_entry_places_leads_a_grid_worker_to_the_grid(desk_of: Callable[[str], Desk], cast: Cast) -> None:
    worker = desk_of("grid.a")
    sent = worker.get("places")
    assert sent.status_code == 302
    assert "甲一网格" in words_of(worker.client.get(sent["Location"]))
