"""Opening the file of a roster: its sheets laid out, its rows read piece by piece, sealed as they are to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.ground.rosters.commands.receiving import content_of
from lianfang.ground.rosters.loading_types import NothingToLoad, State
from lianfang.ground.rosters.models import Question, Roster, Row
from lianfang.ground.rosters.models.rows import ROW_PURPOSES
from lianfang.ground.rosters.queries.files import remembered_for, roster_row
from lianfang.ground.rosters.rules import columns, rows
from lianfang.ground.rosters.rules.staged import as_words, kept, said_of
from lianfang.ground.rosters.types import Column, Layout, Layouts, LeftOut, RosterRow, RowKind, SheetNoPersons
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId
from lianfang.kernel.sealing import keyring
from lianfang.kernel.sheets import Sheet, Workbook, read

Entering = Callable[[], AbstractContextManager[None]]
"""Opens the transaction in which a step runs: in the scope of whoever brought the roster."""

AT_ONCE = 2_000
_SAMPLES, _LONG = 3, 7
_PLAIN = frozenset({Column.NUMBER, Column.SEX, Column.RELATION, Column.BUILDING, Column.UNIT, Column.FLOOR, Column.ROOM, Column.LIVING})
_TAKEN = (RowKind.PERSON, RowKind.DOOR)
_CONTENT_PURPOSE = "rosters_row.content"


class Staged(NamedTuple):
    """A row on its way to its verdict. `sealed` are its values where it is not written down yet."""

    ordinal: int
    sheet: int
    row: RosterRow
    person: bool
    content: bytes
    sealed: bytes | None = None
    person_id: PersonId | None = None  # whom an earlier comparison would have added for it


class Opened:
    """A file that was opened: its rows are read as they are asked for, in pieces, and each piece is let go."""

    def __init__(self, roster: Roster, book: Workbook, layouts: Layouts) -> None:
        self.roster = roster
        self.other = 0  # rows so far that name nobody
        self._book, self._layouts = book, layouts

    def pieces(self) -> Iterator[list[Staged]]:
        """The rows in the order of the file."""
        ring, ordinal = keyring(), 0
        sheets = {sheet.name: sheet for sheet in self._book.sheets}
        numbered = [(number, sheets[layout.sheet], layout) for number, layout in enumerate(self._layouts.read) if layout.has_persons]
        pending: Iterator[tuple[int, RosterRow]] = ((number, row) for number, sheet, layout in numbered for row in rows.read(sheet, layout))
        while some := list(islice(pending, AT_ONCE)):
            people = [(number, row) for number, row in some if row.kind in _TAKEN]
            self.other += len(some) - len(people)
            if not people:
                continue
            yield [
                Staged(
                    at, number, row, row.kind is RowKind.PERSON, ring.blind(said_of(row), _CONTENT_PURPOSE),
                    ring.seal(kept(row).decode(), ROW_PURPOSES["sealed"]),
                )
                for at, (number, row) in enumerate(people, start=ordinal)
            ]  # fmt: skip
            ordinal += len(people)


def opened(roster_id: UUID, entering: Entering) -> Opened:
    """Open the file of a roster and say how it is laid out; what was read of it before goes. Raises SheetRefused, NothingToLoad."""
    with entering():
        roster = roster_row(roster_id)
        content, remembered = content_of(roster_id), remembered_for(roster.community_id)
        Question.objects.filter(roster_id=roster_id).delete()
        Row.objects.filter(roster_id=roster_id).delete()
    book = read(content, roster.name)
    del content
    layouts = _layouts(book, roster, remembered)
    if not any(layout.has_persons for layout in layouts.read):
        raise NothingToLoad
    total = sum(len(sheet.rows) for sheet in book.sheets)
    with entering():
        _note(roster, book, layouts, total)
    return Opened(roster, book, layouts)


def _layouts(book: Workbook, roster: Roster, remembered: dict[str, list[str]]) -> Layouts:
    """How the sheets are laid out: as guessed, as remembered, and as was said of this very file."""
    layouts = columns.layouts(book, remembered)
    told = {each["sheet"]: each["columns"] for each in roster.layouts if each.get("told")}
    return Layouts(tuple(columns.as_told(layout, told.get(layout.sheet)) for layout in layouts.read), layouts.left_out)


def _note(roster: Roster, book: Workbook, layouts: Layouts, total: int) -> None:
    told = {each["sheet"] for each in roster.layouts if each.get("told")}
    roster.form = book.form.value
    sheets = {sheet.name: sheet for sheet in book.sheets}
    roster.layouts = [layout_form(layout, sheets[layout.sheet], told=layout.sheet in told) for layout in layouts.read]
    unnamed = [LeftOut(layout.sheet, SheetNoPersons()) for layout in layouts.read if not layout.has_persons]
    roster.left_out = [[each.sheet, *as_words(each.why)] for each in (*layouts.left_out, *unnamed)]
    roster.signature = " ".join(sorted({layout.signature for layout in layouts.read if layout.has_persons}))
    roster.total, roster.done, roster.state, roster.changed_at = total, 0, State.READING, clock.now()
    roster.save(update_fields=["form", "layouts", "left_out", "signature", "total", "done", "state", "changed_at"])


def layout_form(layout: Layout, sheet: Sheet, *, told: bool) -> dict[str, Any]:
    """A layout as it is kept: what a page shows of it, and what reading and export need."""
    return {
        "sheet": layout.sheet,
        "signature": layout.signature,
        "heading_rows": list(layout.heading_rows),
        "first_row": layout.first_row,
        "building": layout.building,
        "columns": [column.value for column in layout.columns],
        "headings": [guess.heading for guess in layout.guesses],
        "sure": [guess.sure.value for guess in layout.guesses],
        "workers": layout.workers,
        "told": told,
        "samples": [_samples(sheet, layout, at) for at in range(len(layout.guesses))],
    }


def _samples(sheet: Sheet, layout: Layout, at: int) -> list[str]:
    """The first values of a column, masked: enough to see what it is."""
    values = (
        str(row[at]).strip() for row in sheet.rows[layout.first_row - 1 : layout.first_row + 20] if at < len(row) and row[at] is not None
    )
    heading = layout.guesses[at].heading  # said again above every building
    found = list(islice((value for value in values if value and value != heading), _SAMPLES))
    return found if layout.columns[at] in _PLAIN else [_masked(value) for value in found]


def _masked(value: str) -> str:
    if sum(map(str.isdigit, value)) >= _LONG:
        return value[:3] + "*" * min(len(value) - 3, 8)
    return value[:1] + "*" * min(max(len(value) - 1, 1), 6)
