"""Incidents and the decisions about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.incidents.types import IncidentKind, Phase, ResponseLevel, Step


class Incident(models.Model):
    """One emergency, or one drill (演练), over a place or an area, from its opening to its end.

    Level, phase, expires_at, ground and rule set are as last decided: the history is in Decision. Null and empty only in rows from
    before they had to be stated.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in IncidentKind])
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    drill = models.BooleanField(default=False)
    level = models.TextField(null=True)
    phase = models.TextField(null=True)
    expires_at = models.DateTimeField(null=True)
    authority = models.TextField(default="", db_default="")
    document = models.TextField(default="", db_default="")
    rule_set = models.TextField(default="", db_default="")

    class Meta:
        db_table = "incidents_incident"
        constraints = (
            models.CheckConstraint(condition=Q(place__isnull=True) | Q(area__isnull=True), name="incident_over_one_thing"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")), name="incident_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(level=None) | Q(level__in=[level.value for level in ResponseLevel]), name="incident_level"),
            models.CheckConstraint(condition=Q(phase=None) | Q(phase__in=[phase.value for phase in Phase]), name="incident_phase"),
        )


class Decision(models.Model):
    """One decision about an incident: rows are only added."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    step = models.TextField()
    at = models.DateTimeField()
    level = models.TextField(null=True)
    phase = models.TextField(null=True)
    expires_at = models.DateTimeField(null=True)
    rule_set = models.TextField(default="")
    authority = models.TextField()
    document = models.TextField()
    reason = models.TextField()
    decided_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_decision"
        constraints = (models.CheckConstraint(condition=Q(step__in=[step.value for step in Step]), name="incident_decision_step"),)
