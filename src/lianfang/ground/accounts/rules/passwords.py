"""What makes a password good enough, and how long wrong ones are punished.

Length counts, composition rules and forced changes do not: they make people write passwords on the wall.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from lianfang.ground.accounts.types import PasswordCommon, PasswordLong, PasswordPlain, PasswordShort

SHORTEST, LONGEST = 10, 128
TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
_FEWEST_SIGNS = 4
_ROWS = (
    "01234567890", "09876543210", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)  # fmt: skip


def normal_password(text: str) -> str:
    """The form that is hashed: the same whatever keyboard composed it."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, *, login: str, name_key: str) -> None:
    """Raise why a password will not do: too short, too long, among the common ones, or made of the account's own words."""
    chosen = normal_password(password)
    if len(chosen) < SHORTEST:
        raise PasswordShort(shortest=SHORTEST)
    if len(chosen) > LONGEST:
        raise PasswordLong(longest=LONGEST)
    lowered = chosen.casefold()
    if lowered in common() or len(set(lowered)) < _FEWEST_SIGNS or _is_a_row(lowered):
        raise PasswordCommon
    rest = lowered
    for own in (login.casefold(), name_key):
        rest = rest.replace(own, "") if own else rest
    if len(re.sub(r"[\d\W_]", "", rest)) == 0 and rest != lowered:
        raise PasswordPlain


def _is_a_row(lowered: str) -> bool:
    """Neighbouring keys, the alphabet or the digits, however often repeated, with fewer than four other signs."""
    left = lowered
    for row in _ROWS:
        for length in range(len(row), 3, -1):
            for start in range(len(row) - length + 1):
                left = left.replace(row[start : start + length], "")
    return len(left) < _FEWEST_SIGNS


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Passwords that everybody tries first: Django's list of twenty thousand, and what is common where this is used."""
    return frozenset(CommonPasswordValidator().passwords) | _COMMON_HERE


_TRIED_FIRST = """
woaini1314 woaini520 woaini1314520 woaini5201314 5201314520 1314520520 woaiwojia woaizhongguo zhongguo123 wangqi1234 a123456789
aa123456789 aaa123456789 abc123456789 qq123456789 wang123456 zhang123456 li12345678 admin123456 admin12345678 root123456
password123 passw0rd123 p@ssw0rd123 shequ123456 wangge123456 lianfang123 lianfang2020 lianfang1234 qwe123456789 1q2w3e4r5t
1qaz@wsx3edc mima123456 denglu123456
"""
_COMMON_HERE = frozenset(_TRIED_FIRST.split())


def lock_time(times_locked: int) -> timedelta:
    """How long an account is locked, the n-th time in a row: 15 minutes, doubling to a day."""
    return min(FIRST_LOCK * (1 << min(times_locked, 10)), LONGEST_LOCK)
