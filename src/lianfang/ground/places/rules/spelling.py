"""The spellings under which a name is found by its beginning: as written, without its kind, in pinyin, by initials, from the middle."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import Any

from lianfang.ground.places.rules.names import plain, stem
from lianfang.ground.places.types import Level

LONGEST = 80
MOST_READINGS = 8
DEEPEST_START = 6  # from the middle of a name, this far in at most

# Characters of place names that are read in several ways, with the readings people type. The dictionary knows many more,
# too rare to be worth a key each.
_READINGS = {
    "长": "chang zhang", "重": "chong zhong", "乐": "le yue lao", "朝": "chao zhao", "行": "hang xing", "都": "du dou",
    "厦": "xia sha", "单": "dan shan", "曾": "zeng ceng", "盛": "sheng cheng", "藏": "zang cang", "柏": "bai bo", "堡": "bao pu bu",
    "蔚": "yu wei", "六": "liu lu", "蚌": "beng bang", "番": "pan fan", "铅": "yan qian", "解": "xie jie", "涡": "guo wo",
    "浚": "xun jun", "荥": "xing ying", "陂": "pi bei", "泌": "bi mi", "尉": "wei yu", "车": "che ju", "叶": "ye she", "参": "can shen",
    "传": "chuan zhuan", "塞": "sai se", "宿": "su xiu", "拓": "tuo ta", "校": "xiao jiao", "扎": "zha za", "泊": "bo po",
    "瀑": "pu bao", "巷": "xiang hang", "降": "jiang xiang", "角": "jiao jue", "什": "shi shen", "洞": "dong tong", "落": "luo lao",
    "绿": "lv lu", "吕": "lv", "闾": "lv", "旅": "lv", "弄": "nong long", "尾": "wei yi", "卡": "ka qia", "氏": "shi zhi",
    "莎": "sha suo", "碌": "lu liu", "圩": "xu wei", "埔": "pu bu", "峒": "dong tong", "俞": "yu shu", "芥": "jie gai",
    "莘": "xin shen", "奇": "qi ji", "牟": "mu mou", "於": "yu wu",
}  # fmt: skip
_SEVERAL = {char: readings.split() for char, readings in _READINGS.items() if " " in readings}
_ONE = {char: readings for char, readings in _READINGS.items() if " " not in readings}


@lru_cache(maxsize=20_000)
def _reading(char: str) -> str:
    return _ONE.get(char) or _read(char)[0].casefold()


def _read(text: str, unknown: Callable[[str], Any] | None = None) -> list[str]:
    """The reading of each character in its phrase; `unknown` reads what no dictionary knows."""
    from pypinyin import lazy_pinyin  # half a second and 40 MiB, spent by those processes that read names

    return lazy_pinyin(text, v_to_u=False, errors=unknown or "default")


def readings(name: str) -> list[tuple[str, ...]]:
    """The ways a name is read, syllable by syllable, the likeliest first; at most eight."""
    bare = plain(name)
    if not any(char in _SEVERAL for char in bare):
        return [tuple(_reading(char) for char in bare)]
    # The dictionary of words knows that 重庆 is chong; it is right more often than not, so its reading stands first.
    by_words = _by_words(bare)
    choices = [
        list(dict.fromkeys([by_words[at], *_SEVERAL[char]])) if char in _SEVERAL else [_reading(char)]
        for at, char in enumerate(bare)
    ]  # fmt: skip
    ways: list[tuple[str, ...]] = []
    for way in product(*choices):
        ways.append(way)
        if len(ways) == MOST_READINGS:
            break
    return ways


def _one_by_one(unknown: str) -> Any:
    """Characters that have no reading stand for themselves. (The stubs of pypinyin know only one text for all.)"""
    return list(unknown)


def _by_words(bare: str) -> list[str]:
    """One syllable for each character; runs of letters and digits, which the dictionary leaves whole, are cut."""
    syllables: list[str] = []
    for piece in re.findall(r"[0-9a-z]|[^0-9a-z]+", bare):
        if re.fullmatch(r"[0-9a-z]", piece):
            syllables.append(piece)
        else:
            read = _read(piece, _one_by_one)
            syllables += [syllable.casefold() for syllable in read]
    return syllables if len(syllables) == len(bare) else [_reading(char) for char in bare]


def keys_of(name: str, level: Level | None, *, kind: str = "name") -> set[tuple[str, str]]:
    """Pairs of (kind, key) under which a name is found. `kind` is name, alias or former; a name of an area has no level."""
    bare = plain(name)[:LONGEST]
    short = stem(name, level)[:LONGEST] if level else bare
    keys = {(kind, bare), (kind, "".join(char for char in bare if char.isalnum()))}  # an address is read without brackets
    if short != bare:
        keys.add(("stem", short))
    keys |= {("inside", short[start:]) for start in range(1, min(len(short) - 1, DEEPEST_START))}
    for way in readings(bare):
        keys.add(("pinyin", "".join(way)[:LONGEST]))
        keys.add(("initials", "".join(syllable[0] for syllable in way)))
    return {(how, key) for how, key in keys if key}
