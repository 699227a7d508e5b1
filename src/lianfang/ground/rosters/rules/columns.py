"""Which column of a sheet is what: by the words of its heading and by the form of its values, or as somebody said before.

Headings are looked for among the first rows, in one row or two; a sheet without any is known by its values. A sheet on which no
column names a person holds nothing of ours.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lianfang.ground.rosters.rules.headings import FOREIGN, Meaning, bare, meaning
from lianfang.ground.rosters.rules.shapes import STRONG, agrees, is_day, is_paper, is_phone, shape
from lianfang.ground.rosters.rules.staff import lists_workers
from lianfang.ground.rosters.types import SEVERAL, Basis, Column, Guess, Layout, Layouts, LeftOut, SheetEmpty, SheetHidden, Sureness
from lianfang.kernel.sheets import Cell, Sheet, Workbook

WITHIN = 40
_SAMPLED = 400
_LONGEST_HEADING = 60
_OF_A_BUILDING = re.compile(r"(?:^|[^0-9A-Z])([0-9]{1,3}|[A-Z][0-9]?)\s*(?:号楼|栋|幢|座|#楼?|楼(?!层|上|下|长))")
_LOOSE = 1
_ENOUGH = 1.5  # one plain word for who, or two others
_CALLS = {Column.NAME, Column.HEAD}
_ROOMS = {Column.BUILDING, Column.UNIT, Column.ROOM, Column.ADDRESS}


def layouts(book: Workbook, remembered: Mapping[str, Sequence[str]] | None = None) -> Layouts:
    """The layouts of all sheets that are shown and hold anything; `remembered` gives columns by signature, as they were corrected."""
    read: list[Layout] = []
    left_out: list[LeftOut] = []
    for sheet in book.sheets:
        if sheet.hidden:
            left_out.append(LeftOut(sheet.name, SheetHidden()))
        elif not any(any(cell is not None for cell in row) for row in sheet.rows):
            left_out.append(LeftOut(sheet.name, SheetEmpty()))
        else:
            read.append(guess(sheet, remembered))
    return Layouts(tuple(read), tuple(left_out))


def guess(sheet: Sheet, remembered: Mapping[str, Sequence[str]] | None = None) -> Layout:
    """How one sheet is laid out."""
    heading_rows, headings = _headings(sheet)
    first = heading_rows[-1] + 1 if heading_rows else 1
    sample = sheet.rows[first - 1 : first - 1 + _SAMPLED]
    width = max(len(headings), max((len(row) for row in sample), default=0))
    headings += [("", "")] * (width - len(headings))
    values = [[row[at] if at < len(row) else None for row in sample] for at in range(width)]
    guesses = guessed(headings, values)
    titles = [str(cell) for row in sheet.rows[: max(first - 1 - len(heading_rows), 0)] for cell in row if isinstance(cell, str)]
    layout = Layout(
        sheet.name,
        heading_rows,
        first,
        guesses,
        signature([low or above for above, low in headings]),
        _building(sheet, first),
        lists_workers(sheet.name, titles, [low or above for above, low in headings], {one.column for one in guesses}),
    )
    return as_remembered(layout, (remembered or {}).get(layout.signature))


def signature(headings: Sequence[str]) -> str:
    """The same text for the same headings in the same order, however they are spaced; what is remembered is remembered under it."""
    plain = [bare(heading) for heading in headings]
    while plain and not plain[-1]:
        plain.pop()
    return hashlib.sha256("\x1f".join(plain).encode()).hexdigest()[:32]


def as_remembered(layout: Layout, columns: Sequence[str] | None) -> Layout:
    """The layout with the columns that somebody gave to a sheet with the same headings, if anybody did."""
    return _given(layout, columns, Sureness.REMEMBERED)


def as_told(layout: Layout, columns: Sequence[str] | None) -> Layout:
    """The layout with the columns that somebody gave to this very sheet, if anybody did."""
    return _given(layout, columns, Sureness.SURE)


def _given(layout: Layout, columns: Sequence[str] | None, sure: Sureness) -> Layout:
    if columns is None or len(columns) > len(layout.guesses) or not set(columns) <= set(Column):
        return layout
    told = [*map(Column, columns), *[Column.NONE] * (len(layout.guesses) - len(columns))]
    return replace(
        layout,
        guesses=tuple(
            replace(one, column=column, sure=sure, basis=Basis.CORRECTED) for one, column in zip(layout.guesses, told, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    guess: Guess
    weight: int


def guessed(headings: Sequence[tuple[str, str]], values: Sequence[Sequence[Cell]]) -> tuple[Guess, ...]:
    """What each column is, from its headings (the one above, the one below) and a sample of its values."""
    candidates = [_candidate(at, *both, values[at] if at < len(values) else []) for at, both in enumerate(headings)]
    best: dict[Column, _Candidate] = {}
    for one in candidates:
        held = best.get(one.guess.column)
        if held is None or one.weight > held.weight:
            best[one.guess.column] = one
    found = [
        one.guess
        if best[one.guess.column] is one
        or (one.guess.column in SEVERAL and (one.weight > _LOOSE or best[one.guess.column].weight <= _LOOSE))
        else replace(one.guess, column=Column.NONE, sure=Sureness.LIKELY)
        for one in candidates
    ]
    return tuple(found) if _CALLS & {one.column for one in found} else tuple(_nothing(one) for one in found)


def _nothing(one: Guess) -> Guess:
    """On a sheet that names nobody a column is none of ours, whatever it says."""
    return replace(one, column=Column.NONE) if one.column is not Column.NONE else one


def _candidate(at: int, above: str, heading: str, values: Sequence[Cell]) -> _Candidate:
    says = meaning(heading, above)
    written = heading or above
    looks = shape(values)
    if not says.known:
        if looks in STRONG or (looks is not Column.NONE and not bare(written)):
            return _Candidate(Guess(looks, at, written, Sureness.LIKELY, Basis.VALUES), 1)
        return _Candidate(Guess(Column.NONE, at, written, Sureness.UNSURE, Basis.NOTHING), 0)
    if says == FOREIGN:
        return _Candidate(Guess(Column.NONE, at, written, Sureness.SURE, Basis.HEADING), 0)
    return _weighed(at, written, says, values)


def _weighed(at: int, written: str, says: Meaning, values: Sequence[Cell]) -> _Candidate:
    """A heading that is understood, set against what stands below it."""
    fits = agrees(says.column, values)
    weight = 4 if says.exact else 1 if says.loose else 3
    if fits:
        return _Candidate(
            Guess(says.column, at, written, Sureness.LIKELY if says.loose else Sureness.SURE, Basis.BOTH), weight + 2 * (not says.loose)
        )
    looks = shape(values)
    if fits is False and looks in {Column.PAPER, Column.PHONE} and says.column is not Column.ADDRESS:
        return _Candidate(Guess(looks, at, written, Sureness.LIKELY, Basis.VALUES), 2)
    if fits is False and looks is Column.ADDRESS and says.column in _ROOMS:
        return _Candidate(Guess(looks, at, written, Sureness.LIKELY, Basis.VALUES), 2)
    given = sum(value is not None for value in values)
    sure = Sureness.SURE if says.exact or fits is None else Sureness.LIKELY
    return _Candidate(Guess(says.column, at, written, sure, Basis.HEADING), weight - (given == 0 and bool(values)))


def _headings(sheet: Sheet) -> tuple[tuple[int, ...], list[tuple[str, str]]]:
    """The rows of headings, from 1, and for each column what stands above and what below."""
    rows = [_spread(sheet, number) for number in range(min(len(sheet.rows), WITHIN))]
    scores = [_score(row) for row in rows]
    best = max(range(len(rows)), key=lambda number: (scores[number], -number), default=None)
    if best is None or scores[best] < _ENOUGH:
        return (), []
    if best + 1 < len(rows) and _goes_on(sheet, rows, best):
        return (best + 1, best + 2), _joined(rows[best], rows[best + 1])
    if best > 0 and _stands_over(sheet, best - 1):
        return (best, best + 1), _joined(rows[best - 1], rows[best])
    return (best + 1,), [("", heading) for heading in rows[best]]


def _joined(above: Sequence[str], below: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(above), len(below))
    over, under = ([*row, *[""] * (width - len(row))] for row in (above, below))
    return [("", top) if bare(low) in {"", bare(top)} else (top, low) for top, low in zip(over, under, strict=True)]


def _spread(sheet: Sheet, number: int) -> list[str]:
    """A row as headings: what is merged stands in each of its cells, but for titles over the whole width."""
    row = sheet.rows[number]
    texts = [str(cell) if isinstance(cell, str | int) else "" if cell is None else "\0" for cell in row]
    width = max((len(each) for each in sheet.rows[:WITHIN]), default=0)
    for block in sheet.merged:
        if not block.first_row <= number <= block.last_row or block.first_row >= len(sheet.rows):
            continue
        if block.last_column - block.first_column + 1 > max(2, width * 0.7):
            continue
        source = sheet.rows[block.first_row]
        value = source[block.first_column] if block.first_column < len(source) else None
        texts += [""] * (min(block.last_column + 1, width) - len(texts))
        for at in range(block.first_column, min(block.last_column + 1, len(texts))):
            texts[at] = "" if value is None else str(value)
    return texts


def _score(texts: Sequence[str]) -> float:
    """How much a row is one of headings: what it says in known words, less what only values look like."""
    score = 0.0
    for text in texts:
        if not text or len(text) > _LONGEST_HEADING:
            continue
        if text == "\0" or is_paper(text) or is_phone(text) or is_day(text):
            return -1
        says = meaning(text)
        if says.known and not text.strip().isdigit():
            score += 1.5 if says.exact and says.column in _CALLS else 1.0 if says.exact else 0.6
    return score


def _goes_on(sheet: Sheet, rows: Sequence[Sequence[str]], best: int) -> bool:
    """Whether the row below belongs to the headings: it stands under a heading that is merged over several columns or over both rows."""
    wide = any(
        block.first_row == best and (block.last_row == best + 1 or (block.last_row == best and block.last_column > block.first_column))
        for block in sheet.merged
    )
    below = [text for text in rows[best + 1] if text]
    known = sum(meaning(text).known for text in below)
    return wide and _score(rows[best + 1]) > 0 and known >= max(1, len(below) * 0.5)


def _stands_over(sheet: Sheet, number: int) -> bool:
    """Whether a row holds headings over several columns of the next one, or over both: 家庭成员 over 姓名 and 关系."""
    blocks = [block for block in sheet.merged if block.first_row == number]
    if any(block.last_row == number + 1 for block in blocks):
        return True
    filled = sum(cell is not None for cell in sheet.rows[number])
    return len(blocks) > 1 and filled > 1


def _building(sheet: Sheet, first: int) -> str:
    """The building that the sheet's name says, or else a line above the headings: for one sheet a building."""
    titles = [str(cell) for row in sheet.rows[: max(first - 2, 0)] for cell in row if isinstance(cell, str)]
    for text in (sheet.name, *titles):
        plain = unicodedata.normalize("NFKC", text).upper()
        found = set(_OF_A_BUILDING.findall(plain))
        if len(found) == 1 and not re.search(r"[-~至到—]\s*\d+\s*(?:号楼|栋|幢|座|#)", plain):
            return str(found.pop())
        if text == sheet.name and re.fullmatch(r"\d{1,3}", plain) and int(plain) > 0:
            return plain
    return ""
