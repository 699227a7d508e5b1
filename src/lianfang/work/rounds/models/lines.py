"""Differences at doors that a person has looked at."""

from __future__ import annotations

from django.db import models


class SettledLine(models.Model):
    """Somebody has said that both of two differing records are right: the line is shown no more. What is withdrawn needs no row."""

    id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField()
    settled_by = models.UUIDField()
    settled_at = models.DateTimeField()

    class Meta:
        db_table = "rounds_settledline"
        indexes = (models.Index(fields=("position",), name="settledline_position"),)
