"""Figures of days whose records were erased: closed before the records went, and read in their stead."""

from __future__ import annotations

from django.db import models


class FrozenSpan(models.Model):
    """Which days of which communities are told by frozen figures, and under which certificate. `communities` are pairs [first, beyond]."""

    id = models.UUIDField(primary_key=True)
    certificate = models.IntegerField()
    first = models.DateField()
    last = models.DateField()
    communities = models.JSONField()
    frozen_at = models.DateTimeField()

    class Meta:
        db_table = "bulletins_frozenspan"
        constraints = (models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="frozenspan_days_in_order"),)


class FrozenFigure(models.Model):
    """One figure of one community on one day, as it stood when the records behind it were erased. A zero has no row."""

    pk = models.CompositePrimaryKey("span", "figure", "day", "position")
    span = models.UUIDField()
    figure = models.TextField()
    day = models.DateField()
    position = models.BigIntegerField()
    value = models.BigIntegerField()

    class Meta:
        db_table = "bulletins_frozenfigure"
