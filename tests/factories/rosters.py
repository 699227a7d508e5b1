"""The roster of 银河小区 as offices keep such rosters: the same 2,132 invented people in 712 households, in several messy files.

file = messy("a sheet a building")       name, bytes, and for each person the sheet and row where they stand
for written in file.people: …            what a reader must find there, and how the row was spoilt on purpose (or "")
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO

import xlwt
from openpyxl import Workbook

from lianfang.ground.people.rules.papers import check_character
from lianfang.ground.people.types import Relation, Sex

BUILDINGS = {1: 15, 2: 15, 3: 18, 4: 15, 5: 15, 6: 15, 7: 14, 8: 12}
"""Floors by building; each has three units with two doors a floor."""
LEFT_OUT = {(8, 3, "1201"), (8, 3, "1202")}
HOUSEHOLDS, PEOPLE = 712, 2132
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
_GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_RARE = "㛃㭎𬀩𠮷䶮堃"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the roster."""

    name: str
    sex: Sex
    birth: date
    paper: str
    phone: str
    relation: Relation
    building: int
    unit: int
    room: str

    @property
    def door(self) -> tuple[str, str, str]:
        return str(self.building), str(self.unit), self.room


@dataclass(frozen=True, slots=True)
class Written:
    """A person where they stand in a file."""

    sheet: str
    line: int
    person: Person
    spoilt: str = ""


@dataclass(slots=True)
class File:
    """A file with everybody in it, and who stands where."""

    name: str
    content: bytes = b""
    people: list[Written] = field(default_factory=list)


def doors() -> Iterator[tuple[int, int, str]]:
    """All doors in walking order."""
    for building, floors in BUILDINGS.items():
        for unit in (1, 2, 3):
            for floor in range(1, floors + 1):
                for door in (1, 2):
                    if (building, unit, room := f"{floor}{door:02}") not in LEFT_OUT:
                        yield building, unit, room


@lru_cache(maxsize=1)
def households() -> tuple[tuple[Person, ...], ...]:
    """712 households, 2,132 people, the same each time."""
    chance = random.Random(20220311)
    order, found = 0, []
    used: set[str] = set()
    for number, door in enumerate(doors()):
        size = (2, 3, 4, 3)[number % 4] - (number in {100, 200, 300, 400})
        found.append(tuple(_person(chance, order + at, at, door, used) for at in range(max(size, 1))))
        order += size
    return tuple(found)


def _person(chance: random.Random, order: int, at: int, door: tuple[int, int, str], used: set[str]) -> Person:
    relation = (Relation.HEAD, Relation.SPOUSE, Relation.CHILD, Relation.PARENT)[at]
    sex = Sex.MALE if (order + at) % 2 else Sex.FEMALE
    birth = date({0: 1975, 1: 1977, 2: 2005, 3: 1950}[at], 1, 1) + timedelta(days=chance.randrange(3650))
    while (body := f"999999{birth:%Y%m%d}{(order * 2 + (sex is Sex.MALE)) % 1000:03}") in used:
        birth += timedelta(days=1)  # nobody has the number of another
    used.add(body)
    surname = _SURNAMES[(order + at) % len(_SURNAMES)]
    name = f"{surname}示{_RARE[order % 6] if order % 50 == 7 else _GIVEN[order % 22]}"
    return Person(name, sex, birth, body + check_character(body), f"154{order:08}", relation, *door)


WORDS = {Relation.HEAD: "户主", Relation.SPOUSE: "配偶", Relation.CHILD: "子女", Relation.PARENT: "父亲"}
SEXES = {Sex.MALE: "男", Sex.FEMALE: "女"}


def packed(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def three_columns() -> File:
    """One sheet with a title and a line of unit and date, the door in three columns of numbers, telephones as numbers."""
    file, book = File("银河小区住户名册.xlsx"), Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append(["银河小区住户登记表（2022年3月）"])
    sheet.merge_cells("A1:J1")
    sheet.append(["填表单位：新城社区", None, None, None, None, None, None, "2022年3月11日"])
    sheet.append([])
    sheet.append(["序号", "楼号", "单元", "门牌号", "姓名", "性别", "与户主关系", "出生年月日", "身份证号码", "联系电话"])
    line, number = 5, 0
    for household in households():
        for person in household:
            number += 1
            sheet.append(
                [
                    number,
                    person.building,
                    person.unit,
                    int(person.room),
                    person.name,
                    SEXES[person.sex],
                    WORDS[person.relation],
                    person.birth,
                    person.paper,
                    int(person.phone),
                ]
            )
            file.people.append(Written("名册", line, person))
            line += 1
    sheet.append(["合计", None, None, None, f"{number}人"])
    sheet.append(["注：以上数据以公安户籍为准。"])
    file.content = packed(book)
    return file


def a_sheet_a_building() -> File:
    """A sheet a building, the door merged over its household, lines for units, headings again, sums, a note, a hidden sheet."""
    file, book = File("银河小区分栋台账.xlsx"), Workbook()
    book.remove(book.active)
    headings = ["户号", "房号", "家庭成员\n姓名", "与户主\n关系", "证件号码", "手机号", "备注"]
    for building in BUILDINGS:
        sheet = book.create_sheet(f"{building}栋")
        sheet.append([f"银河小区{building}栋居民台账"])
        sheet.merge_cells("A1:G1")
        sheet.append(headings)
        line, unit = 3, 0
        for number, household in enumerate(each for each in households() if each[0].building == building):
            if household[0].unit != unit:
                unit = household[0].unit
                sheet.append([f"{'一二三'[unit - 1]}单元"])
                sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=7)
                line += 1
                if unit > 1:
                    sheet.append(headings)
                    line += 1
            begins = line
            for at, person in enumerate(household):
                sheet.append(
                    [
                        None if at else number + 1,
                        None if at else f"{unit}-{person.room}",
                        person.name,
                        WORDS[person.relation],
                        person.paper,
                        person.phone,
                        "慢病" if at == 3 else None,
                    ]
                )
                file.people.append(Written(sheet.title, line, person))
                line += 1
            for column in (1, 2) if len(household) > 1 else ():
                sheet.merge_cells(start_row=begins, start_column=column, end_row=line - 1, end_column=column)
        sheet.append(["小计", None, f"{line}人"])
        sheet.append(["填表人：王示例", None, None, "审核人：李示例"])
    old = book.create_sheet("旧数据")
    old.append(["姓名", "身份证号"])
    old.append(["赵示旧", "999999196001010011"])
    old.sheet_state = "hidden"
    file.content = packed(book)
    return file


def one_column_gb18030() -> File:
    """A text table in GB 18030: the address in one column in five ways, telephones with spaces or two in a cell, X in small letters."""
    file, lines = File("住户信息导出.csv"), ["姓名,性别,身份证号,电话,现住址,与户主关系,民族"]
    ways: Sequence[Callable[[Person], str]] = (
        lambda one: f"{one.building}-{one.unit}-{one.room}",
        lambda one: f"{one.building}栋{one.unit}单元{one.room}室",
        lambda one: _wide(f"{one.building}#{one.unit}-{one.room}"),
        lambda one: f"银河小区{one.building}号楼{one.unit}单元{one.room}",
        lambda one: f"{one.building}幢—{one.unit}—{one.room}",
    )
    line = 2
    for number, household in enumerate(households()):
        for at, person in enumerate(household):
            phone = person.phone
            if at == 1:
                phone = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
            elif at == 2:
                phone = f"{phone}、{household[0].phone}"
            address = ways[number % 5](person) if at == 0 else ""
            lines.append(f"{person.name},{SEXES[person.sex]},{person.paper.lower()},{phone},{address},{WORDS[person.relation]},汉")
            file.people.append(Written("住户信息导出", line, person))
            line += 1
    file.content = "\r\n".join(lines).encode("gb18030")
    return file


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def old_with_two_headings() -> File:
    """An .xls with two rows of headings, of which some are merged downwards and some over their columns."""
    file, book = File("常住人口.xls"), xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("常住人口")
    sheet.write_merge(0, 0, 0, 8, "新城社区常住人口登记簿")
    for at, heading in enumerate(("序号", "姓名", "性别")):
        sheet.write_merge(1, 2, at, at, heading)
    sheet.write_merge(1, 1, 3, 5, "居住地址")
    for at, heading in enumerate(("楼栋", "单元", "室"), start=3):
        sheet.write(2, at, heading)
    sheet.write_merge(1, 1, 6, 7, "证件及联系")
    sheet.write(2, 6, "公民身份号码")
    sheet.write(2, 7, "联系方式")
    sheet.write_merge(1, 2, 8, 8, "关系")
    line = 4
    for number, household in enumerate(households()):
        for at, person in enumerate(household):
            door = (f"{person.building}栋", f"{person.unit}单元", f"{person.room}室") if at == 0 else ("", "", "")
            cells = (
                number + 1 if at == 0 else "",
                person.name,
                SEXES[person.sex],
                *door,
                person.paper,
                person.phone,
                f"{WORDS[person.relation]}",
            )
            for column, cell in enumerate(cells):
                if cell != "":
                    sheet.write(line - 1, column, cell)
            file.people.append(Written("常住人口", line, person))
            line += 1
    out = BytesIO()
    book.save(out)
    file.content = out.getvalue()
    return file


SPOILS = ("ruined", "wrong check", "no name", "short phone", "two people", "")


def spoilt() -> File:
    """Five households of building 1 with every sixth row in order and the others spoilt, each in its own way."""
    file, book = File("问题名册.xlsx"), Workbook()
    sheet = book.active
    sheet.title = "1栋"
    sheet.append(["姓名", "身份证号", "手机", "地址"])
    people = [person for household in households()[:8] for person in household][:18]
    for number, person in enumerate(people):
        how = SPOILS[number % len(SPOILS)]
        name, paper, phone = person.name, person.paper, person.phone
        sheet.append(
            [
                "" if how == "no name" else f"{name}、李示例" if how == "two people" else name,
                int(paper[:17] + "0")
                if how == "ruined"
                else paper[:17] + ("0" if paper[17] != "0" else "1")
                if how == "wrong check"
                else paper,
                phone[:10] if how == "short phone" else phone,
                f"{person.building}-{person.unit}-{person.room}",
            ]
        )
        file.people.append(Written("1栋", number + 2, person, how))
    file.content = packed(book)
    return file


STYLES: dict[str, Callable[[], File]] = {
    "three columns": three_columns,
    "a sheet a building": a_sheet_a_building,
    "one column, GB 18030": one_column_gb18030,
    "old, two headings": old_with_two_headings,
}


def messy(style: str) -> File:
    """The roster in one of STYLES."""
    return STYLES[style]()
