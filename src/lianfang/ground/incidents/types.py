"""What may cross the border of this context: kinds, results and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AreaId, IncidentId, PlaceId


class IncidentKind(StrEnum):
    """What happened. The four groups of the Emergency Response Law (2024, art. 3) and what communities meet most."""

    EPIDEMIC = "epidemic"  # 疫情
    FLOOD = "flood"  # 洪涝
    HEAT = "heat"  # 高温
    COLD = "cold"  # 寒潮、低温冰冻
    EARTHQUAKE = "earthquake"  # 地震
    FIRE = "fire"  # 火灾
    GAS = "gas"  # 燃气泄漏
    OUTAGE = "outage"  # 停水停电停暖
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IncidentSeen:
    """One incident: over a place, over an area, or over everything (both None)."""

    incident_id: IncidentId
    name: str
    kind: IncidentKind
    opened_at: datetime
    ended_at: datetime | None
    place_id: PlaceId | None
    area_id: AreaId | None
    drill: bool


class IncidentNotFound(NotFound):
    """This incident does not exist."""


class IncidentEnded(Conflict):
    """This incident has ended."""


class NameMissing(Invalid):
    """Write the name of the incident."""


class OneScopeOnly(Invalid):
    """An incident is over a place or over an area, not both."""


class MomentWrong(Invalid):
    """This moment lies ahead, or before the incident was opened."""
