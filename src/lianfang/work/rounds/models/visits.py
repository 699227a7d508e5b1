"""Tallies of visits (户次)."""

from __future__ import annotations

from django.db import models


class _Visits(models.Model):
    """Visits (户次) at one place in one stretch of time, at the position the place had then; one book's share each."""

    pk = models.CompositePrimaryKey("book", "position", "begins", "outcome")
    book = models.IntegerField()
    position = models.BigIntegerField()
    begins = models.DateTimeField()
    outcome = models.TextField()
    span = models.BigIntegerField()
    place = models.UUIDField()
    visits = models.IntegerField()

    class Meta:
        abstract = True


class VisitTally(_Visits):
    """Visits (户次) by building and local day."""

    class Meta:
        db_table = "rounds_visittally"
        indexes = (models.Index(fields=("position", "begins"), name="visittally_position"),)


class VisitDay(_Visits):
    """Visits (户次) by community and local day: what larger places add up."""

    class Meta:
        db_table = "rounds_visitday"
        indexes = (models.Index(fields=("position", "begins"), name="visitday_position"),)
