"""Lists of people as Excel brings them: a name, a telephone number, what they can do, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from lianfang.ground.accounts.access import Actor
from lianfang.ground.people.types import NewPerson
from lianfang.kernel import sheets
from lianfang.kernel.errors import Invalid, Refused
from lianfang.kernel.ids import PersonId, PlaceId, new_id
from lianfang.work.mobilisation.commands.forces import register
from lianfang.work.mobilisation.rules.forces import read
from lianfang.work.mobilisation.types import Came, InThePool, NewForce, Skill, Times

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "phone": ("电话", "手机", "联系电话", "手机号", "phone"),
    "paper": ("身份证号", "身份证号码", "证件号码", "paper"),
    "able": ("技能", "特长", "本领", "语言", "车辆", "服务时间", "时间", "skills"),
    "member": ("正式党员", "党员", "full member"),
    "consents": ("同意", "本人同意", "consents"),
}
_YES = {"是", "有", "正式党员", "党员", "同意", "√", "yes", "1", "true"}
_WITHIN = 20


class NoNames(Invalid):
    """No column of this list is headed 姓名."""


class WordsUnknown(Invalid):
    """Nobody knows the words {words}; correct them and take the list in again."""


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that was not taken in, and why."""

    number: int
    why: Refused


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many were taken in, how many had been there before, and what was refused."""

    taken: int
    known: int
    refused: tuple[RowRefused, ...]


def take_in(file: Path | bytes, came: Came, home: PlaceId, *, by: Actor) -> TakenIn:
    """Register every row; a row that cannot be is left out and told, the others are in."""
    sheet = sheets.read(file).sheets[0]
    at, columns = _headings(sheet.rows)
    taken = known = 0
    refused: list[RowRefused] = []
    for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        told = {field: "、".join(_text(row, column) for column in found if _text(row, column)) for field, found in columns.items()}
        if not told["name"]:
            continue
        try:
            with transaction.atomic():
                register(_new(told, came, home), by=by)
            taken += 1
        except InThePool:
            known += 1
        except Refused as why:
            refused.append(RowRefused(number, why))
    return TakenIn(taken, known, tuple(refused))


def _new(told: dict[str, str], came: Came, home: PlaceId) -> NewForce:
    able: tuple[Skill | Times, ...]
    able, unknown = read(told.get("able", ""))
    if unknown:
        raise WordsUnknown(words="、".join(unknown))
    person = NewPerson(PersonId(new_id()), told["name"], phone=told.get("phone", ""), paper=told.get("paper", ""))
    return NewForce(
        person,
        came,
        home,
        able,
        full_member=told.get("member", "").lower() in _YES,
        consents=told.get("consents", "").lower() in _YES,
        channel="import",
    )


def _headings(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, list[int]]]:
    """The row of headings and the columns of each field."""
    for at in range(min(_WITHIN, len(rows))):
        found: dict[str, list[int]] = {}
        for column in range(len(rows[at])):
            for field, words in HEADINGS.items():
                if _text(rows[at], column).lower() in words:
                    found.setdefault(field, []).append(column)
        if "name" in found:
            return at, found
    raise NoNames


def _text(row: Sequence[object], column: int) -> str:
    return str(row[column] or "").strip() if column < len(row) else ""
