"""What is written: it opens, looks as asked, holds texts as texts."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import xlwt
from openpyxl import Workbook as NewWorkbook
from openpyxl import load_workbook

from lianfang.kernel.sheets import Answer, Page, Style, answered, read, write

ROWS = [
    ["名册"],
    ["姓名", "身份证号", "日期", "人数"],
    ["王示例", "999999198005040015", date(2022, 3, 12), 3],
    ["=cmd|'/c calc'!A0", "+1", None, 1.5],
]


def test_what_is_written_is_read_again() -> None:
    content = write([Page("1栋", ROWS, widths=(10, 20, 12, 6), styles={1: Style.TITLE, 2: Style.HEADING}, merged=(1,), frozen=2)])
    found = read(content, "x.xlsx").sheets[0]
    assert (found.name, list(found.rows)) == ("1栋", ROWS)
    assert found.merged == ((0, 0, 0, 3),)


def test_a_text_is_never_a_formula() -> None:
    sheet = load_workbook(BytesIO(write([Page("a", ROWS)]))).active
    cell = sheet["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=cmd|'/c calc'!A0", "s", True)
    assert sheet["B3"].data_type == "s"


def test_choices_text_columns_frozen_rows_and_names() -> None:
    page = Page("a/b:c*" + "长" * 40, [["性别"]], widths=(8,), lists={0: ("男", "女")}, text_columns=(0,), frozen=1)
    book = load_workbook(BytesIO(write([page, page])))
    first = book.worksheets[0]
    assert [len(name) for name in book.sheetnames] == [31, 30]
    assert first.freeze_panes == "A2"
    assert first.print_title_rows == "$1:$1"
    [choice] = first.data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref)) == ('"男,女"', "A2:A5001")
    assert first.column_dimensions["A"].number_format == "@"


def test_writing_streams_to_a_file() -> None:
    out = BytesIO()
    assert write([Page("a", ([f"王示例{number}", str(number)] for number in range(5_000)))], out) == b""
    rows = read(out.getvalue(), "x.xlsx").sheets[0].rows
    assert (len(rows), rows[4_999]) == (5_000, ["王示例4999", "4999"])


def test_the_same_rows_make_the_same_file() -> None:
    assert write([Page("a", ROWS)]) == write([Page("a", ROWS)])


def answer() -> dict[str, Answer]:
    return {"名单": Answer(1, ("结果", "原因"), {2: ("=不行", "证件号有误")}, frozenset({2}))}


def test_a_workbook_is_answered_with_its_looks() -> None:
    book = NewWorkbook()
    book.active.title = "名单"
    book.active.append(["姓名", "电话"])
    book.active.append(["王示例", "15400000001"])
    book.active["A1"].number_format = "0.00"
    book.active.column_dimensions["A"].width = 33
    out = BytesIO()
    book.save(out)
    content = out.getvalue()
    sheet = load_workbook(BytesIO(answered(content, read(content, "a.xlsx"), answer()))).active
    assert [cell.value for cell in sheet[1]] == ["姓名", "电话", "结果", "原因"]
    assert [cell.value for cell in sheet[2]] == ["王示例", "15400000001", "=不行", "证件号有误"]
    assert (sheet["C2"].data_type, sheet.column_dimensions["A"].width) == ("s", 33)


def test_an_old_workbook_and_a_text_table_are_answered_as_xlsx() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for at, text in enumerate(("姓名", "电话")):
        sheet.write(0, at, text)
    sheet.write(1, 0, "王示例")
    out = BytesIO()
    book.save(out)
    for content, name in ((out.getvalue(), "a.xls"), ("姓名,电话\n王示例\n".encode("gb18030"), "名单.csv")):
        found = read(answered(content, read(content, name), answer()), "b.xlsx").sheets[0]
        assert list(found.rows) == [["姓名", "电话", "结果", "原因"], ["王示例", None, "=不行", "证件号有误"]]


@pytest.mark.parametrize(("people", "width"), [(4_999, 33), (5_000, None)])
def test_a_workbook_of_more_than_five_thousand_rows_is_answered_with_its_values_alone(people: int, width: int | None) -> None:
    content = write([Page("名单", [["姓名", "电话"], *([f"王示例{number}", "15400000001"] for number in range(people))], widths=(33, 12))])
    sheet = load_workbook(BytesIO(answered(content, read(content, "a.xlsx"), answer()))).active
    assert [cell.value for cell in sheet[2]] == ["王示例0", "15400000001", "=不行", "证件号有误"]
    assert sheet.max_row == people + 1
    assert (sheet.column_dimensions["A"].width == 33) is (width == 33)
