"""The process that opens a file: it reads bytes on standard input and answers sheets or a refusal, and has little memory and time.

Started by `reading`. A parser that hostile input brings down, fills with memory or sends round in circles takes this process with
it and nothing else.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import msgspec

from lianfang.kernel.sheets import packed, text
from lianfang.kernel.sheets.types import (
    CELLS_AT_MOST,
    COLUMNS_AT_MOST,
    MERGED_AT_MOST,
    ROWS_AT_MOST,
    SHEETS_AT_MOST,
    Cell,
    FileDamaged,
    FileNoTable,
    FileProtected,
    FileTooOld,
    FileWebPage,
    Form,
    ReadingTooCostly,
    SheetRefused,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
    TooManySheets,
)

MEMORY_AT_MOST = 2 << 30
SECONDS_AT_MOST = 60
DATE, MOMENT = 1, 2
"""Marks of days and moments on their way to the process that asked."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEFORE_1997 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x06\x00", b"\x09\x08\x08\x00")
_EXACT_BELOW = 1 << 53


def main() -> None:
    """Read standard input, write the answer to standard output."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        answer = opened(content)
    except SheetRefused as refused:
        answer = {"refused": type(refused).__name__, "facts": refused.facts}
    except MemoryError:
        answer = {"refused": ReadingTooCostly.__name__, "facts": {}}
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


def _limit() -> None:
    """Set the limits that the system knows; where it knows none, those of `packed` and `text` remain."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_AT_MOST, SECONDS_AT_MOST))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_AT_MOST, MEMORY_AT_MOST))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def opened(content: bytes) -> dict[str, Any]:
    """The sheets of a file, by what is inside it. Raises a refusal."""
    if content.startswith(b"PK"):
        packed.look_through(content)
        return {"form": Form.XLSX, "sheets": _sheets(content), "encoding": ""}
    if content.startswith(_OLE):
        _recognise_old(content)
        return {"form": Form.XLS, "sheets": _sheets(content), "encoding": ""}
    if content.startswith(_BEFORE_1997):
        raise FileTooOld
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8", b"{\\rtf")):
        raise FileNoTable
    if content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"mime-version")):
        raise FileWebPage
    written, encoding = text.decode(content)
    sheet = {"name": "", "hidden": False, "rows": text.cells(written), "merged": []}
    return {"form": Form.CSV, "sheets": [sheet], "encoding": encoding}


def _recognise_old(content: bytes) -> None:
    """Say what an OLE file is when it is no workbook of 1997 or later."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileProtected
    if "Workbook".encode("utf-16-le") not in content:
        raise FileTooOld if "Book".encode("utf-16-le") in content else FileNoTable


def _sheets(content: bytes) -> list[dict[str, Any]]:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(BytesIO(content)) as book:
            if len(book.sheets_metadata) > SHEETS_AT_MOST:
                raise TooManySheets(sheets=SHEETS_AT_MOST)
            found, cells = [], 0
            for sheet in book.sheets_metadata:
                if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                shown = book.get_sheet_by_name(sheet.name)
                cells += _measured(shown)
                hidden = sheet.visible is not calamine.SheetVisibleEnum.Visible
                found.append({"name": sheet.name, "hidden": hidden, "rows": _rows(shown), "merged": _merged(shown)})
                if cells > CELLS_AT_MOST:
                    raise TooManyCells(cells=CELLS_AT_MOST)
            return found
    except calamine.PasswordError:
        raise FileProtected from None
    except (calamine.CalamineError, OSError, ValueError):
        raise FileDamaged from None


def _measured(sheet: Any) -> int:
    """The cells of a sheet; raises what is too large, before they become objects."""
    if sheet.total_height > ROWS_AT_MOST:
        raise TooManyRows(sheet=sheet.name, rows=ROWS_AT_MOST)
    if sheet.total_width > COLUMNS_AT_MOST:
        raise TooManyColumns(sheet=sheet.name, column=sheet.total_width, columns=COLUMNS_AT_MOST)
    return int(sheet.total_height * sheet.total_width)


def _rows(sheet: Any) -> list[list[Any]]:
    return [_without_end([_plain(value) for value in row]) for row in sheet.to_python(skip_empty_area=False)]


def _without_end(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def _plain(value: object) -> Any:
    """A cell as it travels: exact whole numbers as int, days marked."""
    if type(value) is str:
        return value or None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < _EXACT_BELOW else value
    if isinstance(value, datetime):
        if value.time() == time():
            return msgspec.msgpack.Ext(DATE, value.date().isoformat().encode())
        return msgspec.msgpack.Ext(MOMENT, value.isoformat().encode())
    if isinstance(value, date):
        return msgspec.msgpack.Ext(DATE, value.isoformat().encode())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def _merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    blocks = sheet.merged_cell_ranges or []
    if len(blocks) > MERGED_AT_MOST:
        raise TooManyCells(cells=CELLS_AT_MOST)
    return [(first[0], first[1], last[0], last[1]) for first, last in blocks]


def cell_of(mark: int, written: memoryview) -> Cell:
    """A marked day or moment, at the other end."""
    iso = bytes(written).decode()
    return date.fromisoformat(iso) if mark == DATE else datetime.fromisoformat(iso)
