"""The lists people already have are read as they are."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lianfang.ground.accounts.rules.headings import Column, cell_text, column_of, find_headings, place_text, read_day, role_of
from lianfang.ground.accounts.rules.roles import Role


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("姓名", Column.NAME),
        ("姓 名*", Column.NAME),
        ("网格员姓名", Column.NAME),
        ("联系电话", Column.PHONE),
        ("手机号码（必填）", Column.PHONE),
        ("职务", Column.ROLE),
        ("所在社区", Column.COMMUNITY),
        ("小区名称", Column.COMPOUND),
        ("楼栋号", Column.BUILDING),
        ("单元", Column.UNIT),
        ("负责范围", Column.PLACE),
        ("任职截止", Column.ENDS),
        ("序号", None),
        ("身份证号", None),
        (None, None),
        (3, None),
    ],
)
def test_a_heading_says_what_its_column_holds(heading: object, column: Column | None) -> None:
    assert column_of(heading) is column


def test_the_line_with_most_known_headings_is_the_heading() -> None:
    rows = [["甲社区楼栋长姓名表", None, None], ["填表人：刘示甲", "日期", None], ["序号", "姓名", "电话"], [1, "王示例", 15400000001]]
    assert find_headings(rows) == (2, {Column.NAME: 1, Column.PHONE: 2})
    assert find_headings([["a", "b"]]) is None


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("楼栋长", Role.BUILDING_LEADER),
        ("3栋楼长", Role.BUILDING_LEADER),
        ("单元长", Role.UNIT_LEADER),
        ("专职网格员", Role.GRID_WORKER),
        ("党总支书记", Role.COMMUNITY_SECRETARY),
        ("副书记", Role.COMMUNITY_WORKER),
        ("社区工作者", Role.COMMUNITY_WORKER),
        ("building_leader", Role.BUILDING_LEADER),
        ("保洁", None),
        ("", None),
    ],
)
def test_a_word_means_a_role(word: str, role: Role | None) -> None:
    assert role_of(word) is role


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (15400000001, "15400000001"),
        (15400000001.0, "15400000001"),
        (3.5, "3.5"),
        (" 王 ", "王"),
        (datetime(2022, 3, 11), "2022-03-11"),  # noqa: DTZ001 - Excel knows no zones
        (True, ""),
    ],
)
def test_a_cell_says_its_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_place_is_put_together_from_its_columns() -> None:
    assert place_text({Column.UNIT: "2", Column.BUILDING: "3", Column.COMMUNITY: "甲社区"}) == "甲社区3栋2单元"
    assert place_text({Column.BUILDING: "A座", Column.UNIT: "二单元"}) == "A座二单元"
    assert place_text({}) == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-03-11", date(2022, 3, 11)),
        ("2022年3月11日", date(2022, 3, 11)),
        ("2022/3/11", date(2022, 3, 11)),
        ("3月11日", date(2026, 3, 11)),
        ("44631", date(2022, 3, 11)),
        ("２０２２．３．１１", date(2022, 3, 11)),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert read_day(text, date(2026, 11, 22)) == day


@pytest.mark.parametrize("text", ["长期", "2022-13-01", "3月32日", "1"])
def test_what_is_no_day_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_day(text, date(2026, 11, 22))
