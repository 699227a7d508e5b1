"""Drawing grids and ten-household groups at the desk."""

from __future__ import annotations

from lianfang.ground.places import queries as places
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast


def test_a_proposal_is_shown_and_saves_nothing(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("grids", cast.a.id, do="propose")
    assert page.context["proposed"]
    assert page.context["gaps"] == []
    assert "只是建议" in words_of(page)
    assert places.grids_of(cast.a).overlaps == []


def test_buildings_are_put_into_grids_and_taken_back(secretary: Desk, cast: Cast) -> None:
    building = cast.a_building.id
    before = places.grids_of(cast.a).rows[0].areas
    fields = {"do": "save", f"was-{building}": "".join(map(str, before)), f"to-{building}": "new-1", "name-new-1": "新画的网格"}
    answer = secretary.post("grids", cast.a.id, follow=True, **fields)
    assert "1处改动" in words_of(answer)
    [area] = places.grids_of(cast.a).rows[0].areas
    assert places.area(area).name == "新画的网格"
    assert [line.to for line in answer.context["lines"]] == [str(area)]
    assert "撤回上次保存" in words_of(answer)
    secretary.post("grids", cast.a.id, do="undo")
    assert [places.area(one).name for one in places.grids_of(cast.a).rows[0].areas] == [places.area(one).name for one in before]


def test_a_grid_is_renamed_and_nothing_else_changes(secretary: Desk, cast: Cast) -> None:
    [area] = places.grids_of(cast.a).rows[0].areas
    secretary.post("grids", cast.a.id, **{"do": "save", f"name-{area}": "改名的网格"})
    assert places.area(area).name == "改名的网格"
    assert places.grids_of(cast.a).rows[0].areas == (area,)
    unchanged = secretary.post("grids", cast.a.id, do="save", follow=True)
    assert "没有改动" in words_of(unchanged)


def test_a_grid_without_a_name_is_refused_in_words(secretary: Desk, cast: Cast) -> None:
    answer = secretary.post("grids", cast.a.id, **{"do": "save", f"to-{cast.a_building.id}": "new-1", "name-new-1": " "})
    assert answer.status_code == 422
    assert "1到80个字" in words_of(answer)


def test_ten_household_groups_of_a_building(secretary: Desk, cast: Cast) -> None:
    page = secretary.post("ten_households", cast.a_building.id, do="propose")
    lines, columns = page.context["lines"], {column.key: column.name for column in page.context["columns"]}
    fields = {f"to-{line.id}": line.to for line in lines} | {f"name-{key}": name for key, name in columns.items()}
    secretary.post("ten_households", cast.a_building.id, do="save", **fields)
    drawing = places.groups_of(cast.a_building)
    assert drawing.gaps == []
    assert all(area.name.startswith(cast.a_building.name) for area in drawing.areas)


def test_whoever_only_visits_draws_nothing(grid_worker: Desk, cast: Cast) -> None:
    assert grid_worker.get("grids", cast.a.id).status_code in {403, 404}
