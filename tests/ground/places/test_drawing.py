"""Grids over buildings and ten-household groups over doors: proposals, drawing, gaps, overlaps, taking back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import Area, Place
from lianfang.ground.places.rules.drawing import Block, propose_grids, tens
from lianfang.ground.places.types import AreaKind, AreaNameWrong, PlaceNotFound
from tests.fuzzing import examples
from tests.ground.places.conftest import Lists

GRID = AreaKind.GRID


@pytest.fixture
def community(db: None, lists: Lists) -> Place:
    lists.load("2022-01-01", [("621223100005", "新城社区"), ("621223100004", "红河社区")])
    found = queries.by_code("621223100005")
    commands.lay_out(found.place_id, commands.parse_layout("1-4栋，2个单元，6层，每层2户"), by=None, compound="银河小区")
    commands.lay_out(found.place_id, commands.parse_layout("1-2栋，1个单元，3层，每层2户"), by=None, compound="星海小区")
    return found


def sizes(grids: list[list[Block]]) -> list[int]:
    return [sum(block.size for block in grid) for grid in grids]


def blocks(*compounds: tuple[str, list[int]]) -> list[Block]:
    return [Block(uuid4(), name, size) for name, each in compounds for size in each]


def test_a_compound_that_fits_stays_whole_and_small_ones_share() -> None:
    proposed = propose_grids(blocks(("甲", [150, 150]), ("乙", [100, 100]), ("丙", [60]), ("丁", [400])))
    assert sizes(proposed) == [300, 260, 400]
    assert [{block.compound for block in grid} for grid in proposed] == [{"甲"}, {"乙", "丙"}, {"丁"}]


def test_a_large_compound_is_cut_into_equal_neighbours() -> None:
    made = blocks(("银河", [100] * 12))
    proposed = propose_grids(made)
    assert sizes(proposed) == [400, 400, 400]
    assert [block for grid in proposed for block in grid] == made


def test_what_is_left_over_joins_its_neighbour() -> None:
    assert sizes(propose_grids(blocks(("甲", [300]), ("乙", [80])))) == [380]
    assert sizes(propose_grids(blocks(("甲", [480]), ("乙", [80])))) == [480, 80]
    assert propose_grids([]) == []


@given(st.lists(st.tuples(st.sampled_from(["", "甲", "乙"]), st.integers(0, 700)), max_size=30))
@settings(max_examples=examples(100), deadline=None)
def test_every_building_is_in_one_proposed_grid(drawn: list[tuple[str, int]]) -> None:
    made = [Block(uuid4(), compound, size) for compound, size in drawn]
    proposed = propose_grids(made)
    assert sorted(str(block.id) for grid in proposed for block in grid) == sorted(str(block.id) for block in made)
    assert all(grid for grid in proposed)
    largest = max((block.size for block in made), default=0)
    assert all(size <= 500 + largest for size in sizes(proposed))


@pytest.mark.parametrize(
    ("count", "groups"), [(0, []), (3, [3]), (10, [10]), (14, [14]), (15, [8, 7]), (36, [9, 9, 9, 9]), (34, [12, 11, 11])]
)
def test_about_ten(count: int, groups: list[int]) -> None:
    assert tens(count) == groups


def test_grids_are_drawn_and_redrawn(community: Place) -> None:
    rows = queries.grids_of(community).rows
    assert [(row.place.name, row.group, row.units, row.dwellings) for row in rows[3:5]] == [
        ("4栋", "银河小区", 2, 24),
        ("1栋", "星海小区", 1, 6),
    ]
    assert len(queries.grids_of(community).gaps) == 6
    ids = [row.place.place_id for row in rows]
    drawn = commands.draw_areas(
        GRID, community.place_id, {one: ["一网格"] if at < 4 else ["二网格"] for at, one in enumerate(ids)}, by=None
    )
    assert (drawn.changed, drawn.founded, drawn.ended) == (6, 2, 0)
    first, second = queries.grids_of(community).areas
    assert (first.name, second.name) == ("一网格", "二网格")
    assert queries.grids_of(community).gaps == []
    assert queries.belonging_gaps(community, GRID) == []

    again = commands.draw_areas(GRID, community.place_id, {ids[3]: [second.area_id], ids[0]: []}, by=None)
    assert (again.changed, again.founded, again.ended) == (2, 0, 0)
    now = queries.grids_of(community)
    assert [row.areas for row in now.rows] == [(), *[(first.area_id,)] * 2, *[(second.area_id,)] * 3]
    assert [row.place.place_id for row in now.gaps] == [ids[0]]

    commands.draw_areas(GRID, community.place_id, again.undo, by=None)
    assert [row.areas for row in queries.grids_of(community).rows] == [*[(first.area_id,)] * 4, *[(second.area_id,)] * 2]
    nothing = commands.draw_areas(GRID, community.place_id, {ids[0]: [first.area_id]}, by=None)
    assert nothing.changed == 0


def test_a_grid_in_which_nothing_is_left_ends_and_comes_back_by_its_name(community: Place) -> None:
    ids = [row.place.place_id for row in queries.grids_of(community).rows]
    commands.draw_areas(GRID, community.place_id, {one: ["一网格"] for one in ids}, by=None)
    moved = commands.draw_areas(GRID, community.place_id, {one: ["二网格"] for one in ids}, by=None)
    assert (moved.founded, moved.ended) == (1, 1)
    assert [area.name for area in queries.grids_of(community).areas] == ["二网格"]
    commands.draw_areas(GRID, community.place_id, moved.undo, by=None)
    assert [area.name for area in queries.grids_of(community).areas] == ["一网格"]


def test_a_grid_of_the_whole_community_is_cut(community: Place) -> None:
    rows = queries.grids_of(community).rows
    whole = commands.found_area(GRID, "整个社区", community.place_id, [community.place_id], by=None)
    assert all(row.areas == (whole,) for row in queries.grids_of(community).rows)
    commands.draw_areas(GRID, community.place_id, {rows[0].place.place_id: ["一网格"]}, by=None)
    assert [len(row.areas) for row in queries.grids_of(community).rows] == [1] * 6
    assert queries.grids_of(community).overlaps == []


def test_what_lies_in_several_grids_or_in_part_of_one_is_told(community: Place) -> None:
    first, second = (row.place for row in queries.grids_of(community).rows[:2])
    unit = queries.children(first)[0]
    one = commands.found_area(GRID, "一网格", community.place_id, [first.place_id, second.place_id], by=None, excluded=[unit.place_id])
    two = commands.found_area(GRID, "二网格", community.place_id, [unit.place_id, second.place_id], by=None)
    drawing = queries.grids_of(community)
    assert {row.place.id for row in drawing.overlaps} == {first.id, second.id}
    assert set(drawing.rows[0].partly) == {one, two}
    commands.draw_areas(GRID, community.place_id, {first.place_id: [one], second.place_id: [one, two]}, by=None)
    drawing = queries.grids_of(community)
    assert drawing.rows[0].areas == (one,)
    assert set(drawing.rows[1].areas) == {one, two}


def test_ten_household_groups_keep_to_their_unit(community: Place) -> None:
    building = queries.buildings_of(community)[0]
    drawing = queries.groups_of(building)
    assert len(drawing.rows) == 24
    proposed = queries.proposed_groups(drawing)
    assert [(len(group), group[0].name, group[-1].name) for group in proposed] == [(12, "101", "602"), (12, "101", "602")]
    targets = {door.place_id: [f"1栋第{number}组"] for number, group in enumerate(proposed, 1) for door in group}
    commands.draw_areas(AreaKind.TEN_HOUSEHOLDS, community.place_id, targets, by=None)
    again = queries.groups_of(building)
    assert [area.name for area in again.areas] == ["1栋第1组", "1栋第2组"]
    assert (again.gaps, again.overlaps) == ([], [])
    assert queries.groups_of(queries.buildings_of(community)[1]).areas == ()  # those of another building are not shown


def test_a_proposal_goes_by_the_households_that_are_known(community: Place) -> None:
    drawing = queries.grids_of(community)
    assert [len(grid) for grid in queries.proposed_grids(drawing)] == [6]
    many = {row.place.id: 200 for row in drawing.rows}
    assert [[one.name for one in grid] for grid in queries.proposed_grids(drawing, many)] == [
        ["1栋", "2栋"],
        ["3栋", "4栋"],
        ["1栋", "2栋"],
    ]


def test_what_cannot_be_drawn_is_refused_and_changes_nothing(community: Place) -> None:
    building = queries.buildings_of(community)[0].place_id
    elsewhere = queries.by_code("621223100004").place_id
    for targets, refusal in (
        ({building: [" "]}, AreaNameWrong),
        ({building: ["长" * 81]}, AreaNameWrong),
        ({elsewhere: ["一网格"]}, PlaceNotFound),
        ({building: [uuid4()]}, PlaceNotFound),
    ):
        with pytest.raises(refusal):
            commands.draw_areas(GRID, community.place_id, targets, by=None)  # type: ignore[arg-type]  # an id of nothing
    assert not Area.objects.filter(kind=GRID).exists()
