"""The log of looks at sensitive values."""

from __future__ import annotations

from django.db import models

from lianfang.ground.people.types import Channel


class Look(models.Model):
    """Somebody saw a full value of somebody (查看日志). Append-only; outlives the person's row.

    `position` is where the person lived at that moment, 0 for somebody without a door.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.UUIDField()
    person_id = models.UUIDField()
    field = models.TextField()
    reason = models.TextField()
    position = models.BigIntegerField()
    channel = models.TextField(choices=[(channel.value, channel.value) for channel in Channel])

    class Meta:
        db_table = "people_look"
        constraints = (models.CheckConstraint(condition=~models.Q(reason=""), name="look_has_a_reason"),)
        indexes = (
            models.Index(fields=("position", "at"), name="look_by_position"),
            models.Index(fields=("person_id", "at"), name="look_by_person"),
            models.Index(fields=("account_id", "at"), name="look_by_account"),
        )
