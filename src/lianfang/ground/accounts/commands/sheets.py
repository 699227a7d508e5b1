"""Lists in and out: the rows of a list, the list with its answers, the sheet of joining links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lianfang.ground.accounts.list_types import HeadingsMissing, ImportAnswer, ListTooLong, RowAnswer, RowVerdict
from lianfang.ground.accounts.rules.headings import Column, cell_text, find_headings
from lianfang.kernel import sheets

ROWS_AT_MOST = 20_000
_HEADINGS_WITHIN = 10


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
    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """The rows of the first sheet with headings. Raises SheetRefused, ListTooLong, HeadingsMissing."""
    for sheet in sheets.read(content).sheets:
        if sheet.hidden:
            continue
        rows = _filled(sheet)
        found = find_headings(rows[:_HEADINGS_WITHIN])
        if found is None or Column.PHONE not in found[1]:
            continue
        at, columns = found
        if len(rows) - at > ROWS_AT_MOST:
            raise ListTooLong(rows=ROWS_AT_MOST)
        return Sheet(sheet.name, at + 1, tuple(_lines(rows, at, columns)))
    raise HeadingsMissing


def _lines(rows: Sequence[Sequence[object]], heading: int, columns: Mapping[Column, int]) -> Iterator[Line]:
    for number, row in enumerate(rows[heading + 1 :], start=heading + 2):
        cells = {column: cell_text(row[at]) for column, at in columns.items()}
        if cells[Column.NAME] or cells[Column.PHONE]:
            yield Line(number, cells)


def _filled(sheet: sheets.Sheet) -> list[list[object]]:
    """All cells, with the value of a merged block in each of its cells: 社区 is written once beside thirty rows."""
    width = max((len(row) for row in sheet.rows), default=0)
    rows: list[list[object]] = [[*row, *[None] * (width - len(row))] for row in sheet.rows]
    for block in sheet.merged:
        if block.first_row < _HEADINGS_WITHIN and block.last_column - block.first_column > 1:
            continue  # a title over the whole width is no heading of each column
        if block.first_row >= len(rows) or block.first_column >= width:
            continue
        value = rows[block.first_row][block.first_column]
        for row in rows[block.first_row : block.last_row + 1]:
            for column in range(block.first_column, min(block.last_column + 1, width)):
                row[column] = value
    return rows


def answer_file(content: bytes, answer: ImportAnswer, headings: Sequence[str], words: Callable[[RowAnswer], Sequence[str]]) -> bytes:
    """The list as it was sent, with three more columns: verdict, reason, login. `words` gives them in the reader's language."""
    not_taken = frozenset(row.line for row in answer.rows if row.verdict in (RowVerdict.REFUSED, RowVerdict.DOUBTFUL))
    beside = sheets.Answer(answer.heading_line, headings, {row.line: words(row) for row in answer.rows}, not_taken)
    return sheets.answered(content, sheets.read(content), {answer.sheet: beside})


def joining_sheet(answer: ImportAnswer, headings: Sequence[str], address: Callable[[str], str], words: Callable[[RowAnswer], str]) -> bytes:
    """The joining links for printing and handing out, a row a person: name, post, login, link, valid until.

    Whoever holds it can join with the last four digits of the person's telephone number: hand it out and destroy it.
    """
    of_login = {row.login: row for row in answer.rows if row.verdict is RowVerdict.ADDED}
    rows = [
        (
            of_login[link.login].name,
            words(of_login[link.login]),
            link.login,
            address(link.token),
            f"{link.expires_at.astimezone():%Y-%m-%d %H:%M}",
        )
        for link in answer.links
    ]
    return sheets.write([sheets.Page("links", [headings, *rows], widths=(12, 40, 16, 70, 18), styles={1: sheets.Style.HEADING})])
