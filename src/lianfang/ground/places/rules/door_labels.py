"""Whether what is written at a door is its number, or words that somebody found for it."""

from __future__ import annotations

import re

# 501 · 1-502 · 501室 · 3A · 地下室 · 东户 · 门卫: what a door sign says, and nothing about who lives there.
_NUMBER = re.compile(r"[A-Za-z]?\d{1,4}([-—－]\d{1,4}){0,2}[A-Za-z]?[室号户]?|[东南西北中左右前后][室户屋]|地下室|门卫室?|值班室")


def is_number(label: str) -> bool:
    """Whether a label is a number or one of the few words of door signs."""
    return _NUMBER.fullmatch(label.strip()) is not None


def unnamed(position: int) -> str:
    """What a door is called whose words went: the digits of its number below the community."""
    return f"#{position % 10_000_000}"
