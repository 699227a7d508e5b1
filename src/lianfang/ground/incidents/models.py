"""Tables of this context. Seen by it only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.incidents.types import IncidentKind


class Incident(models.Model):
    """One emergency, or one drill (演练), over a place, an area or everything, from its opening to its end."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in IncidentKind])
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    drill = models.BooleanField(default=False)

    class Meta:
        db_table = "incidents_incident"
        constraints = (
            models.CheckConstraint(condition=Q(place__isnull=True) | Q(area__isnull=True), name="incident_over_one_thing"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")), name="incident_ends_after_it_begins"
            ),
        )
