"""What may cross the border of rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.ledger.kinds.doorsteps import Outcome


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """How a door stands: the last visit by effective time, and how often it was tried since it was last settled."""

    place_id: PlaceId
    position: int
    outcome: Outcome
    settled: bool
    since: datetime
    record_id: RecordId
    tries: int
    people_seen: int
    visits: int


@dataclass(frozen=True, slots=True)
class DoorCount:
    """Doors (户) under a place by how they stand. `visited` counts those with any visit at all."""

    visited: int
    settled: int
    by_outcome: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class VisitsOn:
    """Visits (户次) of one day or hour by outcome."""

    begins: datetime
    visits: int
    by_outcome: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day: visits (户次, events), and doors (户, distinct) whose present settling outcome dates from it."""

    day: date
    visits: int
    settled: int
