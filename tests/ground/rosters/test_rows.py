"""What single rows of a sheet say: vacant homes, notes in names, days that cannot be, addresses in pieces."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lianfang.ground.people.types import Relation
from lianfang.ground.rosters.rules import columns, rows
from lianfang.ground.rosters.rules.headings import meaning
from lianfang.ground.rosters.rules.spots import spot
from lianfang.ground.rosters.rules.standing import building_line
from lianfang.ground.rosters.rules.values import text_of
from lianfang.ground.rosters.types import PLACE_COLUMNS, Column, RosterRow, RowKind
from lianfang.kernel.sheets import Cell, Merged, Sheet
from tests.factories.people import paper_number

TODAY = date(2022, 3, 15)
HEADINGS = ["姓名", "性别", "出生日期", "身份证号", "与户主关系", "小区名称", "楼栋", "单元", "房号", "居住情况", "备注"]
C = Column


def read(*lines: list[Cell], headings: list[str] = HEADINGS, merged: tuple[Merged, ...] = ()) -> list[RosterRow]:
    sheet = Sheet("名册", hidden=False, rows=[list(headings), *lines], merged=merged)
    return list(rows.read(sheet, columns.guess(sheet), today=TODAY))


def line(name: str = "王示例", **cells: Cell) -> list[Cell]:
    told: dict[str, Cell] = {"小区名称": "银河小区", "楼栋": "3", "单元": "2", "房号": "501", "姓名": name, **cells}
    return [told.get(heading) for heading in HEADINGS]


def faults(row: RosterRow) -> set[tuple[Column, str]]:
    return {(fault.column, fault.why.code) for fault in row.faults}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (line("空置"), RowKind.DOOR),
        (line("", 居住情况="空置"), RowKind.DOOR),
        (line("", 备注="常年无人"), RowKind.DOOR),
        ([None] * 9 + ["空置", None], RowKind.FILLER),
        (["无"] + [None] * 9 + ["等物业确认"], RowKind.FILLER),
        (line("王示例"), RowKind.PERSON),
    ],
)
def test_a_row_that_names_nobody_is_a_door_where_it_says_which(told: list[Cell], kind: RowKind) -> None:
    [row] = read(told)
    assert row.kind is kind
    assert (row.building, row.unit, row.room) == (("", "", "") if kind is RowKind.FILLER else ("3", "2", "501"))


def test_an_error_of_excel_is_nothing_and_said() -> None:
    hash_name, broken = read(line("王示例", 备注="#常住"), line("王示例", 备注="#REF!", 性别="#N/A"))
    assert faults(hash_name) == set()
    assert faults(broken) == {(C.REMARK, "cell_broken"), (C.SEX, "cell_broken")}
    assert (broken.sex, broken.remark) == (None, "")


def test_the_relation_may_stand_behind_the_name_or_in_the_column_of_the_head() -> None:
    [behind] = read(line("王示例（户主）"))
    assert (behind.name, behind.relation, behind.remark) == ("王示例", Relation.HEAD, "")
    head, other = read(["王示例", "王示例", "3-2-501"], ["王示例", "张示范", "3-2-501"], headings=["户主姓名", "姓名", "家庭住址"])
    assert (head.relation, other.relation) == (Relation.HEAD, None)


def test_what_the_paper_says_of_day_and_sex_holds_and_what_contradicts_it_is_told() -> None:
    paper = paper_number(1, date(1980, 5, 4))  # an odd order: a man
    [told] = read(line(身份证号=paper, 出生日期="1981-01-01", 性别="女"))
    assert told.birth == date(1980, 5, 4)
    assert told.sex is not None
    assert told.sex.value == "male"
    assert {(C.BIRTH, "birth_as_on_paper"), (C.SEX, "sex_as_on_paper")} <= faults(told)
    [ahead] = read(line(出生日期="2023-01-01"))
    assert ahead.birth is None
    assert (C.BIRTH, "birth_ahead") in faults(ahead)


def test_a_merge_speaks_for_what_it_covers() -> None:
    """One downwards over the room marks a household; one across two cells of a row only fills them; one beyond the rows is nothing."""
    lines = [line("王示例"), line("张示范", 房号=None), line("钱示一", 房号="502")]
    room = HEADINGS.index("房号")
    remark = HEADINGS.index("备注")
    merged = (Merged(1, room, 2, room), Merged(3, room + 1, 3, remark), Merged(90, 0, 91, 1), Merged(1, remark, 2, remark))
    one, other, third = read(*lines, merged=merged)
    assert one.room == other.room == "501"
    assert one.household == other.household != third.household


def test_a_floor_alone_is_no_address() -> None:
    [row] = read(["王示例", "男", 3], headings=["姓名", "性别", "楼层"])
    assert (C.ADDRESS, "address_missing") in faults(row)
    assert row.waits
    [vacant] = read(["空置", None, 3], headings=["姓名", "性别", "楼层"])
    assert vacant.kind is RowKind.FILLER


def parts(**said: str) -> tuple[str, ...]:
    return tuple(said.get(column.value, "") for column in PLACE_COLUMNS)


@pytest.mark.parametrize(
    ("said", "sheet", "found"),
    [
        (parts(address="东侧平房"), "3", ("3栋东侧平房", "3", "", "")),
        (parts(address="2单元501室"), "", ("2单元501室", "", "2", "501")),
        (parts(compound="银河小区", address="银河小区3栋2单元501"), "", ("银河小区3栋2单元501室", "3", "2", "501")),
        (parts(compound="银河小区", address="3-2-501"), "", ("银河小区3栋2单元501室", "3", "2", "501")),
        (parts(address="2-501"), "3", ("3栋2单元501室", "3", "2", "501")),
        (parts(address="1203-501"), "", ("1203-501", "", "", "")),
    ],
)
def test_an_address_in_pieces(said: tuple[str, ...], sheet: str, found: tuple[str, ...]) -> None:
    assert tuple(spot(said, sheet)) == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [(["3栋2单元"], ("3", "2")), (["二单元（共24户）", None], ("", "2")), (["3栋", "2单元"], None), (["合计"], None), ([], None)],
)
def test_a_line_between_the_rows_that_names_a_building(cells: list[Cell], found: tuple[str, str] | None) -> None:
    assert building_line(cells) == found


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("　王 示例\xa0", "王 示例"),
        ("#REF!", ""),
        (datetime(2022, 3, 11, 9), "2022-03-11"),  # noqa: DTZ001 - Excel knows no zones
        (date(2022, 3, 11), "2022-03-11"),
        (3, "3"),
    ],
)
def test_a_cell_as_text(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("heading", "above", "column"),
    [
        ("", "身份证号码", C.PAPER),  # merged downwards: the lower line is empty
        ("号码", "身份证", C.PAPER),
        ("号码", "身份证号码", C.PAPER),
        ("号码", "身份证号码/电话", C.PAPER),
        ("号码", "证件信息", C.PAPER),
        ("号", "身份证", C.PAPER),
        ("号码", "联系方式", C.PHONE),
        ("号码", "电话", C.PHONE),
        ("号码", "监护人", C.NONE),
        ("身份证号码", "身份证号码", C.PAPER),
        ("其他", "情况", C.NONE),
        ("省市", "户籍所在地", C.REGISTERED),
        ("姓名", "紧急联系人", C.NONE),
    ],
)
def test_what_stands_over_a_heading_counts(heading: str, above: str, column: Column) -> None:
    assert meaning(heading, above).column is column


def test_a_column_of_rooms_that_holds_addresses_is_one_of_addresses() -> None:
    sheet = Sheet("名册", hidden=False, rows=[["姓名", "房号"], *([name, f"3-2-{number}01"] for number, name in enumerate(["王示例", "张示范", "钱示一", "周示二"], 1))], merged=())  # fmt: skip
    assert [guess.column for guess in columns.guess(sheet).guesses] == [C.NAME, C.ADDRESS]


def test_the_same_as_above_is_what_stands_above() -> None:
    rows = read(
        line("王示例", 与户主关系="户主"),
        ["张示例", "同上", None, None, "同上", "〃", "同上", "同上", "同上", None, None],
        line("李示例", 房号="502"),
        ["孙示例", None, None, None, None, "同上", "同上", "同上", "601", None, None],
    )
    assert [(row.building, row.unit, row.room) for row in rows] == [("3", "2", "501")] * 2 + [("3", "2", "502"), ("3", "2", "601")]
    assert [row.household for row in rows] == ["@2", "@2", "@4", "@5"]
    assert (rows[1].relation, rows[1].sex) == (Relation.OTHER, None), "what speaks for one person alone is not said again"
    [first] = read(["王示例", "同上", "同上"], headings=["姓名", "家庭住址", "联系电话"])
    assert first.address == "同上"
    one, two = read(["王示例", "3-2-501", "15400000001"], ["张示例", "同上", "同上"], headings=["姓名", "家庭住址", "联系电话"])
    assert (one.phones, one.room) == (two.phones, two.room)


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["房号", "成员1姓名", "成员1身份证", "成员2姓名", "成员2身份证"], ["3-2-501", "王示例", None, "张示例", None]),
        (["序号", "姓名", "房号", "序号", "姓名", "房号"], [1, "王示例", "3-2-501", 2, "张示例", "3-2-502"]),
    ],
)
def test_people_side_by_side_in_one_row_wait_and_nobody_is_left_out_silently(headings: list[str], cells: list[Cell]) -> None:
    both, alone = read(cells, [None if cell == "张示例" else cell for cell in cells], headings=headings)
    assert (C.NAME, "names_beside") in faults(both)
    assert faults(alone) == set()
