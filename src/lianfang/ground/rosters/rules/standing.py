"""What stands between persons: sums, notes, titles, and lines that say which building or unit follows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lianfang.ground.rosters.rules.shapes import is_phone
from lianfang.ground.rosters.rules.spots import plain
from lianfang.ground.rosters.rules.values import text_of
from lianfang.ground.rosters.types import RowKind
from lianfang.kernel.sheets import Cell

_SUM = re.compile(
    r"^(?:.{0,8}(?:小计|合计|总计|共计|累计|总人数|总户数)|计|总)[:：]?|^共\s*(?:计)?\s*\d+\s*[户人]|^本(?:页|单元|栋|楼|表).{0,4}\d+\s*[户人]"
)
_SUM_BEGINS = frozenset("总共本累")
_SUM_SIGNS = frozenset("计总共累本")
_NOTE = re.compile(
    r"^(?:备?注|说明|填表|制表|填报|审核|审批|负责人|单位负责|统计|联系人|填写|日期|时间|以上|以下|此表|本表|第\s*\d+\s*页|共\s*\d+\s*页|注意|要求|提示|※|★|\*|[(（]?[一二三四五六七八九\d][)）、.．])(?:.{0,12}[:：]|.{3,})"
)
_LINE = re.compile(
    r"(?:.*?(?P<building>[0-9]{1,3}|[A-Z][0-9]?)(?:号楼|栋|幢|座|#楼?|楼(?!层|长)))?(?:第?(?P<unit>[0-9]{1,2}|[一二三四五六七八九])(?:单元|门洞))?(?:.{0,6}(?:[(（:：].*)?)"
)
_DIGITS = {digit: str(number) for number, digit in enumerate("一二三四五六七八九", start=1)}
_FEW = 3
_LONGEST_NAME = 12
_CALLED_LIST = re.compile(r"(?:名单|名册|登记表|信息表|统计表|一览表|台账|通讯录|值班表)$")
_SIGNS = re.compile(r"[-—–_=*·.．…~～\s]+")


def kind_of_line(texts: Sequence[str], *, named: bool, wide: bool, name: str) -> RowKind | None:
    """What a row is that is neither a person nor a door; None where it may be one of these."""
    if named and not wide and len(texts) > _FEW and name[:1].isalpha() and _SUM_SIGNS.isdisjoint(name):
        return None
    if (
        any("计" in text or text[0] in _SUM_BEGINS for text in texts[:4])
        and any(_SUM.match(re.sub(r"\s+", "", text)) for text in texts[:4])
        and (not named or _SUM.match(re.sub(r"\s+", "", name)))
    ):
        return RowKind.SUBTOTAL
    if len(texts) <= _FEW and _NOTE.match(texts[0]) and not any(is_phone(text) for text in texts[1:]) and (not named or name == texts[0]):
        return RowKind.NOTE
    if wide or all(_SIGNS.fullmatch(text) for text in texts):
        return RowKind.FILLER
    if (
        len(texts) == 1
        and (len(texts[0]) > _LONGEST_NAME or _says_building(texts[0]) or _CALLED_LIST.search(texts[0]))
        and name in {"", texts[0]}
    ):
        return RowKind.FILLER
    return None


def _says_building(text: str) -> bool:
    found = _LINE.fullmatch(plain(text))
    return bool(found and (found["building"] or found["unit"])) and not re.search(r"\d室?$", plain(text))


def building_line(cells: Sequence[Cell]) -> tuple[str, str] | None:
    """Building and unit of a line such as 3栋2单元 or 二单元（共24户); None for any other."""
    texts = [text for text in map(text_of, cells) if text]
    if len(texts) != 1:
        return None
    found = _LINE.fullmatch(plain(texts[0]))
    if found is None or not (found["building"] or found["unit"]):
        return None
    unit = found["unit"] or ""
    return (found["building"] or "").lstrip("0"), _DIGITS.get(unit, unit)
