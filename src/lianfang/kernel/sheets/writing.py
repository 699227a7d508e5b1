"""Writing .xlsx: rows in, a workbook out, streaming, so that a hundred thousand rows need no memory.

A text is written as a text whatever it begins with: `=cmd|…` arrives as these characters, marked so that Excel does not take it for a
formula when the cell is edited either. Numbers of more than 15 digits must be given as text, or Excel loses their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from io import BytesIO
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lianfang.kernel.sheets.types import Cell

_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_AT_ONCE = 2_000
_LETTERS = 26
_EPOCH = date(1899, 12, 30)
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same rows make the same file
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN_TEXT = re.compile("[^&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]{0,32767}").fullmatch
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_FORMULA_LIKE = tuple("=+-@\t\r")


class Style(IntEnum):
    """How a row looks."""

    PLAIN = 0
    TITLE = 1
    HEADING = 2
    NOTE = 3
    MARKED = 4  # somebody must look at it


# The formats of the style sheet: those of Style first, then each once more as a text that looks like a formula, then days, then text columns.
_FORMULA_LIKE_FROM = len(Style)
_DATE = 2 * len(Style)
_TEXT_COLUMN = _DATE + 1


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet to be written. Rows count from 1, columns from 0.

    `styles` gives the rows that are not plain; a row in `merged` is one cell over all columns (titles, notes). Columns in `lists` offer
    a choice, columns in `text_columns` keep numbers as text, both below the `frozen` first rows, which stay on the screen and on each
    printed page.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()
    styles: Mapping[int, Style] = field(default_factory=dict)
    merged: Sequence[int] = ()
    lists: Mapping[int, Sequence[str]] = field(default_factory=dict)
    text_columns: Sequence[int] = ()
    frozen: int = 1
    landscape: bool = True


def write(pages: Sequence[Page], to: IO[bytes] | None = None) -> bytes:
    """A workbook of these sheets: written to `to` as the rows come (the answer is empty then), or given back whole."""
    out = BytesIO() if to is None else to
    names = _distinct([page.name for page in pages])
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=4) as packed:
        for number, page in enumerate(pages, start=1):
            with packed.open(_part(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as part:
                for text in _sheet(page):
                    part.write(text.encode())
        for path, text in _frame(names, [page.frozen for page in pages]).items():
            packed.writestr(_part(path), _HEAD + text)
    return out.getvalue() if isinstance(out, BytesIO) and to is None else b""


def _part(path: str) -> ZipInfo:
    part = ZipInfo(path, _WHEN)
    part.compress_type = ZIP_DEFLATED
    return part


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that Excel takes: 31 characters without signs, none twice."""
    taken: list[str] = []
    for number, name in enumerate(names, start=1):
        plain = _NOT_IN_NAMES.sub("", _UNWRITABLE.sub("", name))[:_LONGEST_NAME] or f"Sheet{number}"
        while plain.lower() in (each.lower() for each in taken):
            plain = f"{plain[: _LONGEST_NAME - 4]}({number})"
        taken.append(plain)
    return taken


def letters(column: int) -> str:
    """The letters of a column, from 0: A, B, … AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


def _sheet(page: Page) -> Iterator[str]:
    """The XML of a sheet, in pieces."""
    yield _HEAD + f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    if page.frozen:
        below = f"A{page.frozen + 1}"
        pane = f'<pane ySplit="{page.frozen}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        yield f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    width = len(page.widths)
    if width:
        columns = (
            f'<col min="{at}" max="{at}" width="{wide}" customWidth="1"'
            + (f' style="{_TEXT_COLUMN}"' if at - 1 in page.text_columns else "")
            + "/>"
            for at, wide in enumerate(page.widths, start=1)
        )
        yield f"<cols>{''.join(columns)}</cols>"
    yield "<sheetData>"
    rows = enumerate(page.rows, start=1)
    while some := list(islice(rows, _AT_ONCE)):
        lines = []
        for number, row in some:
            width = max(width, len(row))
            lines.append(_row(number, row, page.styles.get(number, Style.PLAIN)))
        yield "".join(lines)
    yield "</sheetData>"
    if page.merged and width > 1:
        blocks = "".join(f'<mergeCell ref="A{row}:{letters(width - 1)}{row}"/>' for row in page.merged)
        yield f'<mergeCells count="{len(page.merged)}">{blocks}</mergeCells>'
    if page.lists:
        yield f'<dataValidations count="{len(page.lists)}">{"".join(_choice(page, at) for at in page.lists)}</dataValidations>'
    orientation = "landscape" if page.landscape else "portrait"
    yield f'<pageSetup paperSize="9" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/></worksheet>'


def _choice(page: Page, column: int) -> str:
    offered = escape('"' + ",".join(page.lists[column]) + '"')
    where = f"{letters(column)}{page.frozen + 1}:{letters(column)}{page.frozen + 5_000}"
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="{where}"><formula1>{offered}</formula1></dataValidation>'
    )


_COLUMNS = tuple(map(letters, range(512)))


def _row(number: int, row: Sequence[Cell], style: Style) -> str:
    columns = _COLUMNS if len(row) <= len(_COLUMNS) else tuple(map(letters, range(len(row))))
    cells = [_cell(f"{columns[at]}{number}", value, style) for at, value in enumerate(row) if value is not None]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(at: str, value: Cell, style: int) -> str:
    """One cell. `type` rather than isinstance: most cells are texts, and this is asked a million times."""
    if type(value) is str:
        text = value if _PLAIN_TEXT(value) else escape(_UNWRITABLE.sub("", value[:_LONGEST_TEXT]))
        if value.startswith(_FORMULA_LIKE):
            style += _FORMULA_LIKE_FROM
        return f'<c r="{at}" s="{int(style)}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, date):
        days = value.toordinal() - _EPOCH.toordinal()
        return f'<c r="{at}" s="{_DATE}"><v>{days}</v></c>' if days > 0 else _cell(at, value.isoformat(), style)
    return f'<c r="{at}" s="{int(style)}"><v>{value!r}</v></c>' if isinstance(value, int | float) else ""


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_FONTS = (
    '<font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font><font><i/><sz val="10"/><color rgb="FF555555"/><name val="宋体"/></font>'
)
_FILLS = (
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFCE4E4"/></patternFill></fill>'
)
_THIN = "".join(f'<{side} style="thin"><color rgb="FFB0B8C0"/></{side}>' for side in ("left", "right", "top", "bottom"))
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_LOOKS = (  # font, fill, border, alignment: in the order of Style
    (0, 0, 0, _WRAPPED),
    (1, 0, 0, _CENTRED),
    (2, 2, 1, _CENTRED),
    (3, 0, 0, _WRAPPED),
    (0, 3, 0, _WRAPPED),
)


def _styles() -> str:
    def look(font: int, fill: int, border: int, alignment: str, more: str = "") -> str:
        return f'<xf fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyAlignment="1"{more or " numFmtId=" + quoteattr("0")}>{alignment}</xf>'

    looks = [look(*each) for each in _LOOKS]
    looks += [look(*each, ' numFmtId="49" quotePrefix="1"') for each in _LOOKS]
    looks += [
        look(0, 0, 0, _WRAPPED, ' numFmtId="164" applyNumberFormat="1"'),
        look(0, 0, 0, _WRAPPED, ' numFmtId="49" applyNumberFormat="1"'),
    ]
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f'<fonts count="4">{_FONTS}</fonts><fills count="4">{_FILLS}</fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{_THIN}</border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(looks)}">{"".join(looks)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _frame(names: Sequence[str], frozen: Sequence[int]) -> dict[str, str]:
    """The parts of a workbook beside its sheets."""
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, start=1))
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">{escape(_quoted(name))}!$1:${rows}</definedName>'
        for at, (name, rows) in enumerate(zip(names, frozen, strict=True))
        if rows
    )
    count = len(names) + 1
    links = "".join(f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in range(1, count))
    kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_KIND}.worksheet+xml"/>' for at in range(1, count))
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        + (f"<definedNames>{titles}</definedNames>" if titles else "")
        + "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{count}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _styles(),
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{kinds}</Types>',
    }


def _quoted(name: str) -> str:
    return f"'{name}'"
