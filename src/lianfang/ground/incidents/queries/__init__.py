"""Reads of incidents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from lianfang.ground.incidents.models import Incident
from lianfang.ground.incidents.types import IncidentKind, IncidentNotFound, IncidentSeen
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, IncidentId, PlaceId
from lianfang.kernel.ranges import Range, merged

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

__all__ = ["incident", "incidents", "incidents_over", "open_incidents"]


def incident(incident_id: IncidentId) -> IncidentSeen:
    """One incident. Raises IncidentNotFound."""
    row = Incident.objects.filter(pk=incident_id).first()
    if row is None:
        raise IncidentNotFound
    return _seen(row)


def incidents(limit: int = 100) -> list[IncidentSeen]:
    """All incidents and drills, the latest first."""
    return [_seen(row) for row in Incident.objects.order_by("-opened_at", "-id")[:limit]]


def open_incidents(at: datetime | None = None) -> list[IncidentSeen]:
    """Incidents and drills open at a moment (now), the earliest first."""
    moment = at or clock.now()
    rows = Incident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=moment), opened_at__lte=moment)
    return [_seen(row) for row in rows.order_by("opened_at", "id")]


def incidents_over(place: Place, at: datetime | None = None) -> list[IncidentSeen]:
    """Open incidents that hold all of a place, so that what happens there may belong to them."""
    return [found for found in open_incidents(at) if _holds(found, Range(place.lo, place.hi))]


def _holds(found: IncidentSeen, inner: Range) -> bool:
    if found.place_id is not None:
        pieces = places.ranges_of(places.place(found.place_id))
    elif found.area_id is not None:
        pieces = places.area_ranges(found.area_id)
    else:
        return True
    return any(piece.holds(inner) for piece in merged(pieces))


def _seen(row: Incident) -> IncidentSeen:
    return IncidentSeen(
        incident_id=IncidentId(row.id),
        name=row.name,
        kind=IncidentKind(row.kind),
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        place_id=PlaceId(row.place_id) if row.place_id else None,
        area_id=AreaId(row.area_id) if row.area_id else None,
        drill=row.drill,
    )
