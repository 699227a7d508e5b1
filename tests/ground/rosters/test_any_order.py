"""However columns, fillers and merges are arranged, the same persons are read; and many rows are read in seconds."""

from __future__ import annotations

import time
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.rosters.rules import columns, rows
from lianfang.ground.rosters.types import RowKind
from lianfang.kernel.sheets import Cell, Merged, Sheet
from tests.factories.rosters import SEXES, WORDS, Person, households
from tests.fuzzing import FULL, examples

HEADINGS = {
    "number": ("序号", "编号"),
    "name": ("姓名", "居民姓名", "家庭成员姓名"),
    "sex": ("性别", "性 别"),
    "paper": ("身份证号", "公民身份号码", "证件号码*"),
    "phone": ("联系电话", "手机号码", "联系方式"),
    "relation": ("与户主关系", "关系"),
    "door": ("现住址", "家庭住址", "房号"),
    "foreign": ("是否党员", "登记人", "民族"),
}
TITLES: tuple[list[Cell], ...] = (["银河小区住户名册"], [None], ["填报单位：新城社区", None, "2022年3月"])
BETWEEN: tuple[list[Cell], ...] = ([], ["—————"], ["小计", None, "3人"], ["注：以上为常住人口。"])


def cell(column: str, person: Person, number: int, *, head: bool) -> Cell:
    return {
        "number": number, "name": person.name, "sex": SEXES[person.sex], "paper": person.paper, "phone": person.phone,
        "relation": WORDS[person.relation], "door": "-".join(person.door) if head else None, "foreign": "否",
    }[column]  # fmt: skip


@st.composite
def arranged(draw: st.DrawFn) -> tuple[Sheet, list[Person]]:
    """A sheet of some households: any order of columns, any headings for them, titles above, lines between, merges or empty cells."""
    order = draw(st.permutations(sorted(HEADINGS)))
    headings: list[Cell] = [draw(st.sampled_from(HEADINGS[column])) for column in order]
    start = draw(st.integers(0, 700))
    some = households()[start : start + draw(st.integers(2, 6))]
    found: list[list[Cell]] = [*draw(st.lists(st.sampled_from(TITLES), max_size=3)), headings]
    merged: list[Merged] = []
    people: list[Person] = []
    door, merges, repeats = order.index("door"), draw(st.booleans()), draw(st.booleans())
    for household in some:
        begins = len(found)
        for at, person in enumerate(household):
            found.append([cell(column, person, len(people) + 1, head=at == 0) for column in order])
            people.append(person)
        if merges and len(household) > 1:
            merged.append(Merged(begins, door, len(found) - 1, door))
        found += draw(st.lists(st.sampled_from(BETWEEN), max_size=2))
        if repeats:
            found.append(headings)
    return Sheet("名单", hidden=False, rows=found, merged=tuple(merged)), people


@settings(max_examples=examples(30), deadline=None)
@given(arranged())
def test_any_arrangement_reads_to_the_same_persons(made: tuple[Sheet, list[Person]]) -> None:
    sheet, people = made
    found = [row for row in rows.read(sheet, columns.guess(sheet)) if row.kind is RowKind.PERSON]
    assert [(row.name, row.sex, row.paper, row.phones, row.relation, (row.building, row.unit, row.room)) for row in found] == [
        (one.name, one.sex, one.paper, (one.phone,), one.relation, one.door) for one in people
    ]
    assert len({row.household for row in found}) == len({one.door for one in people})
    assert not any(row.waits for row in found)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.dates()), max_size=8), max_size=30))
def test_no_sheet_brings_the_reader_down(cells: list[list[Cell]]) -> None:
    sheet = Sheet("x", hidden=False, rows=[["姓名", "身份证号", "电话", "地址", "出生日期", "关系", "楼栋", "房号"], *cells], merged=())
    found = list(rows.read(sheet, columns.guess(sheet), today=date(2022, 3, 15)))
    assert all(1 < row.number <= len(cells) + 1 for row in found)


def test_many_rows_are_read_in_seconds() -> None:
    many = 20_000 if FULL else 5_000
    people = [person for household in households() for person in household]
    lines: list[list[Cell]] = [["姓名", "性别", "身份证号", "电话", "楼栋", "单元", "房号", "关系", "备注"]]
    for number in range(many):
        one = people[number % len(people)]
        lines.append([one.name, SEXES[one.sex], one.paper, one.phone, number // 2000, one.unit, one.room, WORDS[one.relation], None])
    sheet = Sheet("名单", hidden=False, rows=lines, merged=())
    began = time.process_time()
    count = sum(row.kind is RowKind.PERSON for row in rows.read(sheet, columns.guess(sheet)))
    took = time.process_time() - began
    assert count == many
    assert took < many / 1300, f"{took:.1f} s of processor time"
