"""What may cross the border of this context about phones in the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianfang.ground.accounts.types import Cut
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, DeviceId


@dataclass(frozen=True, slots=True)
class SendingDevice:
    """A device that sends records with its token: whose it is, and when it was last heard from."""

    device_id: DeviceId
    account_id: AccountId
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealingDevice:
    """A device as its parcels need it: whose it is, how they are proved, and whether it was cut off."""

    device_id: DeviceId
    account_id: AccountId
    public_key: bytes
    cut: Cut | None
    is_cut_off: bool
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A phone that has joined. The token is shown once."""

    device_id: DeviceId
    account_id: AccountId
    token: str


@dataclass(frozen=True, slots=True)
class HandoverCode:
    """Six digits that carry a login to another browser, shown once."""

    code: str
    expires_at: datetime


class TooManyTries(Refused):
    """Too many wrong codes have been typed. Try again in {minutes} minutes, or ask for a link."""
