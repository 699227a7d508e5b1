"""What must hold among incidents; `doctor` asks."""

from __future__ import annotations

from django.db import connection
from django.db.models import F, Q

from lianfang.ground.incidents.models import Incident
from lianfang.kernel.soundness import Finding

# The last decision that set a measure's end, or lifted it, is what its row says.
_UNLIKE = """
select m.id::text from incidents_measure m
where m.expires_at is distinct from (
        select d.expires_at from incidents_measuredecision d
        where d.measure_id = m.id and d.step in ('raised', 'renewed') order by d.id desc limit 1)
   or m.lifted_at is distinct from (
        select d.at from incidents_measuredecision d
        where d.measure_id = m.id and d.step = 'lifted' order by d.id desc limit 1)
limit 5
"""


def checks() -> list[Finding]:
    """No open incident over a place or area that has ended; every measure is as its orders say."""
    ended = Q(place__valid_to__isnull=False) | Q(area__valid_to__isnull=False)
    ids = [str(pk) for pk in Incident.objects.filter(ended, ended_at=None).values_list(F("pk"), flat=True)[:5]]
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE)
        unlike = [row[0] for row in cursor.fetchall()]
    return [
        Finding(
            "incidents.scope",
            not ids,
            f"open incidents over a place or area that has ended: {', '.join(ids) or 0}",
            "End the incident, or open it anew over the place that took over.",
        ),
        Finding(
            "incidents.measures",
            not unlike,
            f"measures that are not as the orders about them say: {', '.join(unlike) or 0}",
            "Somebody wrote to the tables past the program. Compare with the change log, and lift or renew the measure.",
        ),
    ]
