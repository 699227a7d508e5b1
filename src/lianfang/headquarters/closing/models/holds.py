"""What is held back from erasure, and what it says, sealed, for its keeper."""

from __future__ import annotations

from django.db import models


class Hold(models.Model):
    """An item under complaint, inspection or trial (留存): why, for whom, until when."""

    id = models.UUIDField(primary_key=True)
    incident = models.UUIDField()
    position = models.BigIntegerField()
    kind = models.TextField()
    item = models.UUIDField()
    reason = models.TextField()
    authority = models.TextField()
    until = models.DateField()
    keeper = models.UUIDField()
    held_by = models.UUIDField(null=True)
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "closing_hold"
        indexes = (models.Index(fields=("incident",), name="closing_hold_incident"),)
        constraints = (
            models.UniqueConstraint(fields=("incident", "kind", "item"), condition=models.Q(released_at=None), name="closing_held_once"),
        )


class Held(models.Model):
    """What a held item said, sealed. Row security: its keeper alone."""

    hold = models.OneToOneField(Hold, on_delete=models.CASCADE, primary_key=True, related_name="held")
    keeper = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "closing_held"


class Opening(models.Model):
    """Somebody opened what a hold keeps: who, when, why. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    account = models.UUIDField()
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "closing_opening"
