"""The tables of what goes up: the same in a node's window and above it. `node` is the code of the node that tells.

Positions follow official codes and are the same everywhere, so that a row needs no id of a place. Nothing here is of a person.
"""

from __future__ import annotations

from django.db import models


class Node(models.Model):
    """A node whose figures come up here, with the range it may tell of and the slot at its end. Empty where nothing comes up."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    slot = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "upward_node"


class Day(models.Model):
    """A day that a node has told: which figures (`keys`, by spaces) and as of when. A figure of these without a row is zero."""

    pk = models.CompositePrimaryKey("node", "day")
    node = models.TextField()
    day = models.DateField()
    name = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    form = models.IntegerField()
    as_of = models.DateTimeField()
    keys = models.TextField()

    class Meta:
        db_table = "upward_day"


class DayFigure(models.Model):
    """A figure of a division from the community up, on a day."""

    pk = models.CompositePrimaryKey("node", "day", "lo", "hi", "key")
    node = models.TextField()
    day = models.DateField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    key = models.TextField()
    value = models.BigIntegerField()

    class Meta:
        db_table = "upward_figure"


class RoundRow(models.Model):
    """A round of a node."""

    pk = models.CompositePrimaryKey("node", "id")
    node = models.TextField()
    id = models.UUIDField()
    name = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    opens_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "upward_round"


class OrganisationRow(models.Model):
    """An organisation of a node, at the community of its seat or higher."""

    pk = models.CompositePrimaryKey("node", "id")
    node = models.TextField()
    id = models.UUIDField()
    parent = models.UUIDField(null=True)
    name = models.TextField()
    kind = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "upward_organisation"
        indexes = (models.Index(fields=("lo",), name="upward_organisation_position"),)
