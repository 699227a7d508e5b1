"""Which of many incidents are only practised, asked once for a whole batch of records."""

from __future__ import annotations

from collections.abc import Collection

from lianfang.ground.incidents.models import Incident
from lianfang.kernel.ids import IncidentId


def drills(incident_ids: Collection[IncidentId]) -> dict[IncidentId, bool]:
    """By id, whether it is a drill; those that do not exist are left out."""
    rows = Incident.objects.filter(pk__in=list(incident_ids)).values_list("pk", "drill")
    return {IncidentId(pk): drill for pk, drill in rows}
