"""Text tables (.csv): which characters, which separator, which cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator

from lianfang.kernel.sheets.types import (
    CELLS_AT_MOST,
    COLUMNS_AT_MOST,
    ROWS_AT_MOST,
    Cell,
    EncodingUnknown,
    FileDamaged,
    FileNoTable,
    FileWebPage,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
)

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOOKED_AT = 64 << 10
_LONGEST_CELL = 100_000
_LONGEST_CHARACTER = 4
_LEAD = re.compile(r'^="(.*)"$', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WORDS = 3
_SEPARATORS = ",\t;|"


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: as its mark says, else UTF-8 where that fits, else GB 18030. Raises a refusal."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), encoding.removesuffix("-le").removesuffix("-be")
            except UnicodeDecodeError:
                raise FileDamaged from None
    if b"\x00" in content[:_LOOKED_AT]:
        raise FileNoTable
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as wrong:
        # A file cut off in the middle of its last character would read as nonsense in GB 18030.
        if wrong.start >= len(content) - _LONGEST_CHARACTER and wrong.start > 0 and not content[: wrong.start].isascii():
            raise FileDamaged from None
    try:
        return content.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        raise EncodingUnknown from None


def cells(text: str) -> list[list[Cell]]:
    """The rows of a text table. Raises a refusal for what is no table, or a table too large."""
    beginning = text[:_LOOKED_AT]
    if re.match(r"\s*<(?:!doctype|html|\?xml|table|meta|head)\b", beginning, re.IGNORECASE):
        raise FileWebPage
    if len(_CONTROL.findall(beginning)) > _WORDS:
        raise FileNoTable
    rows: list[list[Cell]] = []
    spanned = 0
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in csv.reader(_lines(text), delimiter=_separator(beginning), strict=False):
            if len(row) > COLUMNS_AT_MOST and any(row[COLUMNS_AT_MOST:]):
                raise TooManyColumns(sheet="", column=len(row), columns=COLUMNS_AT_MOST)
            rows.append([_cell(each) for each in row[:COLUMNS_AT_MOST]])
            spanned += len(row)
            if len(rows) > ROWS_AT_MOST:
                raise TooManyRows(sheet="", rows=ROWS_AT_MOST)
            if spanned > CELLS_AT_MOST:
                raise TooManyCells(cells=CELLS_AT_MOST)
    except csv.Error:
        raise FileDamaged from None
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _lines(text: str) -> Iterator[str]:
    """Lines one by one, their ends kept: `splitlines` would also cut at marks that stand inside cells."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        yield text[at:end]
        at = end


def _separator(beginning: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells."""
    lines = [line for line in beginning.splitlines() if line.strip()][:50]
    return max(_SEPARATORS, key=lambda sign: (sum(sign in line for line in lines), sum(line.count(sign) for line in lines)))


def _cell(text: str) -> Cell:
    """What a cell says; the tricks that keep Excel from turning numbers around (="123", a leading ' or tab) are undone."""
    plain = text.replace("\x00", "").strip()
    if found := _LEAD.match(plain):
        plain = found[1].replace('""', '"')
    elif plain.startswith("'") and len(plain) > 1:
        plain = plain[1:]
    return plain or None
