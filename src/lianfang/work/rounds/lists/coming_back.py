"""A list that was filled in comes back: each row with an outcome becomes a visit of channel paper, and gets a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.kernel import clock, sheets
from lianfang.kernel.errors import Invalid, Refused
from lianfang.kernel.ids import PlaceId, derived_id
from lianfang.kernel.ranges import intersect
from lianfang.ledger import kinds
from lianfang.ledger.intake import LIMIT, take
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import NobodyWasSeen, Outcome, WentNowhere
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.kinds.questions import Question
from lianfang.ledger.types import Author, SameIdOtherContent, Verdict, Word
from lianfang.work.rounds.lists.headings import Column, answer_of, heading_row, outcome_of, plain
from lianfang.work.rounds.lists.whereto import WhereTo
from lianfang.work.rounds.queries import reach, reach_within
from lianfang.work.rounds.types import RoundSeen

_MOST_PEOPLE = 99  # seen at one door, as the kind says
_SERIAL_FROM = datetime(1899, 12, 30, tzinfo=clock.LOCAL)
_DOORS = """
select d.id, d.lo, d.name, coalesce(u.name, ''), b.name
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= w.lo and d.lo < w.hi
join places_place p on p.id = d.parent_id
left join places_place u on u.id = p.id and u.level = 'unit'
join places_place b on b.id = case when p.level = 'unit' then p.parent_id else p.id end
"""
HEADINGS = ("处理结果", "原因")
_WORDS = {Word.KEPT: "added", Word.REPEATED: "unchanged", Word.QUARANTINED: "waiting", Word.REFUSED: "refused"}
_TERMS = {"added": "已记录", "unchanged": "没有变化", "waiting": "待审", "refused": "未收录", "empty": "没有填结果"}


class ListUnreadable(Invalid):
    """This is no list of this program: no row names the columns “结果” and “门号” (or “门牌”)."""


class NoSuchDoorInRound(Refused):
    """There is no such door in this round, or it lies outside what you answer for."""


class OutcomeNotUnderstood(Refused):
    """“结果” holds none of the outcomes."""


class CountNotUnderstood(Refused):
    """“见到人数”, “未登记人数” and “登记未见到” hold whole numbers from 0 to 99."""


class TimeNotUnderstood(Refused):
    """“上门时间” cannot be read, or lies ahead: write 2026-03-12 18:30."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """The verdict on one row of one sheet (rows from 1): added, unchanged, waiting, refused or empty, and why."""

    sheet: str
    row: int
    verdict: str
    code: str = ""
    why: Refused | None = None


@dataclass(slots=True)
class TakenBack:
    """What became of a list: a verdict for each row, and how many of each."""

    book: sheets.Workbook
    rows: list[FilledRow] = field(default_factory=list)
    headed: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict."""
        counted = Counter(row.verdict for row in self.rows)
        return {word: counted[word] for word in _TERMS}


def take_back(told: RoundSeen, content: bytes, name: str, *, by: Actor) -> TakenBack:
    """Record what a list says, as paper records of the round. The same list again changes nothing.

    Raises SheetRefused, ListUnreadable, RoundWithdrawn, and RoundNotFound where the round reaches nothing that the actor may record in.
    """
    told.must_count()
    reach_within(told.id, access.ranges(by, Ability.RECORDS_SEE))
    found = TakenBack(sheets.read(content, name))
    name_of_form, _, version = told.form.partition("/")
    form = questions.form(name_of_form, int(version))
    doors, whereto = _Doors(told, by), WhereTo()
    waiting: list[tuple[str, int, Mapping[str, Any]]] = []
    for sheet in found.book.sheets:
        headed = None if sheet.hidden else heading_row([list(row) for row in sheet.rows], form.questions)
        if headed is None:
            continue
        found.headed[sheet.name] = headed.row + 1
        for number, row in enumerate(sheet.rows[headed.row + 1 :], start=headed.row + 2):
            said = {column: row[place] if place < len(row) else None for column, place in headed.columns.items()}
            answers = {question: row[place] for question, place in headed.questions.items() if place < len(row)}
            if not plain(said.get(Column.POSITION)) and not plain(said.get(Column.DOOR)):
                continue
            if not plain(said[Column.OUTCOME]):
                found.rows.append(FilledRow(sheet.name, number, "empty"))
                continue
            try:
                waiting.append((sheet.name, number, _record(told, doors.door_of(said), _Said(said, answers, whereto))))
            except Refused as why:
                found.rows.append(FilledRow(sheet.name, number, "refused", why.code, why))
    if not found.headed:
        raise ListUnreadable
    author = Author(by.account_id, trusted=by.local)
    for start in range(0, len(waiting), LIMIT):
        chunk = waiting[start : start + LIMIT]
        for (sheet_name, number, _), verdict in zip(chunk, take([one[2] for one in chunk], author, channel=Channel.PAPER), strict=True):
            found.rows.append(_as_row(sheet_name, number, verdict))
    found.rows.sort(key=lambda row: (row.sheet, row.row))
    return found


def _as_row(sheet: str, number: int, verdict: Verdict) -> FilledRow:
    if isinstance(verdict.why, SameIdOtherContent):  # the same words in the same row, taken at another time
        return FilledRow(sheet, number, "unchanged")
    return FilledRow(sheet, number, _WORDS[verdict.word], verdict.code, verdict.why)


class _Doors:
    """The doors of a round that the actor sees, by number and by what is written on them."""

    def __init__(self, told: RoundSeen, by: Actor) -> None:
        pieces = intersect(reach(told.id), access.ranges(by, Ability.RECORDS_SEE))
        self.by_number: dict[int, PlaceId] = {}
        self.by_name: dict[tuple[str, str, str], list[PlaceId]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_DOORS, {"lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces]})
            for place, position, label, unit, building in cursor.fetchall():
                self.by_number[position] = PlaceId(place)
                self.by_name.setdefault((plain(building), plain(unit), plain(label)), []).append(PlaceId(place))

    def door_of(self, said: Mapping[Column, Any]) -> PlaceId:
        """The door of a row. Raises NoSuchDoorInRound, also where names fit several doors."""
        number = plain(said.get(Column.POSITION))
        if number:
            place = self.by_number.get(int(number)) if number.isdecimal() else None
            named = [place] if place else []
        else:
            named = self.by_name.get((plain(said.get(Column.BUILDING)), plain(said.get(Column.UNIT)), plain(said.get(Column.DOOR))), [])
        if len(named) != 1:
            raise NoSuchDoorInRound
        return named[0]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one row says: its cells by column, those of the form's questions, and where places are looked up."""

    cells: Mapping[Column, Any]
    answers: Mapping[Question, Any]
    whereto: WhereTo

    def facts(self) -> dict[str, Any]:
        """What a visit holds besides its outcome, as far as it is written. Raises what is not understood."""
        facts: dict[str, Any] = {}
        for column, name in ((Column.UNLISTED, "unlisted"), (Column.UNSEEN, "unseen")):
            if count := _count(self.cells.get(column)):
                facts[name] = count
        if away := self.whereto.read(self.cells.get(Column.AWAY)):
            facts["away_to"] = away
        answers = {question.key: answer_of(question, cell) for question, cell in self.answers.items()}
        if given := {key: answer for key, answer in answers.items() if answer is not None}:
            facts["answers"] = given
        return facts


def _record(told: RoundSeen, door: PlaceId, row: _Said) -> Mapping[str, Any]:
    said = row.cells
    outcome = outcome_of(str(said[Column.OUTCOME]))
    if outcome is None:
        raise OutcomeNotUnderstood
    people, facts = _count(said.get(Column.PEOPLE)), row.facts()
    if people and outcome not in {Outcome.SEEN, Outcome.REFUSED, Outcome.CHECK}:
        raise NobodyWasSeen
    if facts.get("away_to") and outcome not in {Outcome.AWAY, Outcome.MOVED}:
        raise WentNowhere
    at, remark = _moment(said.get(Column.AT)), str(said.get(Column.REMARK) or "").strip()
    more = {name: facts[name] for name in sorted(facts) if name != "unlisted"}
    lines = [str(door), outcome.value, str(people), str(facts.get("unlisted", 0)), plain(said.get(Column.AT)), remark]
    written = "\n".join(lines + ([repr(sorted(more.items()))] if more else []))
    payload: dict[str, Any] = {"outcome": outcome.value, "people_seen": people, "round": str(told.id), **facts}
    if "answers" in facts:
        payload["form"] = told.form
    return {
        "id": str(derived_id(told.id, f"paper:{sha256(written.encode()).hexdigest()}")),
        "kind": "visit",
        "version": kinds.current("visit").version,
        "place": str(door),
        "occurred_at": (at or clock.now()).isoformat(),
        "incident": None if told.incident is None else str(told.incident),
        "channel": Channel.PAPER.value,
        "payload": payload,
        "envelope": {"remark": remark} if remark else None,
    }


def _count(cell: Any) -> int:
    text = plain(cell)
    if not text:
        return 0
    try:
        number = float(text)
    except ValueError:
        raise CountNotUnderstood from None
    if number != int(number) or not 0 <= number <= _MOST_PEOPLE:
        raise CountNotUnderstood
    return int(number)


def _moment(cell: Any) -> datetime | None:
    """When it was, by the local clock; None where nothing is written."""
    if cell is None or not plain(cell):
        return None
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, date):
        found = datetime.combine(cell, time(12))
    elif isinstance(cell, int | float):
        found = _SERIAL_FROM + timedelta(days=float(cell))
    else:
        found = _read(str(cell).strip())
    found = found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)
    if found > clock.now():
        raise TimeNotUnderstood
    return found


def _read(text: str) -> datetime:
    for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue
    raise TimeNotUnderstood


def answered(content: bytes, found: TakenBack, words: Callable[[Refused], str] = str) -> bytes:
    """The file with a verdict and a reason at each row, the reasons in the reader's words."""
    by_sheet: dict[str, dict[int, Sequence[str]]] = {name: {} for name in found.headed}
    marked: dict[str, set[int]] = {name: set() for name in found.headed}
    for row in found.rows:
        by_sheet[row.sheet][row.row] = (_TERMS[row.verdict], words(row.why) if row.why else "")
        if row.verdict in {"refused", "waiting"}:
            marked[row.sheet].add(row.row)
    answers = {name: sheets.Answer(heading, HEADINGS, by_sheet[name], frozenset(marked[name])) for name, heading in found.headed.items()}
    return sheets.answered(content, found.book, answers)
