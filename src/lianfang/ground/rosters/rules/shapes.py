"""What the values of a column look like: numbers of papers, telephones, days, rooms. For columns whose heading says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from lianfang.ground.rosters.types import Column
from lianfang.kernel.sheets import Cell

SAMPLE = 200
_ENOUGH = 0.7
_SOME = 0.5
_FEW = 3
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔文章"
    "牛辛柴申欧阳司马上官诸葛慕容单仇解曲齐季安盛左柳焦关辽庞樊兰殷施洪翟倪温俞尤岳包左符卜连闵尚聂鲁葛纪祝管邢裴娄宫阎华卓"
)
_KINDS = re.compile(r"(?:居民)?身份证|护照|军官证|士官证|港澳|台胞|台湾|居住证|户口簿|通行证|其他证件")
_RELATION = re.compile(
    r"户主|本人|配偶|妻子?|夫|丈夫|爱人|[长次三独]?[子女]|儿子|女儿|父亲?|母亲?|孙[子女]?|外孙女?|儿媳|女婿|兄弟?|姐妹?|租户|租客|保姆|其他|之[子女夫妻父母]"
)
_LIVING = re.compile(r"自住|出租|空置|空房|租住|常住|暂住|流动|借住|人户分离|人户一致|人在户不在|户在人不在|户在人在|未入住|未分配|自有")
_PAPER = re.compile(r"\d{17}[\dXx]|\d{15}")
_RUINED = re.compile(r"\d(?:\.\d+)?E\+1[4-8]", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}")
_DAY = re.compile(r"(?:19|20)\d{2}[-/.年](?:0?\d|1[0-2])[-/.月](?:[0-2]?\d|3[01])日?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_NAME = re.compile(r"[一-鿿𠀀-𱍏]{2,4}|[一-鿿]{2,6}·[一-鿿]{2,6}")
_DASHED = re.compile(r"[0-9A-Z]{1,3}(?:栋|幢|#|号楼|座)?-[0-9A-Z]{1,2}(?:单元)?-\d{2,4}室?")
_WRITTEN = re.compile(r".*(?:栋|幢|座|号楼|#).*\d{2,4}(?:室|号|户)?|.*(?:路|街|巷|小区|花园|社区|村|组).*\d+.*(?:室|号|户|栋|单元)?")
_BUILDING = re.compile(r"(?:\d{1,3}|[A-Z]\d?)(?:栋|幢|座|号楼|#楼?)")
_UNIT = re.compile(r"[0-9一二三四五六七八九十]{1,2}(?:单元|门洞|门)")
_ROOM = re.compile(r"\d{3,4}(?:室|号|户)?|[A-Z]\d{2,4}")
_BIG = 10**14
_LONGEST_COUNT = 7


def _text(value: Cell) -> str:
    return re.sub(r"[\s ]", "", unicodedata.normalize("NFKC", str(value))).upper()


def is_paper(value: Cell) -> bool:
    """An ID number, or what Excel has made of one."""
    if isinstance(value, float):
        return value >= _BIG
    text = _text(value).strip("'")
    return bool(_PAPER.fullmatch(text) or _RUINED.fullmatch(text))


def is_phone(value: Cell) -> bool:
    """One telephone number or several."""
    parts = [part for part in re.split(r"[/、,;,，；]", _text(value).replace("-", "")) if part]
    return bool(parts) and all(_PHONE.fullmatch(part) or _LANDLINE.fullmatch(part) for part in parts)


def is_day(value: Cell) -> bool:
    """A day, as Excel keeps it or as people write it."""
    return isinstance(value, date) or (isinstance(value, str | int) and bool(_DAY.fullmatch(_text(value))))


def is_name(value: Cell) -> bool:
    """A Chinese name with a current surname."""
    return isinstance(value, str) and bool(_NAME.fullmatch(_text(value))) and _text(value)[0] in _SURNAMES


def _matches(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda value: isinstance(value, str | int) and bool(pattern.fullmatch(_text(value)))


_SHAPES: tuple[tuple[Column, Callable[[Cell], bool]], ...] = (
    (Column.PAPER, is_paper),
    (Column.PHONE, is_phone),
    (Column.SEX, lambda value: _text(value) in {"男", "女", "男性", "女性"}),
    (Column.PAPER_KIND, _matches(_KINDS)),
    (Column.RELATION, _matches(_RELATION)),
    (Column.LIVING, _matches(_LIVING)),
    (Column.NAME, is_name),
    (Column.ADDRESS, lambda value: isinstance(value, str) and bool(_DASHED.fullmatch(_text(value)) or _WRITTEN.fullmatch(_text(value)))),
    (Column.BUILDING, _matches(_BUILDING)),
    (Column.UNIT, _matches(_UNIT)),
    (Column.ROOM, _matches(_ROOM)),
    (Column.BIRTH, is_day),
)
STRONG = frozenset(
    {
        Column.PAPER,
        Column.PHONE,
        Column.SEX,
        Column.RELATION,
        Column.NAME,
        Column.PAPER_KIND,
        Column.LIVING,
        Column.ADDRESS,
        Column.BUILDING,
        Column.UNIT,
    }
)
"""Shapes that hardly anything else has: they may speak where a heading does not."""


def shape(values: Sequence[Cell]) -> Column:
    """What most of these values look like; NONE where they look like nothing in particular, or are too few."""
    given = [value for value in values if value is not None][:SAMPLE]
    if len(given) < _FEW:
        return Column.NONE
    if _counts_up(given):
        return Column.NUMBER
    best, share = Column.NONE, 0.0
    for column, looks in _SHAPES:
        found = sum(map(looks, given)) / len(given)
        if found >= _ENOUGH and found > share + 0.01:
            best, share = column, found
    return best


def agrees(column: Column, values: Sequence[Cell]) -> bool | None:
    """Whether values look like what a heading says; None where there are none to look at, or the column has no shape."""
    looks = dict(_SHAPES).get(column)
    given = [value for value in values if value is not None][:SAMPLE]
    if looks is None or len(given) < _FEW:
        return None
    return sum(map(looks, given)) / len(given) >= _SOME


def _counts_up(values: Sequence[Cell]) -> bool:
    """1, 2, 3 …, with gaps where headings were repeated."""
    numbers = [
        int(value)
        for value in values
        if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _LONGEST_COUNT)
    ]
    if len(numbers) < len(values) * _ENOUGH:
        return False
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return numbers[0] <= 1 and sum(step == 1 for step in steps) >= len(steps) * 0.9
