"""When two names are one name misspelt: heard alike, or one character wrong, missing, added or changed over."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from lianfang.ground.places.rules.names import plain, stem
from lianfang.ground.places.rules.spelling import readings
from lianfang.ground.places.types import Level

SHORTEST = 2
LONG_ENOUGH = 3  # of two characters one wrong one is half the name: 太平 is not 和平

# What half the country does not tell apart, so that it is typed alike: 民 and 名, 四 and 十, 南 and 蓝.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_COMPOUND_ENDS = ("家属院", "家属楼", "小区", "花园", "家园", "公寓", "大厦", "广场", "新村", "新城", "大院", "苑", "园", "城", "院")


class Likeness(IntEnum):
    """How near a spelling comes to a name, nearest first."""

    SAME = 0
    HEARD = 1  # another character of the same or a like sound
    ONE_OFF = 2  # one character wrong, missing or added
    WEAK = 3  # the same, but so short that it may well be another name: never taken, only offered


def _folded(syllable: str) -> str:
    for full, short in _INITIALS:
        if syllable.startswith(full):
            syllable = short + syllable[len(full) :]
            break
    for full, short in _FINALS:
        if syllable.endswith(full):
            return syllable[: -len(full)] + short
    return syllable


@lru_cache(maxsize=20_000)
def sounds(text: str) -> frozenset[str]:
    """The ways a text sounds to an ear that folds zh into z, ng into n and n into l."""
    return frozenset(" ".join(_folded(syllable) for syllable in way) for way in readings(text))


@lru_cache(maxsize=50_000)
def bare(name: str, level: Level | None) -> str:
    """A name without the word for its kind: 新月路 for 新月路社区, 银河 for 银河小区 (which has no level)."""
    if level is not None:
        return stem(name, level)
    whole = plain(name)
    end = next((end for end in _COMPOUND_ENDS if whole.endswith(end) and len(whole) - len(end) >= SHORTEST), "")
    return whole.removesuffix(end)


def likeness(said: str, name: str, *, level: Level | None = None) -> Likeness | None:
    """How near `said` comes to a name of a division, or without a level of a compound; None when it is another name.

    The words for the kind of such a place are left aside in both.
    """
    how = likeness_of_cores(bare(said, level), bare(name, level))
    return Likeness.WEAK if how is Likeness.SAME and level is None and other_end(said, name) else how


def other_end(said: str, name: str) -> bool:
    """Whether two names of compounds end with different words for their kind: 银河家园 is not 银河小区."""
    ends = {plain(each).removeprefix(bare(each, None)) for each in (said, name)} - {""}
    return len(ends) > 1


def likeness_of_cores(one: str, other: str) -> Likeness | None:
    """The same of two names that are already without the words for their kinds."""
    if one == other:
        return Likeness.SAME
    if min(len(one), len(other)) < SHORTEST or abs(len(one) - len(other)) > 1:
        return None
    if len(one) == len(other) and sounds(one) & sounds(other):
        return Likeness.HEARD
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return Likeness.ONE_OFF if max(len(one), len(other)) >= LONG_ENOUGH else Likeness.WEAK
    return None
