"""A list of open doors as a workbook or on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from lianfang.kernel import clock, paper, sheets
from lianfang.kernel.errors import Refused
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.questions import Question, Sort
from lianfang.work.rounds import queries
from lianfang.work.rounds.lists.headings import SIGNS, Column
from lianfang.work.rounds.types import MissingDoor, Reason, RoundSeen

DOORS_AT_MOST = {"xlsx": 100_000, "pdf": 5_000}
_TEMPLATE = Path(__file__).with_name("list.typ")
_AT_ONCE = 2_000
_WIDTHS = (6, 12, 12, 10, 14, 9, 16, 14, 10, 12, 12, 14, 18, 30)
_FILLED = 7
"""So many columns are filled in when a list goes out; the others are for the pen."""


class ListTooLong(Refused):
    """This list would hold {doors} doors; a file of this kind holds {most}. Choose a smaller place or one reason."""


def blank(told: RoundSeen, ranges: Sequence[Range], *, reason: Reason | None = None, form: str = "xlsx") -> bytes:
    """The open doors of a round in the ranges as one walks, with empty boxes to fill in: form "xlsx" or "pdf". Raises ListTooLong, RoundWithdrawn."""
    told.must_count()
    covered = queries.coverage(told.id, ranges)
    doors = covered.open if reason is None else covered.by_reason.get(reason, 0)
    if doors > DOORS_AT_MOST[form]:
        raise ListTooLong(doors=doors, most=DOORS_AT_MOST[form])
    missing = list(_every(told, ranges, reason))
    return _paper(told, missing) if form == "pdf" else _workbook(told, missing)


def _every(told: RoundSeen, ranges: Sequence[Range], reason: Reason | None) -> Iterator[MissingDoor]:
    after: int | None = None
    while page := queries.missing(told.id, ranges, reason=reason, after=after, limit=_AT_ONCE):
        yield from page
        after = page[-1].position


def _moment(door: MissingDoor) -> str:
    return f"{clock.local(door.next_at):%m-%d %H:%M}" if door.next_at else ""


def _heads(told: RoundSeen) -> list[str]:
    """The lines above the table: what it is for, on what ground, until when."""
    lines = [f"截至{clock.local(clock.now()):%Y-%m-%d %H:%M}，截止时间{clock.local(told.ends_at):%Y-%m-%d %H:%M}"]
    lines += [f"用途：{told.purpose}"] if told.purpose else []
    return lines + ([f"依据：{told.legal_basis}"] if told.legal_basis else [])


def _questions(told: RoundSeen) -> tuple[Question, ...]:
    name, _, version = told.form.partition("/")
    return questions.form(name, int(version)).on_paper


def _workbook(told: RoundSeen, missing: Sequence[MissingDoor]) -> bytes:
    heads = [f"{told.name} 未办结清单", *_heads(told), "在“结果”一栏填：" + "、".join(outcome.term for outcome in Outcome)]
    asked = _questions(told)
    order = [column for column in Column if column is not Column.POSITION]
    rows: list[list[sheets.Cell]] = [[line] for line in heads]
    rows.append([*(column.value for column in order), *(question.term for question in asked), Column.POSITION.value])
    empty: list[sheets.Cell] = [None] * (len(order) - _FILLED + len(asked))
    for number, door in enumerate(missing, start=1):
        known: list[sheets.Cell] = [
            number, door.building_name, door.unit_name, door.label, door.reason.term, door.visits, _moment(door),
        ]  # fmt: skip
        rows.append([*known, *empty, str(door.position)])
    choices = {order.index(Column.OUTCOME): [outcome.term for outcome in Outcome]}
    for place, question in enumerate(asked, start=len(order)):
        if question.sort in {Sort.YES_NO, Sort.CHOICE}:
            choices[place] = [choice.term for choice in question.choices] or ["是", "否"]
    page = sheets.Page(
        "未办结清单", rows, widths=(*_WIDTHS, *([14] * len(asked)), 22), merged=list(range(1, len(heads) + 1)), frozen=len(heads) + 1,
        styles={1: sheets.Style.TITLE, **dict.fromkeys(range(2, len(heads) + 1), sheets.Style.NOTE), len(heads) + 1: sheets.Style.HEADING},
        lists=choices, text_columns=[order.index(Column.DOOR), len(order) + len(asked)],
    )  # fmt: skip
    return sheets.write([page])


def _paper(told: RoundSeen, missing: Sequence[MissingDoor]) -> bytes:
    units = [
        {
            "name": f"{building} {unit}".strip(),
            "doors": [[door.label, door.reason.term, str(door.visits), _moment(door)] for door in doors],
        }
        for (building, unit), doors in groupby(missing, key=lambda door: (door.building_name, door.unit_name))
    ]
    facts = {
        "title": f"{told.name} 未办结清单",
        "heads": _heads(told),
        "signs": [f"{sign}＝{outcome.term}" for sign, outcome in SIGNS.items()],
        "boxes": list(SIGNS),
        "lines": [Column.AWAY.value, *(question.term for question in _questions(told))],
        "units": units,
        "foot": f"{told.name}，共{len(missing)}户",
    }
    return paper.compile(_TEMPLATE, facts)
