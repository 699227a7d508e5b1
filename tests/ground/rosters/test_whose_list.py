"""Lists of workers told from lists of residents, and the houses that village addresses name."""

from __future__ import annotations

import pytest

from lianfang.ground.rosters.rules import columns, rows
from lianfang.ground.rosters.rules.spots import Spot, house_of, spot
from lianfang.ground.rosters.types import PLACE_COLUMNS, Column
from lianfang.kernel.sheets import Cell, Sheet


@pytest.mark.parametrize(
    ("name", "lines", "workers"),
    [
        ("Sheet1", [["银河社区网格员名单"], ["姓名", "联系电话", "住址"]], True),
        ("楼栋长", [["姓名", "联系电话", "楼栋"]], True),
        ("名册", [["姓名", "联系电话", "住址", "负责楼栋"]], True),
        ("名册", [["姓名", "与户主关系", "住址", "职务"]], False),
        ("名册", [["银河小区居民花名册（网格员：王示例）"], ["姓名", "联系电话", "住址"]], False),
        ("名册", [["网格员入户摸排登记表"], ["姓名", "联系电话", "住址"]], False),
    ],
)
def test_a_list_of_workers_is_known_by_its_words(name: str, lines: list[list[Cell]], workers: bool) -> None:
    sheet = Sheet(name, False, [*lines, ["王示例", "15400000001", "1-1-101"]], ())
    layout = columns.guess(sheet)
    assert layout.workers is workers
    [row] = [row for row in rows.read(sheet, layout) if row.name]
    assert ("workers_listed" in [fault.why.code for fault in row.faults]) is workers


def spot_of(**said: str) -> Spot:
    parts = [""] * len(PLACE_COLUMNS)
    for column, text in said.items():
        parts[PLACE_COLUMNS.index(Column(column))] = text
    return spot(tuple(parts))


def test_a_group_and_a_number_are_a_house_unless_there_is_a_building() -> None:
    assert spot_of(group="3", room="12号") == ("3组12号", "", "", "")
    assert spot_of(group="西屯", address="12") == ("西屯12号", "", "", "")
    assert spot_of(group="3", building="2", unit="1", room="501") == ("3组2栋1单元501室", "2", "1", "501")
    assert spot_of(group="3组", address="村部旁") == ("3组村部旁", "", "", "")


@pytest.mark.parametrize(
    ("address", "anywhere", "in_village"),
    [
        ("3组12号", "3组12号", "3组12号"),
        ("和平村三组012号", "三组12号", "三组12号"),
        ("王家屯12号院", "王家屯12号", "王家屯12号"),
        ("12号", "", "12号"),
        ("人民大街123号", "", ""),
        ("3-2-501", "", ""),
    ],
)
def test_houses_of_villages(address: str, anywhere: str, in_village: str) -> None:
    assert (house_of(address, in_village=False), house_of(address, in_village=True)) == (anywhere, in_village)
