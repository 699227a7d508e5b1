"""What may cross the border of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lianfang.kernel.errors import Conflict, Invalid, NotFound
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, OrderId, PlaceId
from lianfang.kernel.ranges import Range


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be issued from a place down to a level, over all of it or over one area of it."""

    title: str
    text: str
    document: str
    place: PlaceId
    down_to: str
    acknowledge_by: datetime
    due_at: datetime
    area: AreaId | None = None
    incident: IncidentId | None = None


class Standing(StrEnum):
    """Where one place stands with one order."""

    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    HINDERED = "hindered"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """One order. `levels` are those that answer, from the highest down."""

    id: OrderId
    title: str
    text: str
    document: str
    place_id: PlaceId
    area_id: AreaId | None
    incident: IncidentId | None
    drill: bool
    levels: tuple[str, ...]
    issued_at: datetime
    issued_by: AccountId | None
    acknowledge_by: datetime
    due_at: datetime
    closed_at: datetime | None = None
    closed_because: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A place that answers an order, and what it has answered. A completion counts as acknowledged at the latest then."""

    place_id: PlaceId
    name: str
    level: str
    range: Range
    acknowledged_at: datetime | None
    acknowledged_by: AccountId | None
    completed_at: datetime | None
    completed_by: AccountId | None
    hindered_at: datetime | None

    @property
    def standing(self) -> Standing:
        """What it has answered so far; a hindrance that was followed by completion is over."""
        if self.completed_at is not None:
            return Standing.COMPLETED
        if self.hindered_at is not None:
            return Standing.HINDERED
        return Standing.ACKNOWLEDGED if self.acknowledged_at is not None else Standing.UNANSWERED


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers counted: places that answer, have acknowledged, have completed, and are late with the one or the other at a moment."""

    places: int = 0
    acknowledged: int = 0
    completed: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A recipient directly below a place, and all recipients inside it without itself."""

    recipient: Recipient
    late: bool
    below: Tally


class OrderNotFound(NotFound):
    """This order does not exist, or lies outside what you answer for."""


class NotARecipient(NotFound):
    """This place does not answer this order."""


class AlreadyAnswered(Conflict):
    """This place has already answered so."""


class OrderClosed(Conflict):
    """This order is closed: nobody has to answer it any more."""


class ReasonMissing(Invalid):
    """Write the reason."""


class TitleMissing(Invalid):
    """Write what is ordered: a title and the text."""


class TimesWrong(Invalid):
    """The times lie in the past, or completion is due before acknowledgement."""


class NobodyBelow(Invalid):
    """No place below answers at this level."""
