"""What is refused, in words, and without the reader's own process being in danger."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlwt
from openpyxl import Workbook as NewWorkbook

from lianfang.kernel.sheets import read, types
from lianfang.kernel.sheets.packed import look_through
from lianfang.kernel.sheets.types import SheetRefused


def workbook(*rows: list[object]) -> bytes:
    book = NewWorkbook()
    for row in rows or (["姓名"], ["王示例"]):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, path: str, text: bytes | None = None, *, old: bytes = b"", new: bytes = b"") -> bytes:
    """The same workbook with a part put in place of another, or with something in it replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != path:
                target.writestr(name, source.read(name))
        target.writestr(path, text if text is not None else source.read(path).replace(old, new))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def cells(xml: bytes) -> bytes:
    return with_part(workbook(), SHEET, old=b"<sheetData>", new=b"<sheetData>" + xml)


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("1").write(0, 0, 123.0)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def formula(text: str) -> bytes:
    return cells(f'<row r="9"><c r="A9"><f>{text}</f><v>1</v></c></row>'.encode())


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'

CASES = {
    "nothing": (b"", types.FileEmpty),
    "cut off": (workbook()[:2000], types.FileDamaged),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), types.FileNoTable),
    "a program": (b"\x7fELF" + bytes(range(256)), types.FileNoTable),
    "a web page": (b"<html><body><table><tr><td>1</td></tr></table>", types.FileWebPage),
    "XML of 2003": (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', types.FileWebPage),
    "a zip of something else": (with_part(workbook(), "xl/workbook.bin", b"x"), types.FileBinary),
    "entities": (with_part(workbook(), SHEET, ENTITIES), types.HostileXml),
    "entities in the strings": (with_part(workbook(), "xl/sharedStrings.xml", ENTITIES), types.HostileXml),
    "entities in UTF-16": (with_part(workbook(), SHEET, ENTITIES.decode().encode("utf-16")), types.HostileXml),
    "another encoding": (with_part(workbook(), SHEET, b'<?xml version="1.0" encoding="utf-7"?><worksheet/>'), types.HostileXml),
    "a million columns": (cells(b'<row r="9"><c r="BEYOND9"><v>1</v></c></row>'), types.TooManyColumns),
    "the last cell of Excel": (cells(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), types.TooManyColumns),
    "a million rows": (cells(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), types.TooManyRows),
    "links": (with_part(workbook(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>"), types.LinksOutside),
    "a program started": (formula("cmd|'/c calc'!A0"), types.FormulaReachesOut),
    "another file": (formula("[1]Sheet1!A1"), types.FormulaReachesOut),
    "the network": (formula('WEBSERVICE("x")'), types.FormulaReachesOut),
    "a formula without a value": (workbook(["=1+1"]), types.FormulaWithoutValue),
    "a formula behind a name": (workbook(["姓名"], ["=SUM(A1:A1)"]), types.FormulaWithoutValue),
    "too many commas": (b"," * 300 + b"1," + b"\n", types.TooManyColumns),
    "too many lines": (b"1\n" * 200_001, types.TooManyRows),
    "no characters": (b"\x81\x20\xff\xfe,\xff" * 10, types.EncodingUnknown),
    "text cut in a character": ("姓名,王示".encode()[:-1], types.FileDamaged),
    "Excel of 1995": (b"\x09\x08\x08\x00" + bytes(100), types.FileTooOld),
    "protected": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), types.FileProtected),
    "a document of 1997": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), types.FileNoTable),
    "an old workbook cut off": (old_workbook()[:1500], types.FileNoTable),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_words(case: str) -> None:
    content, refusal = CASES[case]
    with pytest.raises(refusal) as raised:
        read(content, "x.xlsx")
    assert "{" not in str(raised.value)


def test_a_document_and_an_open_document_are_told_from_a_workbook() -> None:
    for path, text, refusal in (
        ("word/document.xml", b"<document/>", types.FileNoTable),
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", types.FileOpenDocument),
    ):
        out = BytesIO()
        with ZipFile(out, "w") as packed:
            packed.writestr(path, text)
        with pytest.raises(refusal):
            read(out.getvalue(), "x.xlsx")


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(workbook())) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        with target.open("xl/sharedStrings.xml2", "w", force_zip64=True) as part:
            for _ in range(601):
                part.write(bytes(1 << 20))
    assert len(out.getvalue()) < 1 << 20
    with pytest.raises(types.UnpacksTooLarge):
        read(out.getvalue(), "x.xlsx")


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    squeezed = workbook()
    grown = with_part(squeezed, SHEET, b"<worksheet>" + b" " * (32 << 20) + b"</worksheet>")
    size = (len(b"<worksheet></worksheet>") + (32 << 20)).to_bytes(4, "little")
    lying = grown.replace(size, (100).to_bytes(4, "little"))
    assert lying != grown
    with pytest.raises(SheetRefused):
        read(lying, "x.xlsx")


def test_a_hostile_old_workbook_takes_only_its_own_process_down() -> None:
    content = old_workbook()
    at = content.index(b"\x7e\x02\x0a\x00\x00\x00\x00\x00") if b"\x7e\x02\x0a\x00" in content else content.index(b"\x03\x02\x0e\x00")
    hostile = content[: at + 4] + b"\xff\xff\xff\xff" + content[at + 8 :]
    with pytest.raises(SheetRefused):
        read(hostile, "x.xls")


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(types.FileTooLarge):
        read(bytes((types.MEGABYTES_AT_MOST << 20) + 1), "x.csv")


def test_formulas_with_values_are_read_as_their_values() -> None:
    content = with_part(workbook(), SHEET, old=b"</sheetData>", new=b'<row r="9"><c r="A9"><f>SUM(B1:B8)</f><v>1</v></c></row></sheetData>')
    assert read(content, "x.xlsx").sheets[0].rows[8] == [1]


def test_empty_cells_far_outside_are_no_reason_to_refuse() -> None:
    content = with_part(workbook(), SHEET, old=b"</sheetData>", new=b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert list(read(content, "x.xlsx").sheets[0].rows) == [["姓名"], ["王示例"]]


def test_looking_through_takes_no_memory_for_what_it_unpacks() -> None:
    import tracemalloc

    content = with_part(workbook(), "xl/other.xml", b"<x>" + b"<y/>" * (16 << 20) + b"</x>")
    tracemalloc.start()
    look_through(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20
