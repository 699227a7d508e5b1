"""What cells say, as people write them and as Excel leaves them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lianfang.ground.people.types import PaperCheckWrong, PaperKind, PhoneLengthWrong, PhoneUnreadable, Relation, ResidenceKind, Sex
from lianfang.ground.rosters.rules import staged, values
from lianfang.ground.rosters.rules.living import kinds_of, means_vacant
from lianfang.ground.rosters.rules.spots import Spot, spot
from lianfang.ground.rosters.types import (
    PLACE_COLUMNS,
    Column,
    DayUnreadable,
    DayWithoutYear,
    NameMissing,
    NameSeveral,
    NameWithNote,
    PaperKindUnknown,
    PaperNotWritten,
    PaperOfFifteen,
    PaperRuined,
    PhoneRuined,
    RelationUnknown,
    SexUnknown,
)
from lianfang.kernel.errors import Refused
from lianfang.kernel.sheets import Cell
from tests.factories.people import paper_number

TODAY = date(2022, 3, 15)
GOOD = paper_number(1)


def why(faults: values.Faults) -> list[type]:
    return [type(fault.why) for fault in faults]


@pytest.mark.parametrize(
    ("cell", "number", "wrong"),
    [
        (GOOD, GOOD, []),
        (f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ", GOOD, []),
        ("９" * 6 + GOOD[6:], GOOD, []),
        (2.2e17, None, [PaperRuined]),
        ("2.2E+17", None, [PaperRuined]),
        ("2.20104199003071E+17", None, [PaperRuined]),
        ("220104199003070000", None, [PaperRuined]),
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), None, [PaperCheckWrong]),
        ("999999800504001", "999999198005040015", [PaperOfFifteen]),
        (999999800504001, "999999198005040015", [PaperOfFifteen]),
        ("未带", None, [PaperNotWritten]),
        ("无", None, []),
        ("-", None, []),
        (None, None, []),
    ],
)
def test_papers(cell: Cell, number: str | None, wrong: list[type]) -> None:
    paper, faults = values.read_papers(cell)
    assert (paper.number if paper else None, why(faults)) == (number, wrong)


def test_a_small_x_is_the_same_number() -> None:
    number = next(number for number in map(paper_number, range(1, 60)) if number.endswith("X"))
    assert values.read_papers(number.lower())[0] == values.read_papers(number)[0]


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("护照", "E12345678", PaperKind.PASSPORT),
        ("居民身份证", GOOD, PaperKind.RESIDENT_ID),
        ("港澳居民来往内地通行证", "H12345678", PaperKind.HKM_TRAVEL),
        ("军官证", "甲字第12345号", PaperKind.OTHER),
    ],
)
def test_the_kind_of_paper_is_taken_from_its_column(kind: str, number: str, found: PaperKind) -> None:
    paper, faults = values.read_papers(number, kind)
    assert paper is not None
    assert (paper.kind, faults) == (found, [])


def test_an_unknown_kind_of_paper_is_guessed_and_said() -> None:
    assert why(values.read_papers(GOOD, "某某证")[1]) == [PaperKindUnknown]
    paper, _ = values.read_papers("", "无证件")
    assert paper is not None
    assert paper.kind is PaperKind.NONE


@pytest.mark.parametrize(
    ("cell", "phones", "wrong"),
    [
        ("15400000001", ("15400000001",), []),
        (15400000001, ("15400000001",), []),
        ("154 0000 0001", ("15400000001",), []),
        ("154-0000-0001", ("15400000001",), []),
        ("+86 15400000001", ("15400000001",), []),
        ("１５４００００ ０００１", ("15400000001",), []),
        ("15400000001/15400000002", ("15400000001", "15400000002"), []),
        ("15400000001 15400000002", ("15400000001", "15400000002"), []),
        ("15400000001\n15400000002", ("15400000001", "15400000002"), []),
        ("15400000001（儿子）、0431-81234567", ("15400000001", "0431-81234567"), []),
        ("15400000001 0431-81234567", ("15400000001", "0431-81234567"), []),
        ("1540000000", (), [PhoneLengthWrong]),
        ("15400000001、12", ("15400000001",), [PhoneUnreadable]),
        (1.54e10 + 0.5, (), [PhoneRuined]),
        ("1.54E+10", (), [PhoneRuined]),
        ("无", (), []),
        ("没有电话", (), []),
    ],
)
def test_telephones(cell: Cell, phones: tuple[str, ...], wrong: list[type]) -> None:
    found, faults = values.read_phones(cell)
    assert (found, why(faults)) == (phones, wrong)


@pytest.mark.parametrize(
    "cell",
    [
        date(2022, 3, 12), datetime.fromisoformat("2022-03-12T08:30"), 44632, "44632", "2022.3.12", "2022-03-12", "2022/3/12", "20220312", 20220312, "2022年3月12日", "2022年03月12号",
        "二〇二二年三月十二日", "2022.03.12 下午", "2022-03-12 08:30:00", "２０２２．３．１２", "22.3.12",
    ],
)  # fmt: skip
def test_days(cell: Cell) -> None:
    assert values.read_day(cell, Column.ARRIVED, TODAY) == (date(2022, 3, 12), [])


@pytest.mark.parametrize(
    ("text", "day"),
    [("三月十二日", date(2022, 3, 12)), ("3.12", date(2022, 3, 12)), ("3月12日", date(2022, 3, 12)), ("12月30日", date(2021, 12, 30))],
)
def test_a_day_without_a_year_is_the_last_such_day_and_said(text: str, day: date) -> None:
    found, faults = values.read_day(text, Column.ARRIVED, TODAY)
    assert (found, why(faults)) == (day, [DayWithoutYear])
    assert why(values.read_day(text, Column.BIRTH, TODAY)[1]) == [DayUnreadable]


@pytest.mark.parametrize("cell", ["长期", "2022.13.1", "2022年2月30日", "12", "20221341", "昨天"])
def test_what_is_no_day_is_said(cell: str) -> None:
    assert why(values.read_day(cell, Column.ARRIVED, TODAY)[1]) == [DayUnreadable]


@pytest.mark.parametrize(
    ("text", "name", "note", "wrong"),
    [
        ("王 示", "王示", "", []),
        ("𬀩示𠮷", "𬀩示𠮷", "", []),
        ("阿·示例", "阿·示例", "", []),
        ("王示例（租户）", "王示例", "租户", [NameWithNote]),
        ("王示例、李示例", "王示例、李示例", "", [NameSeveral]),
        ("", "", "", [NameMissing]),
    ],
)
def test_names(text: str, name: str, note: str, wrong: list[type]) -> None:
    found, beside, faults = values.read_name(text)
    assert (found, beside, why(faults)) == (name, note, wrong)


def test_relations_and_sexes() -> None:
    words = {"户主": Relation.HEAD, "之妻": Relation.SPOUSE, "长子": Relation.CHILD, "02配偶": Relation.SPOUSE, "外孙女": Relation.GRANDCHILD, "儿媳": Relation.RELATIVE, "租 户": Relation.TENANT, "保姆": Relation.CARER, "户主的母亲": Relation.PARENT}  # fmt: skip
    assert {word: values.read_relation(word) for word in words} == {word: (relation, []) for word, relation in words.items()}
    assert (values.read_relation("干亲")[0], why(values.read_relation("干亲")[1])) == (Relation.OTHER, [RelationUnknown])
    assert values.read_relation("") == (None, [])
    assert [values.read_sex(text)[0] for text in ("男", "女性", "m", "２", "")] == [Sex.MALE, Sex.FEMALE, Sex.MALE, Sex.FEMALE, None]
    assert why(values.read_sex("人")[1]) == [SexUnknown]


def where(building: str = "", within: tuple[str, str] = ("", ""), **parts: str) -> Spot:
    return spot(tuple(parts.get(column.value, "") for column in PLACE_COLUMNS), building, within)


DOOR = ("3", "2", "501")


@pytest.mark.parametrize(
    "text",
    [
        "3-2-501",
        "３＃２－５０１",
        "3栋2单元501室",
        "3号楼2单元5楼501",
        "3幢—2—501",
        "银河小区3栋2单元501",
        "3#2-501",
        "3栋二单元501",
        "03栋2单元501户",
        "甲路5号银河小区3栋2单元501室",
        "3-2-501室",
    ],
)
def test_an_address_in_one_cell(text: str) -> None:
    found = where(address=text)
    assert found[1:] == DOOR
    assert found.address.endswith("3栋2单元501室")


def test_an_address_in_several_cells_and_under_lines() -> None:
    assert (
        spot(tuple({"building": "3栋", "unit": "二单元", "room": "0501室"}.get(column.value, "") for column in PLACE_COLUMNS))[1:] == DOOR
    )
    assert spot(tuple({"building": "3", "room": "2-501"}.get(column.value, "") for column in PLACE_COLUMNS))[1:] == DOOR
    assert where("3", room="2-501")[1:] == DOOR
    assert where("3", ("", "2"), room="501")[1:] == DOOR
    assert where("", ("3", "2"), room="501").address == "3栋2单元501室"
    assert where("3", address="2单元501")[1:] == DOOR
    assert where("3", room="5-2-501")[1:] == ("5", "2", "501")
    assert where(compound="银河小区", community="新城社区", room="3-2-501").address == "新城社区银河小区3栋2单元501室"
    assert where(address="前进路平房王家大院").address == "前进路平房王家大院"
    assert where(address="1203-501").building == ""


def test_in_which_sense_somebody_lives_there() -> None:
    registered, actual = ResidenceKind.REGISTERED, ResidenceKind.ACTUAL
    words = {
        "": (actual,),
        "自住": (actual,),
        "出租": (actual,),
        "户在人在": (registered, actual),
        "人在户不在": (actual,),
        "户在人不在": (registered,),
        "空挂户": (registered,),
        "外出": (registered,),
        "流动人口": (actual,),
    }
    assert {word: kinds_of(word, None) for word in words} == words
    assert kinds_of("", None, row_registered="本地") == (registered, actual)
    assert [means_vacant(word) for word in ("空置", "未入住", "自住", "空军大院的王示例家里有人住着呢")] == [True, True, False, False]


def test_a_day_that_says_nothing_is_none() -> None:
    assert values.read_day("无", Column.ARRIVED, TODAY) == values.read_day(None, Column.ARRIVED, TODAY) == (None, [])


def test_what_is_left_of_an_address_beside_its_columns_is_unit_and_room() -> None:
    parts = tuple("2单元501室" if column is Column.ADDRESS else "" for column in PLACE_COLUMNS)
    assert spot(parts)[1:] == ("", "2", "501")
    parts = tuple({Column.ADDRESS: "501", Column.BUILDING: "3栋"}.get(column, "") for column in PLACE_COLUMNS)
    assert spot(parts)[1:] == ("3", "", "501")


def test_a_refusal_that_was_kept_comes_back_and_an_unknown_one_says_only_that() -> None:
    staged._kinds.cache_clear()
    assert type(staged.as_refusal(DayUnreadable.code, {})) is DayUnreadable
    assert type(staged.as_refusal("no_such_refusal", {"a": 1})) is Refused
