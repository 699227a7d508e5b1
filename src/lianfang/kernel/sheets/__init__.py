"""Tables in and out: workbooks and text tables are read safely, workbooks are written.

`read` opens .xlsx, .xls and .csv by what is inside them, whatever their name ends with. A file comes from anywhere and may be
hostile: it is looked through and opened by a process of its own with little memory and time, nothing in it is run, followed
or looked up, and what cannot be read safely is refused in words. `write` makes .xlsx from rows, streaming; a text is never
taken for a formula. `answered` gives a file back with some columns more.
"""

from lianfang.kernel.sheets.answering import Answer, answered
from lianfang.kernel.sheets.reading import read
from lianfang.kernel.sheets.types import (
    CELLS_AT_MOST,
    COLUMNS_AT_MOST,
    MEGABYTES_AT_MOST,
    ROWS_AT_MOST,
    Cell,
    Form,
    Merged,
    Sheet,
    SheetRefused,
    Workbook,
)
from lianfang.kernel.sheets.writing import Page, Style, write

__all__ = [
    "CELLS_AT_MOST",
    "COLUMNS_AT_MOST",
    "MEGABYTES_AT_MOST",
    "ROWS_AT_MOST",
    "Answer",
    "Cell",
    "Form",
    "Merged",
    "Page",
    "Sheet",
    "SheetRefused",
    "Style",
    "Workbook",
    "answered",
    "read",
    "write",
]
