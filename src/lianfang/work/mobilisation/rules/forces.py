"""What people can do and when, as one set of bits, and what a place may ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from lianfang.work.mobilisation.types import Skill, Times

OF_AGE_AT = 18


SAID: dict[str, Skill | Times] = {
    "医疗": Skill.MEDICAL, "医生": Skill.MEDICAL, "护理": Skill.NURSING, "护士": Skill.NURSING, "采样": Skill.SAMPLING, "心理": Skill.COUNSELLING,
    "心理疏导": Skill.COUNSELLING, "驾驶": Skill.DRIVING, "开车": Skill.DRIVING, "做饭": Skill.COOKING, "炊事": Skill.COOKING, "维修": Skill.REPAIR,
    "水电维修": Skill.REPAIR, "电脑": Skill.COMPUTING, "计算机": Skill.COMPUTING, "急救": Skill.FIRST_AID, "手语": Skill.SIGN_LANGUAGE,
    "朝鲜语": Skill.KOREAN, "蒙古语": Skill.MONGOLIAN, "维吾尔语": Skill.UYGHUR, "藏语": Skill.TIBETAN, "英语": Skill.ENGLISH, "轿车": Skill.CAR,
    "私家车": Skill.CAR, "面包车": Skill.VAN, "货车": Skill.TRUCK, "工作日": Times.WORKDAYS, "晚上": Times.EVENINGS, "晚间": Times.EVENINGS,
    "周末": Times.WEEKENDS, "夜间": Times.NIGHTS, "夜里": Times.NIGHTS,
}  # fmt: skip
"""How people write them in a cell; the codes themselves are understood too."""

FULL_MEMBER, OF_AGE = 1, 2
_FIRST = 2
BIT: dict[Skill | Times, int] = {each: 1 << (_FIRST + number) for number, each in enumerate([*Skill, *Times])}


def bits(able: Iterable[Skill | Times], *, full_member: bool, of_age: bool) -> int:
    """What a person has, or a need asks, as one number."""
    return sum({BIT[each] for each in able}) + FULL_MEMBER * full_member + OF_AGE * of_age


def named(number: int) -> tuple[Skill | Times, ...]:
    """The skills and times in a number."""
    return tuple(each for each, bit in BIT.items() if number & bit)


def lacking(require: int, have: int) -> int:
    """What is required and not there."""
    return require & ~have


def read(text: str) -> tuple[tuple[Skill | Times, ...], tuple[str, ...]]:
    """What a cell says somebody can do, and the words in it that nobody knows."""
    known: dict[Skill | Times, None] = {}
    unknown = []
    codes = {each.value: each for each in BIT}
    for word in filter(None, re.split(r"[\s、，,;；/|]+", text.strip())):
        found = SAID.get(word) or codes.get(word.lower())
        if found is None:
            unknown.append(word)
        else:
            known[found] = None
    return tuple(known), tuple(unknown)


def of_age_on(born: date, day: date) -> bool:
    """Whether somebody has turned eighteen; who was born on 29 February does so on 1 March."""
    try:
        birthday = born.replace(year=born.year + OF_AGE_AT)
    except ValueError:
        birthday = born.replace(year=born.year + OF_AGE_AT, day=28) + timedelta(days=1)
    return day >= birthday
