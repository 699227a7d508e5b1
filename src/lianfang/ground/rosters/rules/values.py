"""What a cell says: names, papers, telephones, days, sexes and relations as people write them, and what Excel made of them.

Each reader gives the value and the faults found on the way. Nothing is guessed in silence: what was read otherwise than written is
said as a note, what cannot be read is said as lost.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.papers import Paper, check_character, plain, read_paper
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.people.types import PaperKind, PaperUnreadable, PhoneUnreadable, Relation, Sex
from lianfang.ground.places.rules.numerals import value as numeral
from lianfang.ground.rosters.types import (
    Column,
    DayUnreadable,
    DayWithoutYear,
    Fault,
    NameMissing,
    NameSeveral,
    NameWithNote,
    PaperKindUnknown,
    PaperNotWritten,
    PaperOfFifteen,
    PaperRuined,
    PhoneRuined,
    RelationUnknown,
    SexUnknown,
    Weight,
)
from lianfang.kernel.errors import Refused
from lianfang.kernel.sheets import Cell

Faults = list[Fault]
_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"})
_NOTHING = re.compile(r"[-—－/\\.。、×xX*_无]{1,4}|空|没有|暂无|不详|未知|不明|无此项")
_RUINED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_EXACT_BELOW = 1 << 53
_LENGTH_WITH_X, _LENGTH_BEFORE_1999 = 18, 15
_MOBILE_LENGTH = 11
_LONGEST_YEAR_OF_TWO = 99
_SHORT_NAME = 3
_EDGES = " \t\r\n\u3000\u00a0\ufeff\u200b"  # spaces of every kind


def text_of(cell: Cell) -> str:
    """A cell as a text without its edges; a whole number without a point, a day as ISO, an error of Excel as nothing."""
    if cell is None:
        return ""
    if type(cell) is str:
        stripped = cell.strip(_EDGES)
        return "" if stripped in _ERRORS else stripped
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_broken(cell: Cell) -> bool:
    """Whether a cell holds an error of Excel instead of a value."""
    return type(cell) is str and cell.startswith("#") and cell.strip() in _ERRORS


def said_nothing(text: str) -> bool:
    """Whether a text is one of the signs for "nothing": -, /, 无, 不详."""
    return not text or bool(_NOTHING.fullmatch(text))


AS_ABOVE = frozenset({"同上", "同前", "〃", "″", "〞", "''", '"'})
"""What people write for "as in the line above"."""

_BESIDE = re.compile(r"^(?P<name>[^()（）\[\]【】]+?)\s*[(（\[【](?P<note>[^()（）\[\]【】]*)[)）\]】]?\s*$")
_SEVERAL = re.compile(r"[、,，/;；+＋\n]|和|及")
_PLAIN_NAME = re.compile(r"[㐀-鿿]{2,3}")


def read_name(text: str) -> tuple[str, str, Faults]:
    """A name, and a note that stood beside it: 王示例（租户）. A cell that names several people waits."""
    if _PLAIN_NAME.fullmatch(text):
        return text, "", []
    note, faults = "", []
    if beside := _BESIDE.match(text):
        text, note = beside["name"], beside["note"]
        faults.append(Fault(Column.NAME, NameWithNote(), Weight.NOTE))
    if not text:
        return "", note, [Fault(Column.NAME, NameMissing(), Weight.WAITS)]
    if len(text) > _SHORT_NAME and len([part for part in _SEVERAL.split(text) if len(part.strip()) > 1]) > 1 and "·" not in text:
        return text, note, [*faults, Fault(Column.NAME, NameSeveral(), Weight.WAITS)]
    try:
        return normal_name(text), note, faults
    except Refused as why:
        return text[:50], note, [*faults, Fault(Column.NAME, why, Weight.WAITS)]


_KINDS = (
    ("港澳台居民居住证", PaperKind.HK_MACAU_TAIWAN), ("港澳台居住证", PaperKind.HK_MACAU_TAIWAN), ("外国人", PaperKind.FOREIGNER), ("永久居留", PaperKind.FOREIGNER),
    ("港澳", PaperKind.HKM_TRAVEL), ("回乡证", PaperKind.HKM_TRAVEL), ("台胞", PaperKind.TAIWAN_TRAVEL), ("台湾", PaperKind.TAIWAN_TRAVEL),
    ("护照", PaperKind.PASSPORT), ("居民身份证", PaperKind.RESIDENT_ID), ("身份证", PaperKind.RESIDENT_ID), ("户口", PaperKind.RESIDENT_ID),
    ("军官", PaperKind.OTHER), ("士兵", PaperKind.OTHER), ("士官", PaperKind.OTHER), ("警官", PaperKind.OTHER), ("出生", PaperKind.OTHER), ("其他", PaperKind.OTHER),
    ("无证", PaperKind.NONE), ("无", PaperKind.NONE),
)  # fmt: skip


_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)


@lru_cache(maxsize=1024)
def paper_kind(text: str) -> PaperKind | None:
    """The kind of paper that a word means; None for an unknown one."""
    return next((kind for word, kind in _KINDS if word in text), None)


def read_papers(cell: Cell, kind_text: str = "") -> tuple[Paper | None, Faults]:
    """The paper behind a cell, None where it gives none or cannot be read."""
    if not kind_text and type(cell) is str and _EIGHTEEN.fullmatch(cell) and not cell.endswith("000"):
        try:
            return read_paper(cell), []
        except PaperUnreadable as why:
            return None, [Fault(Column.PAPER, why, Weight.LOST)]
    if cell is None and not kind_text:
        return None, []
    kind = paper_kind(kind_text) if kind_text else None
    faults = [Fault(Column.PAPER_KIND, PaperKindUnknown(), Weight.NOTE)] if kind_text and kind is None else []
    text = text_of(cell)
    if said_nothing(text):
        return (Paper(PaperKind.NONE, "") if kind is PaperKind.NONE else None), faults
    number = plain(text)
    if isinstance(cell, float) or _RUINED.fullmatch(text.replace(" ", "")):
        return None, [*faults, Fault(Column.PAPER, PaperRuined(), Weight.LOST)]
    if not any(character.isascii() and character.isdigit() for character in number):
        return None, [*faults, Fault(Column.PAPER, PaperNotWritten(), Weight.NOTE)]
    if number.isdigit() and len(number) == _LENGTH_BEFORE_1999 and kind in {None, PaperKind.RESIDENT_ID}:
        body = f"{number[:6]}19{number[6:]}"
        number = body + check_character(body)
        faults.append(Fault(Column.PAPER, PaperOfFifteen(), Weight.NOTE))
    try:
        return read_paper(number, None if kind is PaperKind.NONE else kind), faults
    except PaperUnreadable as why:
        rounded = len(number) == _LENGTH_WITH_X and number.endswith("000")  # as Excel writes a rounded number out again
        return None, [*faults, Fault(Column.PAPER, PaperRuined() if rounded else why, Weight.LOST)]


_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[-\s]?)?(1[3-9]\d(?:[-\s.]?\d){8})(?!\d)")
_APART = re.compile(r"[,，、;；/\\|\n\r或和]|\s{2,}|(?<=\d)\s+(?=0\d{2,3}-)")
_WORDS = re.compile(r"[(（][^)）]*[)）]?|(?![转])[一-鿿:：]+")


def read_phones(cell: Cell) -> tuple[tuple[str, ...], Faults]:
    """The telephones of a cell, in normal form, each once; words beside them (儿子) are passed over."""
    if type(cell) is str and len(cell) == _MOBILE_LENGTH and cell.isdigit() and cell[0] == "1" and cell[1] in "3456789":
        return (cell,), []
    if cell is None:
        return (), []
    if isinstance(cell, float):
        return (), [Fault(Column.PHONE, PhoneRuined(), Weight.LOST)]
    text = unicodedata.normalize("NFKC", text_of(cell))
    if said_nothing(text):
        return (), []
    if _RUINED.fullmatch(text):
        return (), [Fault(Column.PHONE, PhoneRuined(), Weight.LOST)]
    found: list[str] = []
    faults: Faults = []

    def take(match: re.Match[str]) -> str:
        found.append(re.sub(r"\D", "", match[1]))
        return "、"

    for part in _APART.split(_MOBILE.sub(take, text)):
        rest = _WORDS.sub("", part).strip(" -")
        if not any(character.isdigit() for character in rest):
            continue
        try:
            found.append(normal_phone(rest))
        except PhoneUnreadable as why:
            faults.append(Fault(Column.PHONE, why, Weight.LOST))
    return tuple(dict.fromkeys(found)), faults


_SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "M": Sex.MALE, "MALE": Sex.MALE, "1": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE, "F": Sex.FEMALE, "FEMALE": Sex.FEMALE, "2": Sex.FEMALE}  # fmt: skip


def read_sex(text: str) -> tuple[Sex | None, Faults]:
    """As written, or by the codes of GB/T 2261 (1 male, 2 female)."""
    found = _SEXES.get(text) or (_SEXES.get(unicodedata.normalize("NFKC", text).strip().upper()) if text else None)
    if found or said_nothing(text):
        return found, []
    return None, [Fault(Column.SEX, SexUnknown(), Weight.LOST)]


_RELATIONS = {
    word: relation
    for relation, words in {
        Relation.HEAD: "户主 本人 业主 房主 产权人 户主本人",
        Relation.SPOUSE: "配偶 妻 夫 妻子 丈夫 爱人 老公 老婆 媳妇 之妻 之夫 夫妻",
        Relation.CHILD: "子女 子 女 儿 儿子 女儿 长子 长女 次子 次女 三子 三女 四子 四女 大儿子 二儿子 大女儿 二女儿 独生子 独生女 独子 独女 继子 继女 养子 养女 之子 之女 孩子 小孩 其他儿子 其他女儿",
        Relation.PARENT: "父母 父 母 父亲 母亲 爸爸 妈妈 爸 妈 之父 之母 继父 继母",
        Relation.GRANDCHILD: "孙 孙子 孙女 外孙 外孙子 外孙女 孙子女 之孙 长孙 重孙 曾孙",
        Relation.RELATIVE: (
            "儿媳 女婿 儿媳妇 岳父 岳母 公公 婆婆 公婆 祖父 祖母 爷爷 奶奶 姥姥 姥爷 外公 外婆 外祖父 外祖母 祖父母 兄 弟 姐 妹 哥 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹 "
            "侄 侄子 侄女 外甥 外甥女 叔 伯 姑 舅 姨 叔叔 伯父 姑姑 舅舅 堂兄 堂弟 表兄 表弟 表姐 表妹 嫂子 弟媳 姐夫 妹夫 孙媳 亲属 亲戚 其他亲属 孙媳妇"
        ),
        Relation.TENANT: "租户 租客 租户主 房客 承租人 租住 租房 借住 合租 租赁",
        Relation.CARER: "保姆 护工 月嫂 护理 护理员 家政 住家保姆",
        Relation.OTHER: "其他 其它 非亲属 朋友 同事 室友 同住 同住人 寄住 寄养 集体户",
    }.items()
    for word in words.split()
}
_CODE = re.compile(r"^\d{1,2}[\s.、-]*(?=[一-鿿])")


@lru_cache(maxsize=4096)
def relation_of(text: str) -> Relation | None:
    """The relation that a word means; None for an unknown one."""
    word = _CODE.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    word = re.sub(r"\(.*?\)", "", word) or word
    return (
        _RELATIONS.get(word)
        or _RELATIONS.get(re.sub(r"^(?:户主|业主|房主)?(?:之|的)", "", word))
        or _RELATIONS.get(re.split(r"[、/]", word)[0])
    )


def read_relation(text: str) -> tuple[Relation | None, Faults]:
    """A relation; an unknown word is kept as "other", and said."""
    if found := _RELATIONS.get(text):
        return found, []
    if said_nothing(text):
        return None, []
    found = relation_of(text)
    if found:
        return found, []
    return Relation.OTHER, [Fault(Column.RELATION, RelationUnknown(), Weight.NOTE)]


_EPOCH = date(1899, 12, 30)
_SERIALS = range(7_000, 80_000)  # 1919 to 2119
_NUMERALS = "零〇○一二三四五六七八九十"
_DAY = re.compile(
    rf"(?:(?P<year>(?:19|20)\d{{2}}|[{_NUMERALS}]{{4}}|\d{{2}}(?=[.年]))\s*[-/.年、]\s*)?(?P<month>\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s*[-/.月、]\s*(?P<day>\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s*[日号]?"
    r"(?:[\sT]*(?:上午|下午|晚上?|早上?|凌晨|中午)?\s*\d{0,2}[:点时]?.*)?"
)
_LARGEST = 8


def read_day(cell: Cell, column: Column, today: date) -> tuple[date | None, Faults]:
    """A day: as Excel keeps it, its serial number, 2022.3.12, 20220312, 2022年3月12日, 三月十二日, 3.12 (the last such day)."""
    if cell is None:
        return None, []
    if isinstance(cell, datetime):
        return cell.date(), []
    if isinstance(cell, date):
        return cell, []
    text = unicodedata.normalize("NFKC", text_of(cell)).strip(" .")
    if said_nothing(text):
        return None, []
    try:
        return _day(text, column, today)
    except ValueError:
        return None, [Fault(column, DayUnreadable(), Weight.LOST)]


def _day(text: str, column: Column, today: date) -> tuple[date, Faults]:
    if text.replace(".0", "").isdigit():
        digits = text.replace(".0", "")
        if len(digits) == _LARGEST:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])), []
        if int(digits) in _SERIALS:
            return _EPOCH + timedelta(days=int(digits)), []
        raise ValueError
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError
    month, day = _number(found["month"]), _number(found["day"])
    if found["year"]:
        year = _number(found["year"])
        return date(year if year > _LONGEST_YEAR_OF_TWO else year + (1900 if year > today.year % 100 else 2000), month, day), []
    if column is Column.BIRTH:
        raise ValueError
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return date(year, month, day), [Fault(column, DayWithoutYear(year=year), Weight.NOTE)]


def _number(text: str) -> int:
    return int(text) if text.isascii() else numeral(text)
