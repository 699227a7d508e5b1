"""Reading a table file: it is handed to a process of its own, which answers sheets or a refusal (see `opening`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import msgspec

from lianfang.kernel.errors import Refused
from lianfang.kernel.sheets import opening, types
from lianfang.kernel.sheets.types import (
    MEGABYTES_AT_MOST,
    Cell,
    FileEmpty,
    FileTooLarge,
    Form,
    Merged,
    ReadingTooCostly,
    Sheet,
    SheetRefused,
    Workbook,
)

_SOURCE = Path(__file__).parents[3]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from lianfang.kernel.sheets.opening import main; main()"
_SECONDS_AT_MOST = 120


class _Sheet(msgspec.Struct):
    name: str
    hidden: bool
    rows: list[msgspec.Raw]
    merged: list[tuple[int, int, int, int]]


class _Answer(msgspec.Struct):
    sheets: list[_Sheet] = []
    form: str = ""
    encoding: str = ""
    refused: str = ""
    facts: dict[str, str | int] = {}


_DECODER = msgspec.msgpack.Decoder(_Answer)
_ROW: msgspec.msgpack.Decoder[list[Cell]] = msgspec.msgpack.Decoder(list, ext_hook=opening.cell_of)


class _Rows(Sequence[list[Cell]]):
    """The rows of a sheet as they came from the other process, each unpacked when it is asked for.

    A hundred thousand rows unpacked at once take as much memory as all that is made of them.
    """

    def __init__(self, packed: list[msgspec.Raw]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, at: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[Cell]]: ...
    def __getitem__(self, at: int | slice) -> list[Cell] | list[list[Cell]]:
        return _ROW.decode(self._packed[at]) if isinstance(at, int) else [_ROW.decode(row) for row in self._packed[at]]


def read(file: Path | bytes, name: str = "") -> Workbook:
    """All sheets of a file, hidden ones too. `name` is what the file is called; it names the only sheet of a text table.

    Raises a `SheetRefused` that says what is wrong with the file and how to mend it. Formulas are not calculated: a cell holds the
    value that its program stored.
    """
    if isinstance(file, Path):
        name = name or file.name
        _weigh(file.stat().st_size)
        file = file.read_bytes()
    _weigh(len(file))
    answer, title = _DECODER.decode(_opened(file)), Path(name).stem
    if answer.refused:
        kind: type[Refused] = getattr(types, answer.refused, SheetRefused)
        raise kind(**(answer.facts | {"sheet": title}) if answer.facts.get("sheet") == "" else answer.facts)
    sheets = (
        Sheet(each.name or title, each.hidden, _Rows(each.rows), tuple(Merged(*block) for block in each.merged)) for each in answer.sheets
    )
    return Workbook(name, Form(answer.form), tuple(sheets), answer.encoding)


def _weigh(size: int) -> None:
    if size == 0:
        raise FileEmpty
    if size > MEGABYTES_AT_MOST << 20:
        raise FileTooLarge(megabytes=MEGABYTES_AT_MOST)


def _opened(content: bytes) -> bytes:
    command = [sys.executable, "-I", "-c", _START, str(_SOURCE)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=_SECONDS_AT_MOST)
    except subprocess.TimeoutExpired:
        raise ReadingTooCostly from None
    if done.returncode or not done.stdout:
        raise ReadingTooCostly
    return done.stdout
