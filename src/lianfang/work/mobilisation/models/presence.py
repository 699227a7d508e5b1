"""Spells of duty, folded from presence records."""

from __future__ import annotations

from django.db import models


class Presence(models.Model):
    """One spell of duty (在岗). It ends with the next presence record of the same person, wherever that is.

    `actor` is the account, or the person of somebody who has none.
    """

    record = models.UUIDField(primary_key=True)
    stream = models.UUIDField()
    book = models.IntegerField()
    actor = models.UUIDField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    post = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "mobilisation_presence"
        indexes = (
            models.Index(fields=("position", "began_at"), name="presence_position"),
            models.Index(fields=("actor", "began_at"), name="presence_actor"),
            models.Index(fields=("post",), name="presence_at_post", condition=models.Q(ended_at=None, post__isnull=False)),
        )
