"""Names of persons: one normal form, and the keys by which they are found from a keyboard.

A name keeps every character it has (GB 18030-2022: rare characters of all extensions), 1 to 50 of them, with the middle dot
of minority names and the spaces of foreign ones. Its key is the pinyin without tones, surnames by their reading as
surnames (单 shàn, 尉迟 yùchí); a character without a known reading stands in the key as itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lianfang.ground.people.types import NameCharacterWrong, NameLengthWrong

LONGEST = 50
_DOTS = re.compile(r"\s*[·•・‧∙⋅･．.]\s*")
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[㐀-鿿]{1,50}")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff〇䶮]")
_BETWEEN = re.compile(rf"({_HAN.pattern}) (?={_HAN.pattern})")

# Readings that a character has only as a surname, where the ordinary one differs; where two are current (the Guangxi 覃:
# qin, also tan) the commoner stands here. Double surnames are phrases that pypinyin knows; the listed ones are those
# whose first character would otherwise be read as a single surname, or whose reading must not hang on what follows.
_SURNAMES = dict(
    re.findall(
        r"(\S+) (\S+)",
        "单 shan 仇 qiu 曾 zeng 查 zha 解 xie 盖 ge 乐 yue 朴 piao 翟 zhai 区 ou 缪 miao 覃 qin 洗 xian 召 shao 秘 bi 薄 bo "
        "折 she 黑 he 员 yun 贠 yun 乜 nie 种 chong 繁 po 佴 nai 隗 wei 长 chang 卜 bu 重 chong 藏 zang 祭 zhai 尉 wei 任 ren "
        "尉迟 yu-chi 万俟 mo-qi 长孙 zhang-sun 单于 chan-yu 澹台 tan-tai 乐正 yue-zheng 令狐 ling-hu 闾丘 lv-qiu "
        "拓跋 tuo-ba 亓官 qi-guan 宰父 zai-fu 呼延 hu-yan",
    ),
)
# What people also type for a surname, and the reading it stands under: typed readings are widened, stored ones are not.
_ALSO_TYPED = dict(
    re.findall(
        r"(\S+) (\S+)",
        "dan shan chou qiu ceng zeng cha zha jie xie gai ge le yue pu piao di zhai qu ou mou miao tan qin shanyu chanyu "
        "lezheng yuezheng changsun zhangsun weichi yuchi wansi moqi yuan yun hei he kui wei bao bo zhong chong zhe she fan po",
    ),
)


@dataclass(frozen=True, slots=True)
class NameKey:
    """What a name is found by: its whole pinyin and the first letters."""

    full: str
    initials: str


def normal_name(text: str) -> str:
    """A name in its one form: composed characters, single spaces, one kind of middle dot. Raises what is wrong with it."""
    if _PLAIN.fullmatch(text):
        return text  # nothing in it has another form
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if is_chinese(name):
        name = _DOTS.sub("·", name)
        if "·" not in name:
            # A space inside a Chinese name is typesetting (王 明), not part of it.
            name = _BETWEEN.sub(r"\1", name)
    if not 1 <= len(name) <= LONGEST:
        raise NameLengthWrong(found=len(name), longest=LONGEST)
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Nd", "Sm") for character in name):
        raise NameCharacterWrong
    return name


def _syllables(name: str) -> list[str]:
    """The readings one after another, the surname's first; letters of other scripts stay, marks go."""
    bare = "".join(character for character in name if character.isalpha())
    if not is_chinese(bare):
        return name.split()
    if "·" not in name:
        for length in (2, 1):
            reading = _SURNAMES.get(bare[:length])
            if reading:
                return [*reading.split("-"), *_read(bare[length:])]
    return _read(bare)


def _read(text: str) -> list[str]:
    """The ordinary reading of each character."""
    from pypinyin import lazy_pinyin  # half a second and 40 MiB, spent by those processes that read names

    return lazy_pinyin(text)


def _letters(syllable: str) -> str:
    """Lower case, without accents and marks; characters without a reading stay."""
    return "".join(character for character in unicodedata.normalize("NFD", syllable.lower()) if character.isalnum())


@lru_cache(maxsize=1 << 16)
def name_key(name: str) -> NameKey:
    """The keys of a name in its normal form. Remembered: rosters hold the same names again and again."""
    syllables = [letters for letters in map(_letters, _syllables(name)) if letters]
    return NameKey("".join(syllables), "".join(letters[0] for letters in syllables))


def typed_keys(typed: str) -> list[str]:
    """The prefixes to look for when somebody types letters: as typed, and with a surname's other reading."""
    lowered = typed.lower()
    for written, keyed in (("lü", "lv"), ("nü", "nv"), ("lyu", "lv"), ("nyu", "nv")):  # as keyboards have it, and as passports
        lowered = lowered.replace(written, keyed)
    letters = _letters(lowered)
    widened = [reading + letters[len(also) :] for also, reading in _ALSO_TYPED.items() if letters.startswith(also)]
    return list(dict.fromkeys([letters, *widened])) if letters else []


def is_chinese(text: str) -> bool:
    """Whether a text holds Chinese characters, and so is searched as written rather than by its reading."""
    return any(_HAN.match(character) for character in text)
