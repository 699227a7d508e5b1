"""Looking through an .xlsx before it is opened: how large it would be, what it would do. Nothing of it is kept in memory.

A workbook is a zip of XML parts. Each part is unpacked in small pieces and only searched: for declarations of entities, for cells
far outside, for formulas that reach out or have no value. Whoever hides something from these searches by odd spelling meets
the limits of the process that opens the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lianfang.kernel.sheets.types import (
    CELLS_AT_MOST,
    COLUMNS_AT_MOST,
    MERGED_AT_MOST,
    ROWS_AT_MOST,
    SHEETS_AT_MOST,
    UNPACKED_MEGABYTES_AT_MOST,
    FileBinary,
    FileDamaged,
    FileNoTable,
    FileOpenDocument,
    FormulaReachesOut,
    FormulaWithoutValue,
    HostileXml,
    LinksOutside,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
    TooManySheets,
    UnpacksTooLarge,
)

_PIECE = 1 << 20
_LONGEST_CELL = 4 << 20
_PARTS_AT_MOST = 5_000
_NAMES_AT_MOST = 1 << 20
_LETTERS = 26

_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"^(?:\xff\xfe|\xfe\xff|\x00<|<\x00)|^[^>]{0,200}encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_FILLED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\s*([A-Z]+)(\d+)[^>]*(?<!/)>\s*<(?!/)")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)</")
_OUTSIDE = re.compile(
    rb"(?:^|[^\w\]])\[\d+\]|\[[^\]]*\.(?:xls|csv|htm)|\|[^!]*!|\b(?:WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMPORTDATA|DDE)\s*\(",
    re.IGNORECASE,
)
_NEVER_CALCULATED = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt\s*=\s*[\"']str)[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f\s*>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v\s*>)?\s*</(?:\w+:)?c\s*>"
)


def look_through(content: bytes) -> None:
    """Raise a refusal for a packed file that is no workbook, or one that it would be unwise to open."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            _recognise(packed)
            _weigh(packed)
            _search(packed)
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError):
        raise FileDamaged from None


def _recognise(packed: ZipFile) -> None:
    names = set(packed.namelist())
    if "mimetype" in names and b"opendocument" in packed.open("mimetype").read(100):
        raise FileOpenDocument
    if "xl/workbook.bin" in names:
        raise FileBinary
    if not any(name.startswith("xl/") for name in names):
        raise FileNoTable
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise LinksOutside
    if sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names) > SHEETS_AT_MOST:
        raise TooManySheets(sheets=SHEETS_AT_MOST)


def _weigh(packed: ZipFile) -> None:
    """The sizes that the file itself admits to; the true ones are counted while it is searched."""
    parts = packed.infolist()
    if len(parts) > _PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_MEGABYTES_AT_MOST << 20:
        raise UnpacksTooLarge(megabytes=UNPACKED_MEGABYTES_AT_MOST)


def _search(packed: ZipFile) -> None:
    names = _sheet_names(packed)
    unpacked = cells = 0
    for part in packed.infolist():
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue
        sheet = _Found(names.get(part.filename, part.filename.rsplit("/", 1)[-1])) if part.filename.startswith("xl/worksheets/") else None
        for text in _pieces(packed, part):
            unpacked += len(text)
            if unpacked > UNPACKED_MEGABYTES_AT_MOST << 20:
                raise UnpacksTooLarge(megabytes=UNPACKED_MEGABYTES_AT_MOST)
            if b"<!" in text and _DECLARED.search(text):
                raise HostileXml
            if sheet is not None:
                sheet.take(text)
        cells += sheet.span if sheet is not None else 0
        if cells > CELLS_AT_MOST:
            raise TooManyCells(cells=CELLS_AT_MOST)


def _pieces(packed: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """The text of a part, cut before the beginning of a cell, so that none is cut in two."""
    rest = b""
    with packed.open(part) as stream:
        while fresh := stream.read(_PIECE):
            if not rest and _OTHER_ENCODING.search(fresh[:300]):
                raise HostileXml
            text = rest + fresh
            cut = text.rfind(b"<c")
            if cut <= 0:
                cut = text.rfind(b"<")
            if cut <= 0:
                cut = len(text)
            yield text[:cut]
            rest = text[cut:]
            if len(rest) > _LONGEST_CELL:
                raise UnpacksTooLarge(megabytes=UNPACKED_MEGABYTES_AT_MOST)
    yield rest


def _sheet_names(packed: ZipFile) -> dict[str, str]:
    """The names of the sheets by their part, for the words of a refusal; by the order of the parts where the file says no more."""
    text = packed.open("xl/workbook.xml").read(_NAMES_AT_MOST).decode("utf-8", "replace")
    ids = dict(re.findall(r'<(?:\w+:)?sheet\s[^>]*?name="([^"]*)"[^>]*?\br:id="([^"]*)"', text))
    links = packed.open("xl/_rels/workbook.xml.rels").read(_NAMES_AT_MOST).decode("utf-8", "replace")
    parts: dict[str, str] = {}
    for tag in re.findall(r"<Relationship\s[^>]*>", links):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        parts[found.get("Id", "")] = "xl/" + found.get("Target", "").removeprefix("/xl/")
    return {parts[identifier]: name for name, identifier in ids.items() if identifier in parts}


class _Found:
    """What was found on one sheet so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = self._columns = self._merged = 0

    @property
    def span(self) -> int:
        """The cells of the smallest block that holds all filled ones."""
        return self._rows * self._columns

    def take(self, text: bytes) -> None:
        """Search one piece; raises what is wrong with it."""
        filled = _FILLED.findall(text)
        if filled:
            letters, rows = zip(*filled, strict=True)
            self._columns = max(self._columns, *map(self._column, set(letters)))
            self._rows = max(self._rows, *map(int, set(rows)))
            if self._rows > ROWS_AT_MOST:
                raise TooManyRows(sheet=self._name, rows=ROWS_AT_MOST)
        if b"mergeCell" in text:
            self._merged += len(_MERGE.findall(text))
        if self._merged > MERGED_AT_MOST:
            raise TooManyCells(cells=CELLS_AT_MOST)
        if b"<f" not in text and b":f" not in text:
            return
        if any(_OUTSIDE.search(formula) for formula in _FORMULA.findall(text)):
            raise FormulaReachesOut(sheet=self._name)
        if _NEVER_CALCULATED.search(text):
            raise FormulaWithoutValue(sheet=self._name)

    def _column(self, letters: bytes) -> int:
        number = 0
        for letter in letters[:5]:
            number = number * _LETTERS + letter - ord("A") + 1
        if number > COLUMNS_AT_MOST:
            raise TooManyColumns(sheet=self._name, column=letters[:5].decode(), columns=COLUMNS_AT_MOST)
        return number
