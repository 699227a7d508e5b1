"""What every decision here asks first: who may, over which place, and on what ground."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents.models import Incident
from lianfang.ground.incidents.types import Ground, GroundMissing, IncidentEnded, IncidentNotFound, MomentWrong, OneScopeOnly, ScopeMissing
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import AreaId, IncidentId, PlaceId
from lianfang.kernel.ranges import Range, contains


def stated(ground: Ground) -> Ground:
    """A ground with authority and document. Raises GroundMissing."""
    told = Ground(ground.authority.strip(), ground.document.strip(), ground.reason.strip())
    if not told.authority or not told.document:
        raise GroundMissing
    return told


def pieces_of(place: PlaceId | None, area: AreaId | None) -> list[Range]:
    """The positions of the one place or area that is named. Raises OneScopeOnly, ScopeMissing."""
    if place is not None and area is not None:
        raise OneScopeOnly
    if place is not None:
        return places.ranges_of(places.place(place))
    if area is not None:
        return places.area_ranges(area)
    raise ScopeMissing


def require(by: Actor, place: UUID | None, area: UUID | None) -> None:
    """Whoever decides must hold the ability over all of the place or area; over everything only the local administrator."""
    if place is not None:
        access.require(by, Ability.INCIDENTS_OPEN, places.place(PlaceId(place)))
    elif area is not None:
        access.require(by, Ability.PLACES_SEE, places.area(AreaId(area)).home)
        held = access.ranges(access.renewed(by), Ability.INCIDENTS_OPEN, reading=False)
        if not all(contains(held, piece) for piece in places.area_ranges(AreaId(area))):
            raise Denied
    elif not by.local:
        raise Denied


def locked(incident_id: IncidentId) -> Incident:
    """The row of an incident that has not ended, locked. Raises IncidentNotFound, IncidentEnded."""
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise IncidentNotFound
    if row.ended_at is not None:
        raise IncidentEnded
    return row


def decided(at: datetime | None, not_before: datetime) -> datetime:
    """A moment of decision: now, or one in the past since then. Raises MomentWrong."""
    now = clock.now()
    moment = at or now
    if not not_before <= moment <= now:
        raise MomentWrong
    return moment
