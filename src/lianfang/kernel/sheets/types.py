"""What a table file is read into, how large one may be, and what is said when it is not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lianfang.kernel.errors import Invalid

MEGABYTES_AT_MOST = 40
UNPACKED_MEGABYTES_AT_MOST = 600
ROWS_AT_MOST = 200_000
COLUMNS_AT_MOST = 256
CELLS_AT_MOST = 10_000_000
SHEETS_AT_MOST = 300
MERGED_AT_MOST = 200_000

Cell = str | int | float | date | None
"""A whole number is an int while it is exact (below 2^53); beyond that it stays a float, which says that digits are lost."""


class Form(StrEnum):
    """What a file is inside, whatever its name says."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


class Merged(NamedTuple):
    """A block of merged cells, from 0, both ends inside it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows[0]` is row 1 of the sheet and `rows[0][0]` its cell A1; rows may be shorter than others."""

    name: str
    hidden: bool
    rows: Sequence[list[Cell]]
    merged: tuple[Merged, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read. `encoding` of a text table is utf-8, gb18030 or utf-16, else empty."""

    name: str
    form: Form
    sheets: tuple[Sheet, ...]
    encoding: str = ""


class SheetRefused(Invalid):
    """This file cannot be read as a table."""


class FileEmpty(SheetRefused):
    """This file is empty."""


class FileTooLarge(SheetRefused):
    """This file is too large: at most {megabytes} MB. Cut it into several."""


class UnpacksTooLarge(SheetRefused):
    """Unpacked, this file would take more than {megabytes} MB. No ordinary roster does: copy its rows into a new workbook."""


class TooManyRows(SheetRefused):
    """The sheet “{sheet}” has more than {rows} rows. Cut it into several."""


class TooManyColumns(SheetRefused):
    """Something stands in column {column} of the sheet “{sheet}”; at most {columns} columns are read. Delete what lies to the right."""


class TooManyCells(SheetRefused):
    """The sheets of this file span more than {cells} cells. Cut it into several."""


class TooManySheets(SheetRefused):
    """This file has more than {sheets} sheets. Cut it into several."""


class ReadingTooCostly(SheetRefused):
    """Reading this file took too much memory or time, so it was given up. Copy its rows into a new workbook."""


class FileDamaged(SheetRefused):
    """This file is damaged or was cut off. Open it in Excel or WPS and save it again, or fetch it again."""


class FileProtected(SheetRefused):
    """This file is protected by a password. Open it, remove the password and save it again."""


class FileTooOld(SheetRefused):
    """This file comes from a version of Excel of before 1997. Open it and save it as .xlsx."""


class FileBinary(SheetRefused):
    """This is a binary workbook (.xlsb). Open it and save it as .xlsx."""


class FileOpenDocument(SheetRefused):
    """This is an OpenDocument file. Open it and save it as .xlsx."""


class FileWebPage(SheetRefused):
    """This is a web page or XML file under the name of a workbook. Open it in Excel or WPS and save it as .xlsx."""


class FileNoTable(SheetRefused):
    """This is not a table: .xlsx, .xls and .csv are read."""


class EncodingUnknown(SheetRefused):
    """The characters of this text table cannot be read. Save it as “CSV UTF-8” or as .xlsx."""


class HostileXml(SheetRefused):
    """This file holds XML declarations that no workbook needs and that serve attacks. It was not opened."""


class LinksOutside(SheetRefused):
    """This file is linked to other files. In Excel choose Data, Edit Links, Break Link (数据、编辑链接、断开链接) and save it again."""


class FormulaReachesOut(SheetRefused):
    """The sheet “{sheet}” holds a formula that starts programs or reaches other files or the network. Paste its cells as values and save again."""


class FormulaWithoutValue(SheetRefused):
    """The sheet “{sheet}” holds formulas that were never calculated. Open the file in Excel or WPS and save it, or paste the cells as values."""
