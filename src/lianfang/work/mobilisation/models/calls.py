"""Calls: who was called where, what they answered, and what has still to be sent."""

from __future__ import annotations

from django.db import models

from lianfang.work.mobilisation.models.forces import Force
from lianfang.work.mobilisation.types import Answer, Channel, Sending


class Call(models.Model):
    """A call-up (召集) of so many people to a place. `able`: only those with these bits. `ranges_lo`, `ranges_hi`: as far as it has reached.

    When not enough have promised after `wait_minutes`, the next wave goes to the neighbours. A communication test is the same in peacetime.
    With its book go the call and all answers.
    """

    id = models.UUIDField(primary_key=True)
    book = models.IntegerField(null=True)
    place = models.UUIDField()
    position = models.BigIntegerField()
    words = models.TextField()
    wanted = models.IntegerField()
    able = models.BigIntegerField(default=0)
    organisation = models.UUIDField(null=True)
    test = models.BooleanField(default=False)
    wave = models.IntegerField(default=1)
    wait_minutes = models.IntegerField()
    called_by = models.UUIDField(null=True)
    called_at = models.DateTimeField()
    wave_at = models.DateTimeField()
    enough_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mobilisation_call"
        constraints = (models.CheckConstraint(condition=models.Q(wanted__gt=0), name="call_wants_somebody"),)
        indexes = (
            models.Index(fields=("position", "called_at"), name="call_position"),
            models.Index(fields=("book",), name="call_book"),
            models.Index(fields=("wave_at",), name="call_open", condition=models.Q(closed_at=None, enough_at=None)),
        )


class Summons(models.Model):
    """One person called, in which wave, and the last that they answered (召集回复)."""

    id = models.UUIDField(primary_key=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+", db_index=False)
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    person = models.UUIDField()
    position = models.BigIntegerField()
    wave = models.IntegerField()
    answer = models.TextField(null=True, choices=[(answer.value, answer.value) for answer in Answer])
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)

    class Meta:
        db_table = "mobilisation_summons"
        constraints = (models.UniqueConstraint(fields=("call", "force"), name="called_once"),)


class Dispatch(models.Model):
    """One message that has to go out (待发), at least once; its id is the key by which the receiver knows it again. No number stands here."""

    id = models.UUIDField(primary_key=True)
    summons = models.ForeignKey(Summons, on_delete=models.CASCADE, related_name="+")
    position = models.BigIntegerField()
    channel = models.TextField(choices=[(channel.value, channel.value) for channel in Channel])
    state = models.TextField(choices=[(sending.value, sending.value) for sending in Sending], default=Sending.WAITING.value)
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mobilisation_dispatch"
        indexes = (models.Index(fields=("due_at",), name="dispatch_due", condition=models.Q(state=Sending.WAITING.value)),)
