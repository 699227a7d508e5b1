"""Rows by ranges of positions: the first lock of every list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from lianfang.kernel.ranges import Range, merged


def inside(ranges: Sequence[Range]) -> Q:
    """True for rows whose `position` lies in one of the ranges; of no ranges, no row."""
    condition = Q(pk__in=())
    for piece in merged(ranges):
        condition |= Q(position__gte=piece.lo, position__lt=piece.hi)
    return condition
