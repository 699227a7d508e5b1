"""Excel in and out: the rows of a list, the list with its answers, the sheet of joining links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile, ZipFile

from lianfang.ground.accounts.list_types import HeadingsMissing, ImportAnswer, RowAnswer, RowVerdict, SheetTooLarge, SheetUnreadable
from lianfang.ground.accounts.rules.headings import Column, cell_text, find_headings

# openpyxl is loaded by whoever opens a sheet: a third of a second that no other process needs to spend.
if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_AT_MOST = 20_000
MEGABYTES_AT_MOST = 20
_UNPACKED_AT_MOST = 400 << 20
_HEADINGS_WITHIN = 10
_NOT_TAKEN = "FFFCE4E4"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list, by column; `number` is its line in the sheet, as Excel counts."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a workbook that names people."""

    name: str
    heading_line: int
    width: int
    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """The rows of the first sheet with headings. Raises SheetUnreadable, SheetTooLarge, HeadingsMissing."""
    for sheet in _open(content).worksheets:
        rows = _filled(sheet)
        found = find_headings(rows[:_HEADINGS_WITHIN])
        if found is None or Column.PHONE not in found[1]:
            continue
        at, columns = found
        if len(rows) - at > ROWS_AT_MOST:
            raise SheetTooLarge(rows=ROWS_AT_MOST, megabytes=MEGABYTES_AT_MOST)
        return Sheet(sheet.title, at + 1, len(rows[at]), tuple(_lines(rows, at, columns)))
    raise HeadingsMissing


def _lines(rows: Sequence[Sequence[object]], heading: int, columns: Mapping[Column, int]) -> Iterator[Line]:
    for number, row in enumerate(rows[heading + 1 :], start=heading + 2):
        cells = {column: cell_text(row[at]) for column, at in columns.items()}
        if cells[Column.NAME] or cells[Column.PHONE]:
            yield Line(number, cells)


def _open(content: bytes) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if len(content) > MEGABYTES_AT_MOST << 20:
        raise SheetTooLarge(rows=ROWS_AT_MOST, megabytes=MEGABYTES_AT_MOST)
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED_AT_MOST:
                raise SheetTooLarge(rows=ROWS_AT_MOST, megabytes=MEGABYTES_AT_MOST)
        return load_workbook(BytesIO(content), data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise SheetUnreadable from None


def _filled(sheet: Worksheet) -> list[list[object]]:
    """All cells, with the value of a merged block in each of its cells: 社区 is written once beside thirty rows."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    for block in sheet.merged_cells.ranges:
        if block.min_row <= _HEADINGS_WITHIN and block.max_col - block.min_col > 1:
            continue  # a title over the whole width is no heading of each column
        value = rows[block.min_row - 1][block.min_col - 1]
        for row in range(block.min_row - 1, min(block.max_row, len(rows))):
            for column in range(block.min_col - 1, block.max_col):
                rows[row][column] = value
    return rows


def answer_file(content: bytes, answer: ImportAnswer, headings: Sequence[str], words: Callable[[RowAnswer], Sequence[str]]) -> bytes:
    """The list as it was sent, with three more columns: verdict, reason, login. `words` gives them in the reader's language."""
    from openpyxl.styles import Font, PatternFill

    book, not_taken = _open(content), PatternFill("solid", start_color=_NOT_TAKEN)
    sheet = cast("Worksheet", book[answer.sheet])
    for offset, heading in enumerate(headings, start=1):
        sheet.cell(answer.heading_line, answer.width + offset, heading).font = Font(bold=True)
    for row in answer.rows:
        for offset, text in enumerate(words(row), start=1):
            cell = sheet.cell(row.line, answer.width + offset, text)
            if row.verdict in (RowVerdict.REFUSED, RowVerdict.DOUBTFUL):
                cell.fill = not_taken
    return _packed(book)


def joining_sheet(answer: ImportAnswer, headings: Sequence[str], address: Callable[[str], str], words: Callable[[RowAnswer], str]) -> bytes:
    """The joining links for printing and handing out, a row a person: name, post, login, link, valid until.

    Whoever holds it can join with the last four digits of the person's telephone number: hand it out and destroy it.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.append(list(headings))
    of_login = {row.login: row for row in answer.rows if row.verdict is RowVerdict.ADDED}
    for link in answer.links:
        row = of_login[link.login]
        sheet.append([row.name, words(row), link.login, address(link.token), link.expires_at.astimezone().strftime("%Y-%m-%d %H:%M")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (12, 40, 16, 70, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    return _packed(book)


def _packed(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
