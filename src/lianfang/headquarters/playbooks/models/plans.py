"""Plans kept in peacetime."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.incidents.types import IncidentKind


class Plan(models.Model):
    """A plan (预案) for a place and a matter. What it says stands in its versions; the last one holds."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in IncidentKind])
    place = models.UUIDField()
    position = models.BigIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "playbooks_plan"
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="plan_has_a_name"),)
        indexes = (models.Index(fields=("position",), name="plan_position"),)


class Version(models.Model):
    """One version of a plan: rows are only added. No person stands in `content`."""

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    content = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    note = models.TextField(default="")

    class Meta:
        db_table = "playbooks_version"
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="version_once"),)


class Holder(models.Model):
    """Somebody bound to a part of a plan at one of its places, from day to day; one leads. `position` is that of the place."""

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    part = models.TextField()
    site = models.UUIDField()
    person = models.UUIDField()
    leads = models.BooleanField(default=False)
    position = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "playbooks_holder"
        constraints = (
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="holder_ends_after_it_begins"),
            models.UniqueConstraint(fields=("plan", "part", "site", "person"), condition=Q(valid_to=None), name="holder_once"),
            models.UniqueConstraint(fields=("plan", "part", "site"), condition=Q(valid_to=None, leads=True), name="holder_led_by_one"),
        )
        indexes = (models.Index(fields=("position",), name="holder_position"),)
