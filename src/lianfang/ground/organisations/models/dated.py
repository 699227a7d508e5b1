"""What dated rows of this context share: the period of a row, and that it ends after it begins."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q

LIVE = Q(valid_to__isnull=True)


class Period(Func):
    """The days [valid_from, valid_to) of a row."""

    function = "daterange"
    output_field = DateRangeField()


def in_order(name: str) -> CheckConstraint:
    """A row ends after it begins; one that ends on its first day held for no day."""
    return CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


def once(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with the same fields hold on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in fields), (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
        condition=condition,
    )
