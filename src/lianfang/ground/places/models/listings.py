"""The official lists that were loaded."""

from __future__ import annotations

from django.db import models


class Listing(models.Model):
    """An official list of divisions that was loaded: its day, the digest of its content, and what it names whole.

    `names` holds by level, joined by commas, under "whole" the codes of places all of whose children the list names, and under
    "some" the codes of children where it names only some. Lists loaded together for one day stand in a row each with the same names.
    """

    listed_on = models.DateField()
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    rows = models.IntegerField()
    names = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("listed_on", "digest"), name="listing_once"),)
