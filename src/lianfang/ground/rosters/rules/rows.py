"""What each row of a sheet holds: a person, a door without one, or what stands around them.

A cell that is merged downwards speaks for all its rows; an address left empty is the one above. Persons of one household share a
mark: the roster's own number of the household, the block that is merged, or the row where a head or another address begins it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lianfang.ground.people.types import BirthAhead, PaperKind, Relation
from lianfang.ground.rosters.rules.headings import bare
from lianfang.ground.rosters.rules.living import kinds_of, means_vacant
from lianfang.ground.rosters.rules.shapes import is_paper
from lianfang.ground.rosters.rules.spots import NOWHERE, Spot, as_typed, plain, spot
from lianfang.ground.rosters.rules.staff import calls_workers
from lianfang.ground.rosters.rules.standing import building_line, kind_of_line
from lianfang.ground.rosters.rules.values import (
    AS_ABOVE,
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
    Basis,
    BirthAsOnPaper,
    CellBroken,
    Column,
    Fault,
    Layout,
    NamesBeside,
    RosterRow,
    RowKind,
    SexAsOnPaper,
    Sureness,
    Weight,
    WorkersListed,
)
from lianfang.kernel import clock
from lianfang.kernel.sheets import Cell, Sheet

_LOW = {Column.ADDRESS, Column.FLOOR, Column.ROOM}
_CARRIED = {at: column for at, column in enumerate(PLACE_COLUMNS) if column not in _LOW}
"""Columns of an address that are written once above many rows, by their place among PLACE_COLUMNS, the building before the unit."""
_BUILDING_AT, _UNIT_AT = PLACE_COLUMNS.index(Column.BUILDING), PLACE_COLUMNS.index(Column.UNIT)
_OWN = frozenset({Column.NAME, Column.PAPER, Column.SEX, Column.BIRTH, Column.AGE, Column.RELATION, Column.PAPER_KIND})
"""Columns that speak for one person alone, merged or not."""


_HEADINGS_AGAIN = 2
_COUNT = re.compile(r"\d+\s*[人户]?")


def read(sheet: Sheet, layout: Layout, *, today: date | None = None) -> Iterator[RosterRow]:
    """The rows of a sheet below its headings, as they are read; empty ones are not given. Raises nothing."""
    return _Reading(sheet, layout, today or clock.today()).rows()


class _Columns:
    """Where the columns of one layout stand, by what they hold; -1 is the empty cell at the end of every line."""

    def __init__(self, layout: Layout) -> None:
        self.of: dict[Column, list[int]] = {}
        for guess in layout.guesses:
            self.of.setdefault(guess.column, []).append(guess.index)
        at = {column: indexes[0] for column, indexes in self.of.items()}.get
        self.name, self.head, self.household = at(Column.NAME, -1), at(Column.HEAD, -1), at(Column.HOUSEHOLD, -1)
        self.paper, self.paper_kind, self.sex = at(Column.PAPER, -1), at(Column.PAPER_KIND, -1), at(Column.SEX, -1)
        self.birth, self.arrived, self.relation = at(Column.BIRTH, -1), at(Column.ARRIVED, -1), at(Column.RELATION, -1)
        self.living, self.first_registered = at(Column.LIVING, -1), at(Column.REGISTERED, -1)
        self.phones, self.remarks = self._all(Column.PHONE), self._all(Column.REMARK)
        self.registered, self.workplace, self.from_place = (
            self._all(column) for column in (Column.REGISTERED, Column.WORKPLACE, Column.FROM_PLACE)
        )
        self.places = [(at, column, index) for at, column in enumerate(PLACE_COLUMNS) for index in self._all(column)]
        self.place_indexes = [index for *_, index in self.places]
        self.ours = [(column, indexes[0]) for column, indexes in self.of.items() if column is not Column.NONE]
        self.names_beside = _names_beside(layout, self.name)
        self.said_again = [guess.index for guess in layout.guesses if guess.column not in _OWN]
        self.width = len(layout.guesses)

    def _all(self, column: Column) -> list[int]:
        return self.of.get(column, [])


@dataclass(slots=True)
class _Line:
    """One line of a sheet: its cells with an empty one at the end, and their texts; `own` before merged cells are filled in."""

    number: int
    own: list[Cell]
    own_texts: list[str]
    cells: list[Cell]
    texts: list[str]


class _Reading:
    """The reading of one sheet, with what rows further up said."""

    def __init__(self, sheet: Sheet, layout: Layout, today: date) -> None:
        self._sheet, self._layout, self._today = sheet, layout, today
        self._at = _Columns(layout)
        self._headings = [
            (guess.index, heading, heading[:1], heading[:1].upper()) for guess in layout.guesses if (heading := bare(guess.heading))
        ]
        self._extra = [(guess.index, guess.heading.strip()) for guess in layout.guesses if guess.column is Column.NONE]
        self._extra = [(index, heading) for index, heading in self._extra if heading]
        self._filled, self._blocks, self._wide = self._merged()
        self._nothing: list[Cell] = [None] * (self._at.width + 1)
        self._carried: dict[int, str] = {}
        self._within = ("", "")
        self._last: tuple[Spot, str] = (NOWHERE, "")
        self._head = ""
        self._workers = layout.workers
        self._same: tuple[list[Cell], Spot] | None = None  # the cells of the last address, and where it led
        self._above: list[Cell] = []  # the line before

    def _merged(self) -> tuple[dict[int, dict[int, Cell]], dict[int, int], set[int]]:
        """The cells that a merge fills, by row; the first row of the household's block, by row; rows merged over the whole width."""
        filled: dict[int, dict[int, Cell]] = {}
        blocks: dict[int, int] = {}
        wide: set[int] = set()
        own = {index for column in _OWN for index in self._at.of.get(column, [])}
        marks = {
            index
            for column in (Column.NUMBER, Column.HOUSEHOLD, Column.ROOM, Column.ADDRESS, Column.HEAD)
            for index in self._at.of.get(column, [])
        }
        width, first, height = self._at.width, self._layout.first_row - 1, len(self._sheet.rows)
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
            for cell in cells:
                if cell is not None and cell != "":
                    yield self._row(number, cells)
                    break

    def _row(self, number: int, cells: Sequence[Cell]) -> RosterRow:
        if self._is_heading(cells):
            return self._plainly(number, RowKind.HEADING)
        own = [*cells, *self._nothing[len(cells) :]] if len(cells) <= self._at.width else [*cells, None]
        texts = [text_of(cell) for cell in own]
        if not AS_ABOVE.isdisjoint(texts):
            self._say_again(own, texts)
        at = self._at
        name_text = texts[at.name] or (texts[at.head] if at.name < 0 else "")
        named = not (said_nothing(name_text) or _COUNT.fullmatch(name_text)) or is_paper(own[at.paper])
        kind = kind_of_line([text for text in texts if text], named=named, wide=number in self._wide, name=name_text)
        if kind is not None:
            line = building_line(cells) if kind is RowKind.FILLER else None
            if line is not None:
                self._within = (line[0] or self._within[0], line[1])
                self._carried.clear()
                self._last, self._same = (NOWHERE, ""), None
            if kind is RowKind.FILLER:
                self._workers = calls_workers(name_text or next(text for text in texts if text)) or (self._workers and line is None)
            return self._plainly(number, kind)
        filled = self._filled.get(number)
        self._above = own
        if filled is None:
            return self._person(_Line(number, own, texts, own, texts))
        full, full_texts = own.copy(), texts.copy()
        for column, value in filled.items():
            full[column], full_texts[column] = value, text_of(value)
        self._above = full
        return self._person(_Line(number, own, texts, full, full_texts))

    def _say_again(self, own: list[Cell], texts: list[str]) -> None:
        """What is written as "the same as above" says what stands above it; what speaks for one person alone does not."""
        for index in self._at.said_again:
            if texts[index] in AS_ABOVE and self._above:
                own[index], texts[index] = self._above[index], text_of(self._above[index])

    def _plainly(self, number: int, kind: RowKind) -> RosterRow:
        return RosterRow(self._sheet.name, number + 1, kind)

    def _is_heading(self, cells: Sequence[Cell]) -> bool:
        same, width = 0, len(cells)
        for index, heading, small, capital in self._headings:
            cell = cells[index] if index < width else None
            # Most cells lack the heading's first sign: the rest is compared only where they do not.
            if type(cell) is str and (small in cell or capital in cell) and bare(cell) == heading:
                same += 1
        return same >= _HEADINGS_AGAIN and same * 2 >= sum(cell is not None for cell in cells)

    def _person(self, line: _Line) -> RosterRow:
        faults: list[Fault] = [Fault(Column.NAME, WorkersListed(), Weight.WAITS)] if self._workers else []
        at, own = self._at, line.own_texts
        living, head = line.texts[at.living], line.texts[at.head]
        written = own[at.name] or (head if at.name < 0 or not self._says_person(own) else "")
        vacant = means_vacant(written) or (living != "" and means_vacant(living) and not is_paper(line.own[at.paper]))
        if vacant or (said_nothing(written) and not self._says_person(own)):
            return self._door(line, living if means_vacant(living) else written, head=head if vacant else "")
        name, note, found = read_name(written)
        faults += found
        for index, heading in at.names_beside:
            if not said_nothing(own[index]) and own[index] != written:
                faults.append(Fault(Column.NAME, NamesBeside(heading=heading), Weight.WAITS))
                break
        relation, found = read_relation(own[at.relation])
        faults += found
        if relation is None and note and relation_of(note):
            relation, note = relation_of(note), ""
            faults = [fault for fault in faults if fault.column is not Column.NAME or fault.weight is not Weight.NOTE]
        if relation is None and head and head == name:
            relation = Relation.HEAD
        where, household, found = self._where(line, relation)
        faults += found
        said: dict[str, Any] = {
            "sheet": self._sheet.name, "number": line.number + 1, "kind": RowKind.PERSON, "name": name, "relation": relation, "head": head,
            "household": household, "remark": "；".join(filter(None, (*_all(own, at.remarks), note))) if at.remarks or note else "",
            "address": where.address, "building": where.building, "unit": where.unit, "room": where.room,
            "kinds": kinds_of(living, relation, row_registered=line.texts[at.first_registered]), "living": living,
            "extra": {heading: own[index] for index, heading in self._extra if own[index]} if self._extra else {},
            "registered": "".join(_all(line.texts, at.registered)), "workplace": "".join(_all(line.texts, at.workplace)),
            "from_place": "".join(_all(line.texts, at.from_place)),
        }  # fmt: skip
        return self._identified(said, line, faults)

    def _says_person(self, own: Sequence[str]) -> bool:
        """Whether a row without a name still speaks of somebody."""
        at = self._at
        return any(not said_nothing(own[index]) for index in (at.paper, at.relation, at.birth, at.sex))

    def _identified(self, said: dict[str, Any], line: _Line, faults: list[Fault]) -> RosterRow:
        """The row with paper, sex, days and telephones, and all faults: made once, for there are many."""
        at, own = self._at, line.own
        paper, found = read_papers(own[at.paper], line.own_texts[at.paper_kind])
        faults += found
        sex, found = read_sex(line.own_texts[at.sex])
        faults += found
        birth, found = read_day(own[at.birth], Column.BIRTH, self._today)
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
        arrived, found = read_day(own[at.arrived], Column.ARRIVED, self._today)
        faults += found
        phones: list[str] = []
        for index in at.phones:
            some, found = read_phones(line.cells[index])
            phones += some
            faults += found
        for cell in own:
            if type(cell) is str and cell[:1] == "#":
                faults += [Fault(column, CellBroken(), Weight.LOST) for column, index in at.ours if is_broken(own[index])]
                break
        number, kind = (paper.number, paper.kind) if paper is not None else ("", None)
        return RosterRow(
            **said, sex=sex, birth=birth, arrived=arrived, paper=number, paper_kind=None if kind is PaperKind.NONE and not number else kind,
            phones=tuple(dict.fromkeys(phones)), faults=tuple(faults),
        )  # fmt: skip

    def _door(self, line: _Line, living: str, *, head: str) -> RosterRow:
        """A row that names nobody: a door if it says which, else nothing of ours."""
        row = self._plainly(line.number, RowKind.FILLER)
        if all(said_nothing(line.own_texts[index]) for index in self._at.place_indexes):
            return row
        where, _, faults = self._where(line, Relation.HEAD)
        if not where.address:
            return row
        return replace(
            row, kind=RowKind.DOOR, living=living, head=head, address=where.address, building=where.building, unit=where.unit, room=where.room,
            remark="；".join(_all(line.own_texts, self._at.remarks)), faults=tuple(fault for fault in faults if fault.weight is not Weight.WAITS),
        )  # fmt: skip

    def _where(self, line: _Line, relation: Relation | None) -> tuple[Spot, str, list[Fault]]:
        """The door of a row and the mark of its household."""
        written = [line.cells[index] for index in self._at.place_indexes]
        if self._same is not None and self._same[0] == written:
            return self._same[1], self._mark(line, self._same[1], relation), []
        faults: list[Fault] = []
        parts, said_low, said_above = [""] * len(PLACE_COLUMNS), False, False
        for at, column, index in self._at.places:
            cell = line.cells[index]
            if isinstance(cell, date):
                faults.append(Fault(column, AddressWasDay(read=as_typed(cell)), Weight.NOTE))
            text = as_typed(cell) or line.texts[index]
            if not said_nothing(text):
                parts[at] += text
                said_low = said_low or at not in _CARRIED
                said_above = said_above or column is Column.BUILDING or column is Column.UNIT
        if not said_low and not said_above:
            return self._without_address(line, parts, relation, faults)
        self._carry(parts)
        where = spot(tuple(parts), self._layout.building, self._within)
        if not where.address:
            faults.append(Fault(Column.ADDRESS, AddressMissing(), Weight.WAITS))
        self._same = None if faults else (written, where)
        return where, self._mark(line, where, relation), faults

    def _without_address(
        self, line: _Line, parts: list[str], relation: Relation | None, faults: list[Fault]
    ) -> tuple[Spot, str, list[Fault]]:
        where = self._last[0]
        if where.address and relation is not Relation.HEAD:
            faults.append(Fault(Column.ADDRESS, AddressFromAbove(), Weight.NOTE))
            return where, self._mark(line, where, relation), faults
        where = spot(tuple(parts), self._layout.building, self._within) if any(parts) else NOWHERE
        faults.append(Fault(Column.ADDRESS, AddressMissing(), Weight.WAITS))
        return where, self._mark(line, where, relation), faults

    def _carry(self, parts: list[str]) -> None:
        """Fill what is written once above many rows: an empty building is the one above, an empty unit too while the building is the same."""
        carried = self._carried
        for at in _CARRIED:
            part = parts[at]
            if not part:
                parts[at] = carried.get(at, "")
            elif part != (above := carried.get(at)):
                if at == _BUILDING_AT and plain(part) != plain(above or ""):
                    carried.pop(_UNIT_AT, None)
                carried[at] = part

    def _mark(self, line: _Line, where: Spot, relation: Relation | None) -> str:
        given, head = line.texts[self._at.household], line.texts[self._at.head]
        block = self._blocks.get(line.number)
        last_where, last = self._last
        if given and not said_nothing(given):
            mark = re.sub(r"\s+", "", given)
        elif block is not None:
            mark = f"@{block + 1}"
        elif last and where == last_where and relation is not Relation.HEAD and (not head or head == self._head):
            mark = last
        else:
            mark = f"@{line.number + 1}"
        self._last, self._head = (where, mark), head
        return mark


_NUMERALS = re.compile(r"[0-9一二三四五六七八九十]+")


def _names_beside(layout: Layout, name: int) -> list[tuple[int, str]]:
    """Columns that are called as the one of names is, but for a number, and that are not read: members of a household side by side."""
    called = next((_NUMERALS.sub("", bare(guess.heading)) for guess in layout.guesses if guess.index == name), "")
    return [
        (guess.index, guess.heading.strip())
        for guess in layout.guesses
        if called and guess.column is Column.NONE and guess.sure is Sureness.LIKELY and guess.basis is not Basis.NOTHING
        and _NUMERALS.sub("", bare(guess.heading)) == called
    ]  # fmt: skip


def _all(texts: Sequence[str], indexes: Iterable[int]) -> list[str]:
    return [text for index in indexes if not said_nothing(text := texts[index])]
