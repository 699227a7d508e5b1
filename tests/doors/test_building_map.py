"""The building map: columns, folding, order of walking; plain values, no database."""

from __future__ import annotations

from html import escape
from uuid import UUID

import pytest

from lianfang.doors.desk.parts import bars, heat
from lianfang.doors.desk.parts.building import Door, building_map, next_door
from lianfang.doors.desk.templatetags.cells import cell


def door(number: int, label: str, floor: int | None, *, unit: str = "1单元", state: str = "none", kind: str = "dwelling") -> Door:
    return Door(UUID(int=number), label, unit, floor, number, kind, state)


def floors(count: int, *, per_floor: int = 2, unit: str = "1单元") -> list[Door]:
    return [
        door(floor * 100 + turn, f"{floor}{turn:02d}", floor, unit=unit)
        for floor in range(count, 0, -1)
        for turn in range(1, per_floor + 1)
    ]


def test_rows_run_from_the_top_floor_down_and_columns_by_the_end_of_the_label() -> None:
    drawn = building_map(floors(3))
    assert [[door and door.label for door in cells] for row in drawn.rows for _, cells in row.floors] == [
        ["301", "302"],
        ["201", "202"],
        ["101", "102"],
    ]
    assert drawn.wings[0].columns == ("01", "02")
    assert not drawn.mini


def test_a_door_missing_on_a_floor_leaves_its_cell_empty() -> None:
    drawn = building_map([one for one in floors(3) if one.label != "202"])
    assert [cells[1] is None for row in drawn.rows for _, cells in row.floors] == [False, True, False]


def test_units_of_different_height_stand_on_the_same_floors() -> None:
    drawn = building_map([*floors(3), *list(floors(2, unit="2单元"))])
    assert [[floor for floor, _ in row.floors] for row in drawn.rows] == [[3, 3], [2, 2], [1, 1]]
    assert drawn.rows[0].floors[1][1] == (None, None)


def test_above_24_floors_a_unit_folds_in_two_and_cells_shrink() -> None:
    drawn = building_map(floors(40, per_floor=4))
    assert (drawn.mini, drawn.folded, len(drawn.wings), len(drawn.rows)) == (True, True, 2, 20)
    assert [(wing.low, wing.high, wing.first) for wing in drawn.wings] == [(21, 40, True), (1, 20, False)]
    assert [floor for floor, _ in drawn.rows[0].floors] == [40, 20]
    assert [number for number, row in enumerate(drawn.rows) if row.band] == [10]


def test_a_tall_building_may_stand_in_one_column() -> None:
    drawn = building_map(floors(40), fold=False)
    assert (drawn.mini, drawn.folded, len(drawn.rows)) == (True, False, 40)


def test_labels_that_say_nothing_of_the_floor_stand_by_their_turn() -> None:
    drawn = building_map([door(1, "东户", 1), door(2, "西户", 1)])
    assert drawn.wings[0].columns == ("01", "02")


def test_labels_that_end_alike_do_not_swallow_each_other() -> None:
    drawn = building_map([door(1, "101", 1), door(2, "东101", 1), door(3, "201", 2)])
    assert sum(cell is not None for row in drawn.rows for _, cells in row.floors for cell in cells) == 3


def test_houses_stand_in_a_grid_of_their_own() -> None:
    drawn = building_map([door(1, "院", None, unit="")])
    assert (list(drawn.rows), [house.label for house in drawn.houses]) == ([], ["院"])


def test_counts_tell_open_from_settled() -> None:
    drawn = building_map(
        [door(1, "101", 1, state="seen"), door(2, "102", 1, state="dark"), door(3, "201", 2), door(4, "202", 2, state="shut")]
    )
    assert (drawn.doors, drawn.settled, drawn.still_open) == (4, 2, 2)


def test_every_cell_knows_its_row_and_column_for_the_arrow_keys() -> None:
    drawn = building_map([*floors(2), *floors(2, unit="2单元")])
    assert [(cell.row, cell.column) for row in drawn.rows for _, cells in row.floors for cell in cells if cell] == [
        (0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("after", "expected"), [(201, "102"), (102, "202"), (999, "202")])
def test_after_a_record_comes_the_next_open_door_and_from_the_end_the_first(after: int, expected: str) -> None:
    doors = [door(202, "202", 2), door(201, "201", 2, state="seen"), door(101, "101", 1, state="seen"), door(102, "102", 1)]
    following = next_door(doors, UUID(int=after))
    assert following is not None
    assert following.label == expected


def test_where_every_other_door_is_settled_there_is_no_next() -> None:
    assert next_door([door(1, "101", 1), door(2, "102", 1, state="seen")], UUID(int=1)) is None


@pytest.mark.parametrize(
    ("still_open", "doors", "step"), [(0, 84, "0"), (4, 84, "1"), (5, 84, "2"), (9, 84, "3"), (17, 84, "4"), (0, 0, "x")]
)
def test_heat_goes_by_the_share_still_open(still_open: int, doors: int, step: str) -> None:
    assert heat.step(still_open, doors) == step


def test_bars_scale_to_a_round_number_and_never_divide_by_nothing() -> None:
    from datetime import date

    drawn = bars.bars([bars.Day(date(2026, 3, 1), 0, 0), bars.Day(date(2026, 3, 2), 680, 400)])
    assert drawn.scale == 1000
    assert not drawn.empty
    assert bars.bars([bars.Day(date(2026, 3, 1), 0, 0)]).empty


def test_what_stands_on_a_door_is_text_and_never_markup() -> None:
    written = '"><script>1</script>'
    door = Door(UUID(int=7), written, "1单元", 1, 1, state="dark", tries=3, told="<i>灯灭</i>")
    said = cell({"kept": '?round=1&fold="no', "may_record": True}, door)
    assert "<script" not in said
    assert "<i>" not in said
    assert said.count(escape(written)) == 3, "in the title, in the label that is read out, and on the cell"
    assert 'href="/desk/places/00000000-0000-0000-0000-000000000007/"' in said
    assert "?round=1&amp;fold=&quot;no" in said
    assert "<b " in said
    assert '<span class="t">' in said
