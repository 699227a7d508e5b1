"""The columns of a list, and the words that may be written in them. The list is Chinese: it is carried from door to door."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.questions import Answer, NotAnAnswer, Question, Sort


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
    UNSEEN = "登记未见到"
    AWAY = "去向"
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


# Countries by the words in which they are written most; any other by its two letters (ISO 3166-1).
COUNTRIES = {
    "日本": "JP", "韩国": "KR", "朝鲜": "KP", "蒙古": "MN", "俄罗斯": "RU", "美国": "US", "加拿大": "CA", "英国": "GB", "法国": "FR", "德国": "DE",
    "意大利": "IT", "西班牙": "ES", "澳大利亚": "AU", "新西兰": "NZ", "新加坡": "SG", "马来西亚": "MY", "泰国": "TH", "越南": "VN", "缅甸": "MM",
    "老挝": "LA", "柬埔寨": "KH", "菲律宾": "PH", "印度尼西亚": "ID", "印度": "IN", "巴基斯坦": "PK", "尼泊尔": "NP", "哈萨克斯坦": "KZ", "阿联酋": "AE",
}  # fmt: skip
_YES, _NO = {"是", "有", "对", "√", "✓", "y", "yes", "1", "true"}, {"否", "无", "没有", "不", "×", "x", "n", "no", "0", "false"}


def answer_of(question: Question, cell: object) -> Answer | None:
    """What a cell answers to a question of the form; None where nothing is written. Raises NotAnAnswer."""
    text = plain(cell).lower()
    if not text:
        return None
    found: Answer | None = None
    if question.sort is Sort.YES_NO:
        found = True if text in _YES else False if text in _NO else None
    elif question.sort is Sort.CHOICE:
        words = {word: choice.code for choice in question.choices for word in (choice.term, choice.code, choice.english)}
        found = next((code for word, code in words.items() if plain(word).lower() == text), None)
    elif re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        number = float(text)
        found = int(number) if number == int(number) else number
    if found is None or not question.takes(found):
        raise NotAnAnswer(question=question.term)
    return found


def plain(cell: object) -> str:
    """A cell as text: full-width characters made half-width, spaces and dots gone."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    return re.sub(r"[\s·•]+", "", text)


def outcome_of(text: str) -> Outcome | None:
    """The outcome that a word, a sign or a code means; None where it means none."""
    return _WORDS.get(plain(text).lower()) or _WORDS.get(plain(text).removesuffix("了"))


@dataclass(frozen=True, slots=True)
class Headed:
    """The row (from 0) that holds the headings, the columns by heading, and those of the form's questions."""

    row: int
    columns: Mapping[Column, int]
    questions: Mapping[Question, int]


def heading_row(rows: list[list[object]], questions: Sequence[Question] = ()) -> Headed | None:
    """Where the headings are; None where no row names outcome and door."""
    asked = {plain(question.term): question for question in questions}
    for number, row in enumerate(rows[:20]):
        found = {Column(plain(cell)): place for place, cell in enumerate(row) if plain(cell) in set(Column)}
        if Column.OUTCOME in found and (Column.POSITION in found or Column.DOOR in found):
            return Headed(number, found, {asked[plain(cell)]: place for place, cell in enumerate(row) if plain(cell) in asked})
    return None
