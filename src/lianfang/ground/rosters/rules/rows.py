"""What each row of a sheet holds: a person, a door without one, or what stands around them.

A cell that is merged downwards speaks for all its rows; an address left empty is the one above. Persons of one household share a
mark: the roster's own number of the household, the block that is merged, or the row where a head or another address begins it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from lianfang.ground.people.types import BirthAhead, PaperKind, Relation
from lianfang.ground.rosters.rules.headings import bare
from lianfang.ground.rosters.rules.living import kinds_of, means_vacant
from lianfang.ground.rosters.rules.shapes import is_paper
from lianfang.ground.rosters.rules.spots import NOWHERE, Spot, as_typed, plain, spot
from lianfang.ground.rosters.rules.standing import building_line, kind_of_line
from lianfang.ground.rosters.rules.values import (
    is_broken,
    read_day,
    read_name,
    read_papers,
    read_phones,
    read_relation,
    read_sex,
    relation_of,
    said_nothing,
    text_of,
)
from lianfang.ground.rosters.types import (
    PLACE_COLUMNS,
    AddressFromAbove,
    AddressMissing,
    AddressWasDay,
    BirthAsOnPaper,
    CellBroken,
    Column,
    Fault,
    Layout,
    RosterRow,
    RowKind,
    SexAsOnPaper,
    Weight,
)
from lianfang.kernel import clock
from lianfang.kernel.sheets import Cell, Sheet

_CARRIED = frozenset(
    {
        Column.PROVINCE,
        Column.CITY,
        Column.COUNTY,
        Column.STREET,
        Column.COMMUNITY,
        Column.GRID,
        Column.COMPOUND,
        Column.BUILDING,
        Column.UNIT,
    }
)
"""Columns of an address that are written once above many rows."""
_OWN = frozenset({Column.NAME, Column.PAPER, Column.SEX, Column.BIRTH, Column.AGE, Column.RELATION, Column.PAPER_KIND})
"""Columns that speak for one person alone, merged or not."""


_HEADINGS_AGAIN = 2
_COUNT = re.compile(r"\d+\s*[人户]?")


def read(sheet: Sheet, layout: Layout, *, today: date | None = None) -> Iterator[RosterRow]:
    """The rows of a sheet below its headings, as they are read; empty ones are not given. Raises nothing."""
    yield from _Reading(sheet, layout, today or clock.today()).rows()


class _Reading:
    """The reading of one sheet, with what rows further up said."""

    def __init__(self, sheet: Sheet, layout: Layout, today: date) -> None:
        self._sheet, self._layout, self._today = sheet, layout, today
        self._of: dict[Column, list[int]] = {}
        for guess in layout.guesses:
            self._of.setdefault(guess.column, []).append(guess.index)
        self._at: dict[Column, int] = {column: indexes[0] for column, indexes in self._of.items() if column is not Column.NONE}
        self._places = [(column, self._of.get(column, [])) for column in PLACE_COLUMNS]
        self._place_indexes = [(column, index) for column, indexes in self._places for index in indexes]
        self._headings = {guess.index: bare(guess.heading) for guess in layout.guesses if guess.heading}
        self._extra = [(index, self._heading(index)) for index in self._of.get(Column.NONE, []) if self._heading(index)]
        self._filled, self._blocks, self._wide = self._merged()
        self._carried: dict[Column, str] = {}
        self._within = ("", "")
        self._last: tuple[Spot, str] = (NOWHERE, "")
        self._head = ""

    def _heading(self, index: int) -> str:
        return next((guess.heading for guess in self._layout.guesses if guess.index == index), "").strip()

    def _merged(self) -> tuple[dict[int, dict[int, Cell]], dict[int, int], set[int]]:
        """The cells that a merge fills, by row; the first row of the household's block, by row; rows merged over the whole width."""
        filled: dict[int, dict[int, Cell]] = {}
        blocks: dict[int, int] = {}
        wide: set[int] = set()
        own = {index for column in _OWN for index in self._of.get(column, [])}
        marks = {
            index
            for column in (Column.NUMBER, Column.HOUSEHOLD, Column.ROOM, Column.ADDRESS, Column.HEAD)
            for index in self._of.get(column, [])
        }
        width, first, height = len(self._layout.guesses), self._layout.first_row - 1, len(self._sheet.rows)
        for block in self._sheet.merged:
            if block.last_row < first or block.first_row >= height:
                continue
            last_column = min(block.last_column, width - 1)
            if last_column - block.first_column + 1 > max(3, width * 0.6):
                wide.update(range(block.first_row, min(block.last_row + 1, height)))
                continue
            source = self._sheet.rows[block.first_row]
            value = source[block.first_column] if block.first_column < len(source) else None
            for row in range(max(block.first_row, first), min(block.last_row + 1, height)):
                if block.first_column in marks and block.last_row > block.first_row:
                    blocks[row] = max(blocks.get(row, -1), block.first_row)
                for column in range(block.first_column, last_column + 1):
                    if (row, column) != (block.first_row, block.first_column) and column not in own:
                        filled.setdefault(row, {})[column] = value
        return filled, blocks, wide

    def rows(self) -> Iterator[RosterRow]:
        """Each row that holds anything."""
        for number in range(self._layout.first_row - 1, len(self._sheet.rows)):
            cells = self._sheet.rows[number]
            if not any(cell is not None and cell != "" for cell in cells):
                continue
            yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[Cell]) -> RosterRow:
        plainly = RosterRow(self._sheet.name, number + 1, RowKind.FILLER)
        if self._is_heading(cells):
            return replace(plainly, kind=RowKind.HEADING)
        name_text = self._text(cells, Column.NAME) or (self._text(cells, Column.HEAD) if Column.NAME not in self._at else "")
        named = not (said_nothing(name_text) or _COUNT.fullmatch(name_text)) or is_paper(self._cell(cells, Column.PAPER))
        kind = kind_of_line([text for text in map(text_of, cells) if text], named=named, wide=number in self._wide, name=name_text)
        if kind is not None:
            line = building_line(cells) if kind is RowKind.FILLER else None
            if line is not None:
                self._within = (line[0] or self._within[0], line[1])
                self._carried.clear()
                self._last = (NOWHERE, "")
            return replace(plainly, kind=kind)
        full = [*cells, *[None] * (len(self._layout.guesses) - len(cells))]
        for column, value in self._filled.get(number, {}).items():
            full[column] = value
        return self._person(plainly, number, cells, full)

    def _is_heading(self, cells: Sequence[Cell]) -> bool:
        same = given = 0
        for index, cell in enumerate(cells):
            if cell is not None:
                given += 1
                heading = self._headings.get(index, "")
                # Most cells differ in their first sign: the rest is compared only where it does not.
                same += heading != "" and type(cell) is str and cell.lstrip("*【 \n")[:1].lower() == heading[:1] and bare(cell) == heading
        return same >= _HEADINGS_AGAIN and same * 2 >= given

    def _cell(self, cells: Sequence[Cell], column: Column) -> Cell:
        at = self._at.get(column)
        return cells[at] if at is not None and at < len(cells) else None

    def _text(self, cells: Sequence[Cell], column: Column) -> str:
        return text_of(self._cell(cells, column))

    def _person(self, row: RosterRow, number: int, own: Sequence[Cell], cells: Sequence[Cell]) -> RosterRow:
        faults: list[Fault] = []
        living, head = self._text(cells, Column.LIVING), self._text(cells, Column.HEAD)
        written = self._text(own, Column.NAME) or (head if Column.NAME not in self._at or not self._says_person(own) else "")
        vacant = means_vacant(written) or (means_vacant(living) and not is_paper(self._cell(own, Column.PAPER)))
        if vacant or (said_nothing(written) and not self._says_person(own)):
            return self._door(row, own, cells, living if means_vacant(living) else written, head=head if vacant else "")
        name, note, found = read_name(written)
        faults += found
        relation, found = read_relation(self._text(own, Column.RELATION))
        faults += found
        if relation is None and note and relation_of(note):
            relation, note = relation_of(note), ""
            faults = [fault for fault in faults if fault.column is not Column.NAME or fault.weight is not Weight.NOTE]
        if relation is None and head and head == name:
            relation = Relation.HEAD
        where, household, found = self._where(number, cells, relation)
        faults += found
        remark = "；".join(filter(None, (*self._all(own, Column.REMARK), note)))
        said: dict[str, Any] = {
            "sheet": row.sheet, "number": row.number, "kind": RowKind.PERSON, "name": name, "relation": relation, "head": head, "household": household, "remark": remark,
            "address": where.address, "building": where.building, "unit": where.unit, "room": where.room,
            "kinds": kinds_of(living, relation, row_registered=self._text(cells, Column.REGISTERED)), "living": living, "extra": self._beside(own),
            "registered": "".join(self._all(cells, Column.REGISTERED)), "workplace": "".join(self._all(cells, Column.WORKPLACE)),
            "from_place": "".join(self._all(cells, Column.FROM_PLACE)),
        }  # fmt: skip
        return self._identified(said, own, cells, faults)

    def _says_person(self, own: Sequence[Cell]) -> bool:
        """Whether a row without a name still speaks of somebody."""
        return any(not said_nothing(self._text(own, column)) for column in (Column.PAPER, Column.RELATION, Column.BIRTH, Column.SEX))

    def _identified(self, said: dict[str, Any], own: Sequence[Cell], cells: Sequence[Cell], faults: list[Fault]) -> RosterRow:
        """The row with paper, sex, days and telephones, and all faults: made once, for there are many."""
        paper, found = read_papers(self._cell(own, Column.PAPER), self._text(own, Column.PAPER_KIND))
        faults += found
        sex, found = read_sex(self._text(own, Column.SEX))
        faults += found
        birth, found = read_day(self._cell(own, Column.BIRTH), Column.BIRTH, self._today)
        faults += found
        if birth is not None and birth > self._today:
            birth = None
            faults.append(Fault(Column.BIRTH, BirthAhead(), Weight.LOST))
        if paper is not None and paper.birth is not None:
            if birth is not None and birth != paper.birth:
                faults.append(Fault(Column.BIRTH, BirthAsOnPaper(), Weight.NOTE))
            if sex is not None and sex is not paper.sex:
                faults.append(Fault(Column.SEX, SexAsOnPaper(), Weight.NOTE))
            birth, sex = paper.birth, paper.sex
        arrived, found = read_day(self._cell(own, Column.ARRIVED), Column.ARRIVED, self._today)
        faults += found
        phones: list[str] = []
        for at in self._of.get(Column.PHONE, []):
            some, found = read_phones(cells[at])
            phones += some
            faults += found
        faults += [Fault(column, CellBroken(), Weight.LOST) for column, at in self._at.items() if at < len(own) and is_broken(own[at])]
        number, kind = (paper.number, paper.kind) if paper is not None else ("", None)
        return RosterRow(
            **said, sex=sex, birth=birth, arrived=arrived, paper=number, paper_kind=None if kind is PaperKind.NONE and not number else kind,
            phones=tuple(dict.fromkeys(phones)), faults=tuple(faults),
        )  # fmt: skip

    def _all(self, cells: Sequence[Cell], column: Column) -> list[str]:
        return [text for at in self._of.get(column, []) if at < len(cells) and not said_nothing(text := text_of(cells[at]))]

    def _beside(self, cells: Sequence[Cell]) -> Mapping[str, str]:
        """What stands in columns that are none of ours, by their headings."""
        return {heading: text for index, heading in self._extra if index < len(cells) and (text := text_of(cells[index]))}

    def _door(self, row: RosterRow, own: Sequence[Cell], cells: Sequence[Cell], living: str, *, head: str) -> RosterRow:
        """A row that names nobody: a door if it says which, else nothing of ours."""
        says_where = any(index < len(own) and not said_nothing(text_of(own[index])) for _, index in self._place_indexes)
        if not says_where:
            return row
        where, _, faults = self._where(row.number - 1, cells, Relation.HEAD)
        if not where.address:
            return row
        return replace(
            row, kind=RowKind.DOOR, living=living, head=head, address=where.address, building=where.building, unit=where.unit, room=where.room,
            remark="；".join(self._all(own, Column.REMARK)), faults=tuple(fault for fault in faults if fault.weight is not Weight.WAITS),
        )  # fmt: skip

    def _where(self, number: int, cells: Sequence[Cell], relation: Relation | None) -> tuple[Spot, str, list[Fault]]:
        """The door of a row and the mark of its household."""
        faults: list[Fault] = []
        parts, said_low = [], False
        for column, indexes in self._places:
            part = ""
            for index in indexes:
                cell = cells[index] if index < len(cells) else None
                if isinstance(cell, date):
                    faults.append(Fault(column, AddressWasDay(read=as_typed(cell)), Weight.NOTE))
                text = as_typed(cell) or text_of(cell)
                part += "" if said_nothing(text) else text
            said_low = said_low or (bool(part) and column not in _CARRIED)
            parts.append(part)
        if not said_low and not any(
            part for part, column in zip(parts, PLACE_COLUMNS, strict=True) if column in {Column.BUILDING, Column.UNIT}
        ):
            where = self._last[0]
            if where.address and relation is not Relation.HEAD:
                faults.append(Fault(Column.ADDRESS, AddressFromAbove(), Weight.NOTE))
                return where, self._mark(number, cells, where, relation), faults
            where = spot(tuple(parts), self._layout.building, self._within) if any(parts) else NOWHERE
            faults.append(Fault(Column.ADDRESS, AddressMissing(), Weight.WAITS))
            return where, self._mark(number, cells, where, relation), faults
        self._carry(parts)
        where = spot(tuple(parts), self._layout.building, self._within)
        if not where.address:
            faults.append(Fault(Column.ADDRESS, AddressMissing(), Weight.WAITS))
        return where, self._mark(number, cells, where, relation), faults

    def _carry(self, parts: list[str]) -> None:
        """Fill what is written once above many rows: an empty building is the one above, an empty unit too while the building is the same."""
        for at, column in enumerate(PLACE_COLUMNS):
            if column not in _CARRIED:
                continue
            if parts[at]:
                if (
                    column is Column.BUILDING
                    and parts[at] != self._carried.get(column)
                    and plain(parts[at]) != plain(self._carried.get(column, ""))
                ):
                    self._carried.pop(Column.UNIT, None)
                self._carried[column] = parts[at]
            else:
                parts[at] = self._carried.get(column, "")

    def _mark(self, number: int, cells: Sequence[Cell], where: Spot, relation: Relation | None) -> str:
        given = self._text(cells, Column.HOUSEHOLD)
        head = self._text(cells, Column.HEAD)
        block = self._blocks.get(number)
        last_where, last = self._last
        if not said_nothing(given):
            mark = re.sub(r"\s+", "", given)
        elif block is not None:
            mark = f"@{block + 1}"
        elif last and where == last_where and relation is not Relation.HEAD and (not head or head == self._head):
            mark = last
        else:
            mark = f"@{number + 1}"
        self._last, self._head = (where, mark), head
        return mark
