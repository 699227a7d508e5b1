"""Names of divisions: what they are called without the word for their kind, and when two names mean the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lianfang.ground.places.types import Kind, Level

_COMMUNITY_ENDS = (
    "社区居民委员会", "社区居民委员", "社区居委会", "居民委员会", "居委会", "村村民委员会", "村民委员会", "村村委会", "村委会", "社区", "村",
)  # fmt: skip
_PEOPLES = (
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克",
    "塔吉克族",
    "怒族",
    "乌孜别克族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "塔塔尔族",
    "独龙族",
    "鄂伦春族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
    "各族",
    "蒙古",
)
_ENDS = {
    Level.PROVINCE: ("特别行政区", "自治区", "省", "市"),
    Level.CITY: ("自治州", "地区", "盟", "市"),
    Level.COUNTY: ("自治县", "自治旗", "高新技术产业开发区", "经济技术开发区", "特区", "林区", "矿区", "新区", "县", "旗", "市", "区"),
    Level.STREET: ("街道办事处", "办事处", "街道", "地区", "民族乡", "镇", "乡", "街"),
    Level.COMMUNITY: _COMMUNITY_ENDS,
}
_IN_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
SHORTEST_STEM = 2


@lru_cache(maxsize=4096)  # a list asks three or four times in a row for each of its names
def plain(name: str) -> str:
    """The name with half-width letters and digits, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


@lru_cache(maxsize=4096)
def stem(name: str, level: Level) -> str:
    """The name without brackets and the word for its kind: 新月路 for 新月路社区, 宕昌 for 宕昌县. At least two characters stay."""
    bare = _IN_BRACKETS.sub("", plain(name)) or plain(name)
    for end in _ENDS.get(level, ()):
        if bare.endswith(end) and len(bare) - len(end) >= SHORTEST_STEM:
            return _without_people(bare.removesuffix(end), level)
    return bare


def _without_people(bare: str, level: Level) -> str:
    """Autonomous places are called without the name of the people: 前郭尔罗斯 for 前郭尔罗斯蒙古族自治县."""
    if level not in {Level.CITY, Level.COUNTY, Level.STREET, Level.PROVINCE}:
        return bare
    if not bare.endswith(_PEOPLES):  # asked of every name, true of few
        return bare
    shorter = next(
        (bare.removesuffix(people) for people in _PEOPLES if bare.endswith(people) and len(bare) - len(people) >= SHORTEST_STEM), bare
    )
    return bare if shorter == bare else _without_people(shorter, level)


def share_nothing(one: str, other: str, level: Level) -> bool:
    """Whether two names have not one character in common but the words for their kind."""
    return not set(stem(one, level)) & set(stem(other, level))


def community_kind(name: str, code: str) -> Kind:
    """Whether a community is a residents' or a villagers' committee, or a code of statistics only.

    Residents' committees are numbered from 001, villagers' committees from 200; 400-499 and 500-599 are places like the one and
    the other (rules of the statistical code); those without a committee carry 虚拟 in their names.
    """
    if "虚拟" in name:
        return Kind.VIRTUAL
    return Kind.VILLAGE if code[9] in "235" else Kind.COMMUNITY
