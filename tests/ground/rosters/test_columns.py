"""Which column is what: against the key of real forms, against headings that no form of the key has, by values alone."""

from __future__ import annotations

import pytest

from lianfang.ground.rosters.rules import columns, templates
from lianfang.ground.rosters.rules.columns import guessed, signature
from lianfang.ground.rosters.rules.forms import check_key, real_forms
from lianfang.ground.rosters.rules.rows import read as read_rows
from lianfang.ground.rosters.types import Basis, Column, SheetEmpty, Sureness, TemplateUnknown
from lianfang.kernel.sheets import Form, Merged, Sheet, Workbook, read

C = Column
NUMBER, NAME, SEX, BIRTH, AGE, PAPER, PAPER_KIND, PHONE, RELATION = (
    C.NUMBER,
    C.NAME,
    C.SEX,
    C.BIRTH,
    C.AGE,
    C.PAPER,
    C.PAPER_KIND,
    C.PHONE,
    C.RELATION,
)

# Rosters whose words were written down apart from the key: what other offices might call the same things.
HELD_OUT = [
    {"序号": NUMBER, "楼栋号": C.BUILDING, "单元号": C.UNIT, "房间号": C.ROOM, "户主姓名": C.HEAD, "家庭成员": NAME, "与户主的关系": RELATION, "身份证件号码": PAPER, "电话号码": PHONE, "居住性质": C.LIVING, "政治面貌": C.NONE, "备 注": C.REMARK},
    {"编号": NUMBER, "居民姓名": NAME, "性 别": SEX, "出生年月": BIRTH, "民族": C.NONE, "文化程度": C.NONE, "公民身份证号码": PAPER, "户籍所在地": C.REGISTERED, "现居住地址": C.ADDRESS, "本人联系电话": PHONE, "紧急联系人": C.NONE, "紧急联系人电话": C.NONE, "是否党员": C.NONE},
    {"小区名称": C.COMPOUND, "幢号": C.BUILDING, "室号": C.ROOM, "业主": C.HEAD, "姓名": NAME, "手机号码(必填)": PHONE, "证件种类": PAPER_KIND, "证件号": PAPER, "工作单位及职务": C.WORKPLACE, "婚姻状况": C.NONE, "车牌号码": C.NONE, "疫苗接种针次": C.NONE},
    {"No.": NUMBER, "*姓名": NAME, "*身份证号（18位）": PAPER, "*联系方式": PHONE, "所属社区": C.COMMUNITY, "所属网格": C.GRID, "所在街道": C.STREET, "家庭详细住址": C.ADDRESS, "网格员": C.NONE, "网格员电话": C.NONE, "填表日期": C.NONE},
    {"来访人员姓名": NAME, "来访人员身份证号": PAPER, "返吉时间": C.ARRIVED, "出发地点": C.FROM_PLACE, "来源城市": C.FROM_PLACE, "居住小区": C.COMPOUND, "楼号": C.BUILDING, "门牌号": C.ROOM, "同住人数": C.NONE, "近14天行程": C.NONE, "登记人": C.NONE, "登记时间": C.NONE},
    {"户编号": C.HOUSEHOLD, "成员姓名": NAME, "年龄（岁）": AGE, "称谓": RELATION, "移动电话": PHONE, "宅电": PHONE, "户口地址": C.REGISTERED, "居住状况": C.LIVING, "健康状况": C.NONE, "低保": C.NONE, "监护人姓名": C.NONE, "监护人手机": C.NONE},
    {"店铺名称": C.NONE, "法人": C.NONE, "负责人电话": C.NONE, "经营地址": C.NONE, "从业人数": C.NONE, "备注": C.NONE},
    {"行政村": C.COMMUNITY, "自然村": C.COMPOUND, "户主名": C.HEAD, "姓名": NAME, "与户主之关系": RELATION, "生日": BIRTH, "身份证": PAPER, "手机": PHONE, "务工地": C.FROM_PLACE, "返乡日期": C.ARRIVED, "包保干部": C.NONE, "包保干部电话": C.NONE},
]  # fmt: skip


def test_the_columns_of_the_real_forms_are_guessed() -> None:
    found = check_key()
    assert (found.forms, found.total) == (44, 446)
    assert found.right / found.total >= 0.97
    assert found.ours_right / found.ours >= 0.97
    assert (found.total - found.ours) - (found.right - found.ours_right) <= 6


def test_headings_that_are_in_no_form_of_the_key_are_guessed() -> None:
    wrong, total = [], 0
    for form in HELD_OUT:
        for guess, (heading, column) in zip(guessed([("", each) for each in form], []), form.items(), strict=True):
            total += 1
            wrong += [(heading, guess.column, column)] if guess.column is not column else []
    assert (total - len(wrong)) / total >= 0.95, wrong


PEOPLE = [
    ["王示甲", "男", "999999198005040015", "15400000001", "3-2-501", "户主"],
    ["李示乙", "女", "999999198005040023", "15400000002", "3-2-501", "配偶"],
    ["张示丙", "男", "999999198005040031", "15400000003", "3-2-502", "户主"],
    ["刘示丁", "女", "999999198005040040", "15400000004", "3-2-601", "户主"],
]


def sheet(*rows: list[object], merged: tuple[Merged, ...] = (), name: str = "名单") -> Sheet:
    return Sheet(name, hidden=False, rows=list(rows), merged=merged)  # type: ignore[arg-type]  # cells as people have them


def test_a_sheet_without_headings_is_known_by_its_values() -> None:
    layout = columns.guess(sheet(*PEOPLE))
    assert layout.heading_rows == ()
    assert layout.columns == (NAME, SEX, PAPER, PHONE, C.ADDRESS, RELATION)
    assert {guess.basis for guess in layout.guesses} == {Basis.VALUES}
    assert len(list(read_rows(sheet(*PEOPLE), layout))) == 4


def test_values_speak_where_a_heading_says_nothing_or_the_wrong_thing() -> None:
    layout = columns.guess(sheet(["姓名", "甲", "联系方式", "证件号码"], *[[row[0], row[1], row[2], row[3]] for row in PEOPLE]))
    assert [(guess.column, guess.sure) for guess in layout.guesses] == [
        (NAME, Sureness.SURE), (SEX, Sureness.LIKELY), (PAPER, Sureness.LIKELY), (PHONE, Sureness.LIKELY),
    ]  # fmt: skip


def test_a_heading_over_several_columns_says_whose_they_are() -> None:
    block = (Merged(0, 2, 0, 3), Merged(0, 0, 1, 0), Merged(0, 1, 1, 1))
    layout = columns.guess(
        sheet(
            ["姓名", "电话", "紧急联系人", None],
            [None, None, "姓名", "电话"],
            ["王示甲", "15400000001", "李示乙", "15400000002"],
            merged=block,
        )
    )
    assert layout.heading_rows == (1, 2)
    assert layout.columns == (NAME, PHONE, C.NONE, C.NONE)


def test_parts_of_another_address_are_not_the_door() -> None:
    block = (Merged(0, 1, 0, 2), Merged(0, 0, 1, 0))
    layout = columns.guess(
        sheet(["姓名", "户籍地址", None, "小区"], [None, "街道", "社区", None], ["王示甲", "丁街道", "戊社区", "己"], merged=block)
    )
    assert layout.columns == (NAME, C.REGISTERED, C.REGISTERED, C.COMPOUND)


def test_a_corrected_layout_is_remembered_by_its_headings() -> None:
    first = columns.guess(sheet(["姓 名", "甲列", "乙列"], ["王示甲", "x", "y"]))
    corrected = first.corrected({1: C.REMARK})
    again = columns.guess(sheet(["名册"], ["姓名", "甲列：", "乙列"], ["李示乙", "u", "v"]), {first.signature: list(corrected.columns)})
    assert again.columns == (NAME, C.REMARK, C.NONE)
    assert {guess.sure for guess in again.guesses} == {Sureness.REMEMBERED}
    other = columns.guess(sheet(["姓名", "乙列", "甲列"], ["李示乙", "u", "v"]), {first.signature: list(corrected.columns)})
    assert C.REMARK not in other.columns
    assert signature(["姓名", "电话", ""]) == signature([" 姓名*", "电话"])


def test_what_was_told_of_one_sheet_holds_for_it_and_nonsense_does_not() -> None:
    layout = columns.guess(sheet(["姓名", "甲列"], ["王示甲", "x"]))
    assert columns.as_told(layout, ["name", "remark"]).columns == (NAME, C.REMARK)
    for nonsense in (None, ["name", "remark", "none"], ["name", "nonsense"]):
        assert columns.as_told(layout, nonsense) is layout
    moved = layout.corrected({1: NAME})
    assert moved.columns == (C.NONE, NAME)


def test_an_empty_sheet_is_left_out_and_one_that_names_nobody_holds_nothing() -> None:
    book = Workbook("x.xlsx", Form.XLSX, (sheet(name="空"), sheet(["地址", "负责人"], ["甲路", "王示甲"], name="仓库")))
    found = columns.layouts(book)
    assert [type(each.why) for each in found.left_out] == [SheetEmpty]
    assert not found.read[0].has_persons
    assert set(found.read[0].columns) == {C.NONE}


@pytest.mark.parametrize(
    ("name", "building"),
    [
        ("3栋", "3"),
        ("银河小区3号楼", "3"),
        ("A座", "A"),
        ("１２栋", "12"),
        ("7", "7"),
        ("1-8栋", ""),
        ("Sheet1", ""),
        ("名单", ""),
        ("3楼", "3"),
        ("3楼层", ""),
    ],
)
def test_the_sheets_name_may_say_the_building(name: str, building: str) -> None:
    assert columns.guess(sheet(["姓名", "房号"], ["王示甲", "501"], name=name)).building == building


def test_a_title_may_say_the_building() -> None:
    assert columns.guess(sheet(["银河小区5栋住户名单"], ["单位：甲"], ["姓名", "房号"], ["王示甲", "501"])).building == "5"


@pytest.mark.parametrize("form", templates.templates(), ids=lambda form: form.id)
def test_a_template_reads_back_as_what_it_is(form: templates.RealForm) -> None:
    book = read(templates.template(form.id, "每人一行。"), "t.xlsx")
    layout = columns.guess(book.sheets[0])
    wanted = tuple(column for _, column in templates.columns_of(form))
    assert layout.columns == wanted
    assert {C.ADDRESS, C.BUILDING, C.ROOM} & set(wanted)
    assert layout.first_row == 4
    assert list(read_rows(book.sheets[0], layout)) == []


def test_there_is_no_template_of_a_form_that_names_nobody() -> None:
    with pytest.raises(TemplateUnknown):
        templates.template("LS13", "")
    assert {form.id for form in real_forms()} > {form.id for form in templates.templates()}
