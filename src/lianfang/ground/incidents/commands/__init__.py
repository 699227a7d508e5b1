"""Verbs of incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianfang.ground.incidents.models import Incident
from lianfang.ground.incidents.types import IncidentEnded, IncidentKind, IncidentNotFound, MomentWrong, NameMissing, OneScopeOnly
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, PlaceId, new_id

__all__ = ["NewIncident", "end_incident", "open_incident"]


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident to be opened: over a place, an area, or everything when neither is named."""

    name: str
    kind: IncidentKind
    place: PlaceId | None = None
    area: AreaId | None = None
    drill: bool = False
    opened_at: datetime | None = None


def open_incident(new: NewIncident, *, by: AccountId | None, reason: str = "") -> IncidentId:
    """Put an incident on the list, open since a moment (now)."""
    if not new.name.strip():
        raise NameMissing
    if new.place is not None and new.area is not None:
        raise OneScopeOnly
    opened_at = new.opened_at or clock.now()
    if opened_at > clock.now():
        raise MomentWrong
    row = Incident(
        id=new_id(), name=new.name.strip(), kind=new.kind, opened_at=opened_at, place_id=new.place, area_id=new.area, drill=new.drill
    )
    with acting(by, reason):
        row.save(force_insert=True)
    return IncidentId(row.id)


def end_incident(incident_id: IncidentId, *, by: AccountId | None, at: datetime | None = None, reason: str = "") -> None:
    """Declare an incident over at a moment (now). Nothing is erased by this alone."""
    with acting(by, reason):
        row = Incident.objects.select_for_update().filter(pk=incident_id).first()
        if row is None:
            raise IncidentNotFound
        if row.ended_at is not None:
            raise IncidentEnded
        moment = at or clock.now()
        if not row.opened_at <= moment <= clock.now():
            raise MomentWrong
        row.ended_at = moment
        row.save(update_fields=["ended_at"])
