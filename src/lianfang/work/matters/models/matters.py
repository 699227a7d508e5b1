"""The table of matters, folded from `matter_raised` and `matter_settled`."""

from __future__ import annotations

from django.db import models


class Matter(models.Model):
    """A matter (事项). Its id is that of the record that raised it; `position` follows its place when that moves."""

    id = models.UUIDField(primary_key=True)
    stream = models.UUIDField()
    book = models.IntegerField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    about = models.TextField()
    urgent = models.BooleanField()
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    cause = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settlement = models.TextField(null=True)
    settling_record = models.UUIDField(null=True)

    class Meta:
        db_table = "matters_matter"
        indexes = (
            models.Index(fields=("position",), condition=models.Q(settled_at=None), name="matter_open"),
            models.Index(fields=("position", "raised_at"), name="matter_position"),
            models.Index(fields=("owner",), condition=models.Q(settled_at=None), name="matter_owner"),
        )
