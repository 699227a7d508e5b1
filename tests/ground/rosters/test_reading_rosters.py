"""The whole roster of a compound, in every messy file: each person at their row, door and household, nobody more."""

from __future__ import annotations

import pytest

from lianfang.ground.people.types import PaperCheckWrong, PhoneLengthWrong
from lianfang.ground.rosters.rules import columns, rows
from lianfang.ground.rosters.types import (
    Column,
    NameMissing,
    NameSeveral,
    PaperRuined,
    RosterRow,
    RowKind,
    SheetHidden,
    Sureness,
    Weight,
)
from lianfang.kernel.sheets import read
from tests.factories.rosters import HOUSEHOLDS, PEOPLE, STYLES, File, households, messy, spoilt


def all_rows(file: File) -> tuple[columns.Layouts, dict[tuple[str, int], RosterRow]]:
    book = read(file.content, file.name)
    layouts = columns.layouts(book)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    found = [row for layout in layouts.read for row in rows.read(sheets[layout.sheet], layout)]
    return layouts, {(row.sheet, row.number): row for row in found}


def test_the_town_has_the_published_size() -> None:
    assert len(households()) == HOUSEHOLDS
    assert sum(map(len, households())) == PEOPLE


@pytest.mark.parametrize("style", STYLES)
def test_everybody_is_read_at_their_door(style: str) -> None:
    file = messy(style)
    layouts, found = all_rows(file)
    persons = {at: row for at, row in found.items() if row.kind is RowKind.PERSON}
    assert len(file.people) == PEOPLE
    assert set(persons) == {(written.sheet, written.line) for written in file.people}
    for written in file.people:
        row, person = persons[written.sheet, written.line], written.person
        assert (row.name, row.sex, row.birth, row.paper) == (person.name, person.sex, person.birth, person.paper)
        assert row.phones[0] == person.phone
        assert row.relation is person.relation
        assert (row.building, row.unit, row.room) == person.door
        assert row.address.endswith(f"{person.building}栋{person.unit}单元{person.room}室")
        assert not row.waits
        assert all(fault.weight is Weight.NOTE for fault in row.faults)
    assert {guess.sure for layout in layouts.read for guess in layout.guesses if guess.column is not Column.NONE} == {Sureness.SURE}


@pytest.mark.parametrize("style", STYLES)
def test_households_are_kept_together_and_apart(style: str) -> None:
    file = messy(style)
    _, found = all_rows(file)
    marks: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for written in file.people:
        marks.setdefault((written.sheet, found[written.sheet, written.line].household), set()).add(written.person.door)
    assert len(marks) == HOUSEHOLDS
    assert all(len(doors) == 1 for doors in marks.values())


def test_a_hidden_sheet_is_left_out_and_said() -> None:
    layouts, _ = all_rows(messy("a sheet a building"))
    [left] = layouts.left_out
    assert (left.sheet, type(left.why)) == ("旧数据", SheetHidden)
    assert [layout.building for layout in layouts.read] == [str(number) for number in range(1, 9)]


def test_what_stands_between_persons_is_told_apart() -> None:
    _, found = all_rows(messy("a sheet a building"))
    kinds = [row.kind for row in found.values()]
    assert {kind: kinds.count(kind) for kind in RowKind} == {
        RowKind.PERSON: PEOPLE, RowKind.DOOR: 0, RowKind.HEADING: 16, RowKind.SUBTOTAL: 8, RowKind.NOTE: 8, RowKind.FILLER: 24,
    }  # fmt: skip


def test_a_spoilt_row_says_what_is_wrong_and_stops_no_other() -> None:
    file = spoilt()
    _, found = all_rows(file)
    expected = {
        "ruined": (PaperRuined, Weight.LOST), "wrong check": (PaperCheckWrong, Weight.LOST), "no name": (NameMissing, Weight.WAITS),
        "short phone": (PhoneLengthWrong, Weight.LOST), "two people": (NameSeveral, Weight.WAITS),
    }  # fmt: skip
    for written in file.people:
        row = found[written.sheet, written.line]
        assert row.kind is RowKind.PERSON
        assert [(type(fault.why), fault.weight) for fault in row.faults] == ([expected[written.spoilt]] if written.spoilt else []), written
        assert (row.building, row.unit, row.room) == written.person.door
