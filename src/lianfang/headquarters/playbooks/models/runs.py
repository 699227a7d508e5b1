"""Runs: a plan being carried out, or an incident being stood down; and every single thing that such a run does."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianfang.headquarters.playbooks.models.plans import Version
from lianfang.headquarters.playbooks.types import ItemState, RunKind, RunState


class Run(models.Model):
    """One activation or one standing down. `choices` is what was confirmed; `undoing` the steps that are being taken back.

    `found` keeps what it found out and tells nobody's name: the figures of the closing report.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in RunKind])
    state = models.TextField(choices=[(state.value, state.value) for state in RunState])
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.UUIDField()
    name = models.TextField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    drill = models.BooleanField(default=False)
    choices = models.JSONField(default=dict)
    undoing = models.JSONField(default=list)
    found = models.JSONField(default=dict)
    why = models.JSONField(null=True)
    begun_by = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "playbooks_run"
        constraints = (models.UniqueConstraint(fields=("incident", "kind"), name="run_once_for_an_incident"),)
        indexes = (
            models.Index(fields=("position", "begun_at"), name="run_position"),
            models.Index(fields=("begun_at",), name="run_in_hand", condition=Q(state__in=("running", "undoing"))),
        )


class Item(models.Model):
    """One thing of a run: its id is that of the thing where the thing's context takes one, so that twice is once.

    It is written in the transaction that does it: after a crash it is either done, or as if it had never been begun.
    """

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    section = models.TextField()
    step = models.IntegerField()
    number = models.IntegerField()
    part = models.TextField(default="")
    name = models.TextField()
    place = models.UUIDField()
    area = models.UUIDField(null=True)
    position = models.BigIntegerField()
    people = models.JSONField(default=list)
    state = models.TextField(choices=[(state.value, state.value) for state in ItemState], default=ItemState.WAITING)
    made = models.UUIDField(null=True)
    told = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "playbooks_item"
        constraints = (models.UniqueConstraint(fields=("run", "step", "number"), name="item_once"),)
        indexes = (models.Index(fields=("position",), name="item_position"),)


class Service(models.Model):
    """What one person did in an incident, as records told it when it was stood down: facts by ids, for the letter to their organisation."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    incident = models.UUIDField()
    person = models.UUIDField()
    organisation = models.UUIDField(null=True)
    position = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    days = models.IntegerField()
    minutes = models.IntegerField()
    places = models.JSONField(default=list)
    duties = models.JSONField(default=list)

    class Meta:
        db_table = "playbooks_service"
        constraints = (models.UniqueConstraint(fields=("run", "person"), name="service_once"),)
        indexes = (models.Index(fields=("position",), name="service_position"),)
