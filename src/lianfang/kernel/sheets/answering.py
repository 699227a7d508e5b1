"""A file given back with an answer a row: the same sheets and cells, some columns more.

Up to `STYLED_ROWS_AT_MOST` rows an .xlsx keeps its looks (fonts, colours, widths, merged cells); a larger one, an .xls and a text table come
back as values in a new .xlsx. Only give content here that `read` has taken: then nothing in it is hostile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from lianfang.kernel.sheets.types import Cell, Form, Sheet, Workbook
from lianfang.kernel.sheets.writing import Page, Style, write

if TYPE_CHECKING:
    from openpyxl.cell import Cell as OpenCell
    from openpyxl.worksheet.worksheet import Worksheet

STYLED_ROWS_AT_MOST = 5_000
_MARKED = "FFFCE4E4"
_WIDTH = 24.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one sheet is answered with: headings in their row, cells by row, rows that somebody must look at. Rows count from 1."""

    heading_row: int
    headings: Sequence[str]
    rows: Mapping[int, Sequence[str]]
    marked: frozenset[int] = field(default_factory=frozenset)


def answered(content: bytes, book: Workbook, answers: Mapping[str, Answer]) -> bytes:
    """The file with the answers of its sheets (by name) to the right of all columns, as .xlsx."""
    rows = sum(len(sheet.rows) for sheet in book.sheets)
    if book.form is Form.XLSX and rows <= STYLED_ROWS_AT_MOST:
        return _styled(content, book, answers)
    pages = [_page(sheet, answers.get(sheet.name)) for sheet in book.sheets if not sheet.hidden]
    return write(pages)


def width_of(sheet: Sheet) -> int:
    """The number of columns of a sheet in use."""
    return max((len(row) for row in sheet.rows), default=0)


def _styled(content: bytes, book: Workbook, answers: Mapping[str, Answer]) -> bytes:
    # A third of a second that no other process needs to spend.
    from openpyxl import load_workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    opened = load_workbook(BytesIO(content), keep_links=False)
    marked, bold = PatternFill("solid", start_color=_MARKED), Font(bold=True)
    for sheet in book.sheets:
        answer = answers.get(sheet.name)
        if answer is None:
            continue
        target, width = opened[sheet.name], width_of(sheet)
        for offset, heading in enumerate(answer.headings, start=1):
            _put(target, (answer.heading_row, width + offset), heading).font = bold
            target.column_dimensions[get_column_letter(width + offset)].width = _WIDTH
        for row, texts in answer.rows.items():
            for offset, text in enumerate(texts, start=1):
                cell = _put(target, (row, width + offset), text)
                if row in answer.marked:
                    cell.fill = marked
    out = BytesIO()
    opened.save(out)
    return out.getvalue()


def _put(sheet: Worksheet, at: tuple[int, int], text: str) -> OpenCell:
    """A text put into a cell as a text, whatever it begins with."""
    cell = sheet.cell(*at)
    cell.value = text
    cell.data_type = "s"
    return cell


def _page(sheet: Sheet, answer: Answer | None) -> Page:
    width = width_of(sheet)
    if answer is None:
        return Page(sheet.name, sheet.rows, frozen=0)
    styles = dict.fromkeys(answer.marked, Style.MARKED) | {answer.heading_row: Style.HEADING}
    return Page(sheet.name, _with_answer(sheet, answer, width), styles=styles, frozen=answer.heading_row)


def _with_answer(sheet: Sheet, answer: Answer, width: int) -> Iterator[list[Cell]]:
    for number, row in enumerate(sheet.rows, start=1):
        more = answer.headings if number == answer.heading_row else answer.rows.get(number, ())
        yield [*row, *[None] * (width - len(row)), *more] if more else row
