"""What must hold among incidents; `doctor` asks."""

from __future__ import annotations

from django.db.models import F, Q

from lianfang.ground.incidents.models import Incident
from lianfang.kernel.soundness import Finding


def checks() -> list[Finding]:
    """No open incident over a place or area that has ended."""
    ended = Q(place__valid_to__isnull=False) | Q(area__valid_to__isnull=False)
    ids = [str(pk) for pk in Incident.objects.filter(ended, ended_at=None).values_list(F("pk"), flat=True)[:5]]
    return [
        Finding(
            "incidents.scope",
            not ids,
            f"open incidents over a place or area that has ended: {', '.join(ids) or 0}",
            "End the incident, or open it anew over the place that took over.",
        ),
    ]
