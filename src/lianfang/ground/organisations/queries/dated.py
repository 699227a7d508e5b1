"""Conditions that reads of this context share: rows that hold on a day, rows that lie in ranges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from lianfang.kernel import clock
from lianfang.kernel.ranges import Range, merged


def holding(on: date | None) -> Q:
    """Rows that hold on a day (today)."""
    day = on or clock.today()
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def within(ranges: Sequence[Range], column: str = "position") -> Q:
    """Rows whose position lies in the ranges."""
    inside = Q(pk__in=())
    for piece in merged(ranges):
        inside |= Q(**{f"{column}__gte": piece.lo, f"{column}__lt": piece.hi})
    return inside
