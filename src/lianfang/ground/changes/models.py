"""The one change table."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One row of master data added, changed or removed.

    `old` and `new` hold only the columns that differ (of an added row all, of a removed row all). A statement
    that adds more than a hundred rows leaves one line with their number.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    table = models.TextField()
    row_id = models.TextField(null=True)
    place_id = models.UUIDField(null=True)
    position = models.BigIntegerField(null=True)
    action = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        db_table = "changes_change"
        indexes = (
            models.Index(fields=("position", "at"), name="change_by_position"),
            models.Index(fields=("table", "row_id"), name="change_by_row"),
            models.Index(fields=("at",), name="change_by_time"),
        )
