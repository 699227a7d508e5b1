"""The columns of a list, and the words that may be written in them. The list is Chinese: it is carried from door to door."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from lianfang.ledger.kinds.doorsteps import Outcome


class Column(StrEnum):
    """Columns of a list, by their headings."""

    NUMBER = "序号"
    BUILDING = "楼栋"
    UNIT = "单元"
    DOOR = "门牌"
    REASON = "未办结原因"
    TRIES = "去过几次"
    NEXT = "下次上门"
    OUTCOME = "结果"
    PEOPLE = "见到人数"
    UNLISTED = "未登记人数"
    AT = "上门时间"
    REMARK = "备注"
    POSITION = "门号"


# One character for each outcome: what is written on paper, as on the building map.
SIGNS: dict[str, Outcome] = {
    "见": Outcome.SEEN, "电": Outcome.PHONE, "外": Outcome.AWAY, "空": Outcome.VACANT, "迁": Outcome.MOVED, "停": Outcome.SHUT,
    "亮": Outcome.LIT, "暗": Outcome.DARK, "拒": Outcome.REFUSED, "核": Outcome.CHECK,
}  # fmt: skip
_WORDS = {outcome.term: outcome for outcome in Outcome} | {outcome.value: outcome for outcome in Outcome} | SIGNS
_WORDS |= {"无人亮灯": Outcome.LIT, "无人熄灯": Outcome.DARK, "停业": Outcome.SHUT, "搬走": Outcome.MOVED, "空房": Outcome.VACANT}


def plain(cell: object) -> str:
    """A cell as text: full-width characters made half-width, spaces and dots gone."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    return re.sub(r"[\s·•]+", "", text)


def outcome_of(text: str) -> Outcome | None:
    """The outcome that a word, a sign or a code means; None where it means none."""
    return _WORDS.get(plain(text).lower()) or _WORDS.get(plain(text).removesuffix("了"))


def heading_row(rows: list[list[object]]) -> tuple[int, dict[Column, int]] | None:
    """The row (from 0) that holds the headings, and the columns by heading; None where no row names outcome and door."""
    for number, row in enumerate(rows[:20]):
        found = {Column(plain(cell)): place for place, cell in enumerate(row) if plain(cell) in set(Column)}
        if Column.OUTCOME in found and (Column.POSITION in found or Column.DOOR in found):
            return number, found
    return None
