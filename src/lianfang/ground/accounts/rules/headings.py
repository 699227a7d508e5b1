"""Reading the lists that people already have: which column is what, which role a word means, what a cell says.

Sheets come with a title, a line of unit and date, merged cells and headings in many words; nothing is asked to be retyped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from lianfang.ground.accounts.rules.roles import Role


class Column(StrEnum):
    """What a column of a list holds. Those of a place stand in the order in which they are read together."""

    NAME = "name"
    PHONE = "phone"
    ROLE = "role"
    LOGIN = "login"
    BEGINS = "begins"
    ENDS = "ends"
    PLACE = "place"
    COMMUNITY = "community"
    COMPOUND = "compound"
    GRID = "grid"
    BUILDING = "building"
    UNIT = "unit"


PLACE_COLUMNS = (Column.COMMUNITY, Column.COMPOUND, Column.GRID, Column.PLACE, Column.BUILDING, Column.UNIT)

# Exact headings first; then the words a heading may hold, the more telling before the less.
_EXACT = {
    Column.NAME: ("姓名", "名字", "name"),
    Column.PHONE: ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "phone", "mobile"),
    Column.ROLE: ("角色", "职务", "岗位", "身份", "类别", "人员类别", "role"),
    Column.LOGIN: ("登录名", "账号", "用户名", "login"),
    Column.BEGINS: ("开始日期", "起始日期", "任职日期", "自", "from"),
    Column.ENDS: ("结束日期", "截止日期", "到期日期", "至", "to"),
    Column.PLACE: ("地方", "负责范围", "包保范围", "管辖范围", "负责地点", "范围", "地点", "地址", "place"),
    Column.COMMUNITY: ("社区", "村", "所在社区", "所属社区", "社区(村)"),
    Column.COMPOUND: ("小区", "小区名称", "所在小区"),
    Column.GRID: ("网格", "网格名称", "所属网格", "网格号"),
    Column.BUILDING: ("楼栋", "楼栋号", "栋号", "楼号", "栋", "楼", "负责楼栋"),
    Column.UNIT: ("单元", "单元号", "负责单元"),
}
_HOLDS = (
    (Column.NAME, ("姓名",)),
    (Column.PHONE, ("手机", "电话", "联系方式")),
    (Column.ROLE, ("职务", "角色", "岗位")),
    (Column.BEGINS, ("开始", "起始")),
    (Column.ENDS, ("结束", "截止", "到期")),
    (Column.UNIT, ("单元",)),
    (Column.BUILDING, ("楼栋", "栋号", "楼号")),
    (Column.GRID, ("网格",)),
    (Column.COMPOUND, ("小区",)),
    (Column.COMMUNITY, ("社区",)),
    (Column.PLACE, ("范围", "地址", "地点")),
)

_ROLE_WORDS: tuple[tuple[str, Role], ...] = (
    ("单元长", Role.UNIT_LEADER),
    ("十户长", Role.GROUP_LEADER),
    ("联防长", Role.GROUP_LEADER),
    ("小区长", Role.COMPOUND_LEADER),
    ("楼门长", Role.UNIT_LEADER),
    ("楼栋长", Role.BUILDING_LEADER),
    ("栋长", Role.BUILDING_LEADER),
    ("楼长", Role.BUILDING_LEADER),
    ("网格", Role.GRID_WORKER),
    ("志愿", Role.VOLUNTEER),
    ("街道值班", Role.STREET_DUTY),
    ("社区工作", Role.COMMUNITY_WORKER),
    ("社工", Role.COMMUNITY_WORKER),
    ("副书记", Role.COMMUNITY_WORKER),
    ("书记", Role.COMMUNITY_SECRETARY),
    ("委员", Role.COMMUNITY_WORKER),
    ("社区干部", Role.COMMUNITY_WORKER),
)
_EXCEL_EPOCH = date(1899, 12, 30)
_DATE = re.compile(r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def bare(heading: object) -> str:
    """A heading without spaces, line breaks, stars, colons and width."""
    return re.sub(r"[\s*:;：；]", "", unicodedata.normalize("NFKC", str(heading or ""))).lower()


def column_of(heading: object) -> Column | None:
    """What a heading says its column holds; None for what this list does not need."""
    text = bare(heading)
    if not text:
        return None
    for column, words in _EXACT.items():
        if text in words:
            return column
    return next((column for column, words in _HOLDS if any(word in text for word in words)), None)


def find_headings(rows: Sequence[Sequence[object]]) -> tuple[int, dict[Column, int]] | None:
    """The line of headings among the first rows, and the place of each column; None where no line names a person.

    The line with the most known headings holds; of two columns of the same kind the first.
    """
    best: tuple[int, dict[Column, int]] | None = None
    for number, row in enumerate(rows):
        columns: dict[Column, int] = {}
        for at, heading in enumerate(row):
            column = column_of(heading)
            if column is not None:
                columns.setdefault(column, at)
        if Column.NAME in columns and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def role_of(text: str) -> Role | None:
    """The role a word in a list means; None for an unknown one."""
    word = bare(text)
    if word in set(Role):
        return Role(word)
    return next((role for part, role in _ROLE_WORDS if part in word), None)


def cell_text(value: object) -> str:
    """What a cell says: numbers without a decimal point that Excel put there, dates as ISO, text without its edges."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()


def place_text(cells: Mapping[Column, str]) -> str:
    """The words of a place, put together from its columns; a bare number in the column of buildings is one."""
    parts = []
    for column in PLACE_COLUMNS:
        text = cells.get(column, "")
        if column is Column.BUILDING and re.fullmatch(r"[0-9A-Za-z]+", text):
            text += "栋"
        if column is Column.UNIT and re.fullmatch(r"[0-9A-Za-z]+", text):
            text += "单元"
        parts.append(text)
    return "".join(parts)


def read_day(text: str, today: date) -> date | None:
    """A day as people write it: 2022-03-11, 2022年3月11日, 3月11日 (of this year), or the number Excel has for it.

    None for an empty cell; raises ValueError for what is no day.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if not written:
        return None
    if re.fullmatch(r"\d{5}", written):
        return _EXCEL_EPOCH + timedelta(days=int(written))
    found = _DATE.fullmatch(written)
    if found is None:
        raise ValueError("not a day")
    return date(int(found[1] or today.year), int(found[2]), int(found[3]))
