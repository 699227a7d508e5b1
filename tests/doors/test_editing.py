"""Editing places: laying out with a preview, names, the grid, areas."""

from __future__ import annotations

from lianfang.ground.places import queries as places
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast

PHRASE = "2-3栋，3个单元，18层，每层2户，没有4层，房号为层号加两位"


def test_the_phrase_is_shown_before_it_is_done(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("lay_out", cast.a.id, phrase=PHRASE, step="preview")
    preview = page.context["preview"]
    assert (preview["buildings"], preview["doors"], preview["taken"]) == (["2栋", "3栋"], 204, "")
    assert [row.floors[0][0] for row in preview["map"].rows][-4:] == [5, 3, 2, 1]
    assert len(places.buildings_of(cast.a)) == 1, "nothing was laid out yet"


def test_laying_out_makes_all_doors(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("lay_out", cast.a.id, phrase=PHRASE, compound="示例小区", step="save", follow=True)
    assert "已铺开204户" in words_of(answer)
    assert places.door_counts([cast.a.range]).doors == 8 + 204


def test_what_was_not_understood_is_said_beside_the_phrase(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("lay_out", cast.a.id, phrase="2栋，许多单元", step="preview")
    assert "没看懂" in page.context["form"].errors["phrase"][0]
    missing = secretary.post("lay_out", cast.a.id, phrase="2栋，6层", step="preview")
    assert "没写每层几户" in missing.context["form"].errors["phrase"][0]


def test_a_building_that_is_there_already_is_named_before_and_refused_after(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("lay_out", cast.a.id, phrase="1栋，2层，每层2户", step="preview")
    assert page.context["preview"]["taken"] == "1栋"
    refused = secretary.post("lay_out", cast.a.id, phrase="1栋，2层，每层2户", step="save")
    assert "里已经有“1栋”" in words_of(refused)


def test_renaming_keeps_the_former_name(secretary: Desk, cast: Cast) -> None:
    secretary.post("rename", cast.a_building.id, name="甲1栋")
    assert places.place(cast.a_building.place_id).name == "甲1栋"
    assert "1栋 → 甲1栋" in words_of(secretary.get("place_edit", cast.a_building.id))


def test_an_alias_can_be_taken_back_at_once(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("alias", cast.a_building.id, name="老粮库楼", follow=True)
    [notice] = [notice for notice in answer.context["frame"].notices if notice.undo]
    secretary.client.post(notice.undo, notice.fields)
    assert places.aliases(cast.a_building) == []


def test_on_the_grid_numbers_and_shops_change_together(secretary: Desk, cast: Cast) -> None:
    doors = places.doors_of(cast.a_building)
    fields = {f"label-{door.id}": door.name for door in doors}
    fields |= {f"label-{doors[0].id}": "101A", f"shop-{doors[1].id}": "on"}
    answer = secretary.post("grid", cast.a_building.id, follow=True, do="labels", **fields)
    assert "已存上2处改动" in words_of(answer)
    assert [(door.name, door.kind) for door in places.doors_of(cast.a_building)[:2]] == [("101A", "dwelling"), ("102", "shop")]


def test_two_ticked_doors_become_one(secretary: Desk, cast: Cast) -> None:
    first, second, *_ = places.doors_of(cast.a_building)
    told = secretary.post("grid", cast.a_building.id, follow=True, do="merge", merge=[str(first.id), str(second.id)])
    assert "已合并为一户" in words_of(told)
    assert places.door_counts([cast.a_building.range]).doors == 7


def test_one_door_alone_is_not_merged(secretary: Desk, cast: Cast) -> None:
    first = places.doors_of(cast.a_building)[0]
    told = secretary.post("grid", cast.a_building.id, follow=True, do="merge", merge=[str(first.id)])
    assert "请正好勾选两户" in words_of(told)


def test_a_floor_is_added_to_a_unit(secretary: Desk, cast: Cast) -> None:
    unit = places.children(cast.a_building)[0]
    secretary.post("grid", cast.a_building.id, do="floor", unit=str(unit.id), floor="3", labels="301，302")
    assert [door.name for door in places.doors_of(unit) if door.floor == 3] == ["301", "302"]


def test_an_area_takes_in_the_buildings_that_are_ticked(secretary: Desk, cast: Cast) -> None:
    secretary.post("lay_out", cast.a.id, phrase="2栋，2层，每层2户", step="save")
    second = next(building for building in places.buildings_of(cast.a) if building.name == "2栋")
    made = secretary.post("area_new", cast.a.id, name="第二网格", kind="grid", place=[str(second.id)], follow=True)
    assert "“第二网格”已建立" in words_of(made)
    area = next(one for one in places.areas_within([cast.a.range]) if one.name == "第二网格")
    secretary.post("area_members", area.id, place=[str(second.id), str(cast.a_building.id)])
    assert len(places.members_of(area.area_id)) == 2
    none = secretary.post("area_members", area.id, follow=True)
    assert "片区至少要有一栋楼" in words_of(none)
    assert len(places.members_of(area.area_id)) == 2


def test_whoever_holds_only_the_grid_opens_it(grid_worker: Desk, outsider: Desk, cast: Cast) -> None:
    assert grid_worker.get("area", cast.a_grid).status_code == 200
    assert outsider.get("area", cast.a_grid).status_code == 404


def test_a_grid_worker_edits_doors_and_founds_no_areas(grid_worker: Desk, cast: Cast) -> None:
    assert grid_worker.get("grid", cast.a_building.id).status_code == 200
    assert grid_worker.get("area_new", cast.a.id).status_code == 404


def test_a_place_that_still_holds_people_does_not_end(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("end", cast.a_building.id, on="2026-11-22")
    assert answer.status_code == 200
    assert places.place(cast.a_building.place_id).valid_to is None


def test_people_without_a_fixed_dwelling_get_a_block_and_doors(secretary: Desk, cast: Cast) -> None:
    secretary.post("no_fixed", cast.a.id)
    block = next(one for one in places.buildings_of(cast.a) if one.kind == "no_fixed")
    secretary.post("door_new", block.id, label="桥洞东", kind="bed")
    assert [door.name for door in places.doors_of(block)] == ["桥洞东"]
    assert "桥洞东" in words_of(secretary.get("place", block.id))
