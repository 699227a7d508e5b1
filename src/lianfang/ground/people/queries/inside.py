"""Filters by ranges of positions, the first lock of every list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from lianfang.kernel.ranges import Range, merged

NOWHERE = Q(pk__isnull=True)


def inside(ranges: Sequence[Range], column: str = "position") -> Q:
    """True for rows whose position lies in one of the ranges; of no ranges nothing."""
    condition = Q()
    for piece in merged(ranges):
        condition |= Q(**{f"{column}__gte": piece.lo, f"{column}__lt": piece.hi})
    return condition or NOWHERE
