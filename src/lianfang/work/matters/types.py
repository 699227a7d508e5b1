"""What may cross the border of matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianfang.kernel.errors import Conflict, NotFound, Refused
from lianfang.kernel.ids import AccountId, MatterId, PlaceId, RecordId
from lianfang.ledger.kinds.errands import About, Settlement


@dataclass(frozen=True, slots=True)
class MatterSeen:
    """A matter in a list. `late` compares with the moment of asking."""

    id: MatterId
    place_id: PlaceId
    position: int
    about: About
    urgent: bool
    raised_at: datetime
    raised_by: AccountId | None
    owner: AccountId | None
    due_at: datetime
    cause: RecordId | None
    settled_at: datetime | None
    settled_by: AccountId | None
    settlement: Settlement | None
    late: bool


class MatterNotFound(NotFound):
    """This matter does not exist, or lies outside what you answer for."""


class AlreadySettled(Conflict):
    """This matter is already settled."""


class AskedOften(Refused):
    """This door has asked for help several times within the hour. It was heard: somebody calls. In danger call 120 or 110."""
