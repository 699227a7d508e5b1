"""Measures and the decisions about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.incidents.models.incidents import Incident
from lianfang.ground.incidents.types import MeasureStep


class Measure(models.Model):
    """A measure (管控措施) over one place or area, from when it takes effect until it is lifted or its period is over.

    `rule_set` is the one under which it was raised, and stays. `lifted_at` may lie ahead: a lifting announced for midnight.
    """

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    key = models.TextField()
    rule_set = models.TextField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    begins_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    lifting_published_at = models.DateTimeField(null=True)
    authority = models.TextField()
    document = models.TextField()
    beyond = models.TextField(default="")

    class Meta:
        db_table = "incidents_measure"
        indexes = (models.Index(fields=("begins_at", "expires_at"), name="measure_time"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(place__isnull=True, area__isnull=False) | Q(place__isnull=False, area__isnull=True),
                name="measure_over_one_thing",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("begins_at")), name="measure_has_an_end"),
            models.CheckConstraint(condition=Q(lifted_at=None) | Q(lifted_at__gte=F("begins_at")), name="measure_lifted_after_it_begins"),
        )


class MeasureDecision(models.Model):
    """One decision about a measure, with the order that made it: rows are only added."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    step = models.TextField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    authority = models.TextField()
    document = models.TextField()
    reason = models.TextField()
    beyond = models.TextField(default="")
    decided_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_measuredecision"
        constraints = (models.CheckConstraint(condition=Q(step__in=[step.value for step in MeasureStep]), name="measure_decision_step"),)
