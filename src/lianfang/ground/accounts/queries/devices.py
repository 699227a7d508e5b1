"""Devices and the links of doors, by what they show."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from lianfang.ground.accounts.field_types import SealingDevice, SendingDevice
from lianfang.ground.accounts.models import Device, DoorLink
from lianfang.ground.accounts.rules.codes import token_hash
from lianfang.ground.accounts.types import AccountState, DeviceSeen
from lianfang.kernel.db import columns_cursor, read
from lianfang.kernel.ids import AccountId, DeviceId, PlaceId

_SENDERS = """
select d.token_hash, d.id, d.account_id, d.last_seen_at
from accounts_device d join accounts_account a on a.id = d.account_id and a.state = 'active'
where d.token_hash = any(%b::bytea[]) and d.cut_off_at is null and d.moved_at is null and d.wiped_at is null
"""


def devices_of(account_id: AccountId) -> list[DeviceSeen]:
    """The devices of an account, the newest first."""
    return [_seen(row) for row in Device.objects.filter(account_id=account_id).order_by("-created_at", "-id")]


def device_of_token(token: str) -> DeviceSeen | None:
    """The device that shows a token; None for an unknown one, one cut off or over, or one whose account is closed."""
    alive = Device.objects.filter(cut_off_at=None, moved_at=None, wiped_at=None, account__state=AccountState.ACTIVE)
    row = alive.filter(token_hash=token_hash(token)).first()
    return _seen(row) if row else None


def senders_of_tokens(tokens: Collection[str]) -> dict[str, SendingDevice]:
    """The devices that show these tokens, in one read; left out are those that `device_of_token` does not know."""
    by_hash = {token_hash(token): token for token in tokens}
    with columns_cursor() as cursor:
        cursor.execute(_SENDERS, [list(by_hash)])
        return {by_hash[bytes(row[0])]: SendingDevice(DeviceId(row[1]), AccountId(row[2]), row[3]) for row in cursor.fetchall()}


def phone_of_token(token: str) -> DeviceSeen | None:
    """The phone in the field that shows a token, also one that was cut off and must be told; None for one that was wiped."""
    rows = read(Device, "token_hash = %s and public_key is not null and wiped_at is null", [token_hash(token)])
    return _seen(rows[0]) if rows else None


def sealing_devices(device_ids: Collection[UUID]) -> dict[UUID, SealingDevice]:
    """The devices that can seal, of these ids: those cut off too, whose records wait for a decision."""
    rows = Device.objects.filter(pk__in=set(device_ids), public_key__isnull=False)
    return {
        row.pk: SealingDevice(
            DeviceId(row.pk),
            AccountId(row.account_id),
            bytes(row.public_key or b""),
            _seen(row).cut,
            bool(row.cut_off_at),
            row.last_seen_at,
        )
        for row in rows
    }


def door_of_link(token: str) -> PlaceId | None:
    """The door behind the link of a QR code; None for one that was replaced or never made."""
    found = DoorLink.objects.filter(token_index=token_hash(token.strip().lower())).values_list("door_id", flat=True).first()
    return PlaceId(found) if found else None


def _seen(row: Device) -> DeviceSeen:
    return DeviceSeen(
        DeviceId(row.id), AccountId(row.account_id), row.name, row.created_at, row.last_seen_at, row.cut_off_at, row.stolen,
        in_the_field=row.public_key is not None, moved_at=row.moved_at, wiped_at=row.wiped_at,
    )  # fmt: skip
