"""Devices and the links of doors, by what they show."""

from __future__ import annotations

from lianfang.ground.accounts.models import Device, DoorLink
from lianfang.ground.accounts.rules.codes import token_hash
from lianfang.ground.accounts.types import AccountState, DeviceSeen
from lianfang.kernel.ids import AccountId, DeviceId, PlaceId


def devices_of(account_id: AccountId) -> list[DeviceSeen]:
    """The devices of an account, the newest first."""
    return [_seen(row) for row in Device.objects.filter(account_id=account_id).order_by("-created_at", "-id")]


def device_of_token(token: str) -> DeviceSeen | None:
    """The device that shows a token; None for an unknown one, one cut off, or one whose account is closed."""
    row = Device.objects.filter(token_hash=token_hash(token), cut_off_at=None, account__state=AccountState.ACTIVE).first()
    return _seen(row) if row else None


def door_of_link(token: str) -> PlaceId | None:
    """The door behind the link of a QR code; None for one that was replaced or never made."""
    found = DoorLink.objects.filter(token_index=token_hash(token.strip().lower())).values_list("door_id", flat=True).first()
    return PlaceId(found) if found else None


def _seen(row: Device) -> DeviceSeen:
    return DeviceSeen(DeviceId(row.id), AccountId(row.account_id), row.name, row.created_at, row.last_seen_at, row.cut_off_at, row.stolen)
