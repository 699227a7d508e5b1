"""What is read: workbooks and text tables as offices keep them."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook as NewWorkbook

from lianfang.kernel.sheets import Form, Merged, read


def packed(book: NewWorkbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_days_numbers_merged_cells_and_a_hidden_sheet() -> None:
    book = NewWorkbook()
    sheet = book.active
    sheet.title = "3栋"
    sheet.append([None])
    sheet.append(["姓名", None, "日期"])
    sheet.append(["王示例", 501, date(2022, 3, 12)])
    sheet.append(["𠮷示例", 1.5, datetime.fromisoformat("2022-03-12T08:30")])
    sheet.merge_cells("A2:B2")
    sheet["E9"] = 220104199003071234
    book.create_sheet("旧").sheet_state = "hidden"
    found = read(packed(book), "名单.xls")
    assert (found.form, found.name, [sheet.name for sheet in found.sheets]) == (Form.XLSX, "名单.xls", ["3栋", "旧"])
    first, hidden = found.sheets
    assert hidden.hidden
    assert not first.hidden
    assert first.rows[0] == []
    assert first.rows[2] == ["王示例", 501, date(2022, 3, 12)]
    assert first.rows[3] == ["𠮷示例", 1.5, datetime.fromisoformat("2022-03-12T08:30")]
    assert isinstance(first.rows[8][4], float), "more digits than a number of Excel can hold"
    assert first.merged == (Merged(1, 0, 1, 1),)


def test_an_old_workbook() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("1栋")
    sheet.write(0, 0, "姓名")
    sheet.write(1, 0, "王示例")
    sheet.write(1, 1, date(2022, 3, 12), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.write_merge(2, 4, 0, 0, "张示例")
    out = BytesIO()
    book.save(out)
    found = read(out.getvalue(), "x.csv")
    assert found.form is Form.XLS
    assert found.sheets[0].rows[1] == ["王示例", date(2022, 3, 12)]
    assert found.sheets[0].merged == (Merged(2, 0, 4, 0),)


TABLE = '姓名,身份证号\r\n王示例,999999198005040015\r\n"李,示例","两\n行"\r\n'


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TABLE.encode(), "utf-8"),
        (TABLE.encode("gb18030"), "gb18030"),
        (TABLE.encode("utf-16"), "utf-16"),
        (TABLE.replace(",", "\t").replace("李\t", "李,").encode(), "utf-8"),
    ],
)
def test_a_text_table_in_every_encoding(content: bytes, encoding: str) -> None:
    found = read(content, "银河小区 名单.csv")
    assert (found.form, found.encoding, found.sheets[0].name) == (Form.CSV, encoding, "银河小区 名单")
    assert list(found.sheets[0].rows) == [["姓名", "身份证号"], ["王示例", "999999198005040015"], ["李,示例", "两\n行"]]


def test_rare_characters_survive_gb18030() -> None:
    assert read("姓名,号\n𬀩示例𠮷,1\n".encode("gb18030"), "a.csv").sheets[0].rows[1] == ["𬀩示例𠮷", "1"]


def test_the_tricks_that_keep_numbers_whole_are_undone() -> None:
    text = 'a,b,c\n="999999198005040015",\'13900000000,\t001\n'
    assert read(text.encode(), "a.csv").sheets[0].rows[1] == ["999999198005040015", "13900000000", "001"]


def test_a_path_is_read_and_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "2栋.csv"
    path.write_text("姓名\n王示例\n")
    found = read(path)
    assert (found.name, found.sheets[0].name) == ("2栋.csv", "2栋")
