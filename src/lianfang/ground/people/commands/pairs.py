"""Pairs that may be one person, once somebody was told of them."""

from __future__ import annotations

from collections.abc import Iterable

from lianfang.ground.people.models import Match


def take_up_pairs(numbers: Iterable[int]) -> None:
    """Note that pairs were taken up. For the system alone: no login of the web may."""
    Match.objects.filter(pk__in=list(numbers)).update(taken_up=True)
