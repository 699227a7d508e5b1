"""What may cross the border of mobilisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianfang.kernel.errors import Conflict
from lianfang.kernel.ids import AccountId, PlaceId, RecordId


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of duty (一次在岗): who, where, from when to when; no end while it lasts."""

    record_id: RecordId
    account_id: AccountId
    place_id: PlaceId
    position: int
    began_at: datetime
    ended_at: datetime | None


class NotOnDuty(Conflict):
    """This person is not on duty there."""
