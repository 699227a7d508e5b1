"""Devices: giving a phone its credential, and cutting it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q

from lianfang.ground.accounts.access import Actor, require_account
from lianfang.ground.accounts.models import Account, Device
from lianfang.ground.accounts.rules.codes import new_token, token_hash
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import AccountClosed, AccountNotFound, DeviceNotFound, DeviceToken
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, DeviceId, new_id

_SEEN_AT_MOST_EVERY = timedelta(minutes=5)


def add_device(account_id: AccountId, name: str, *, by: Actor) -> DeviceToken:
    """Let a phone or program send records for an account, one's own or one answered for. The token is shown once."""
    if by.account_id != account_id:
        require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise AccountNotFound
    if not account.is_open:
        raise AccountClosed
    token, device_id = new_token(), DeviceId(new_id())
    with acting(by.account_id):
        row = Device(
            id=device_id, account_id=account_id, name=name.strip()[:80] or "—", token_hash=token_hash(token), created_at=clock.now()
        )
        row.save(force_insert=True)
    return DeviceToken(device_id, token)


def cut_off(device_id: DeviceId, *, by: Actor, stolen: bool = False) -> None:
    """Refuse a device from now on. A stolen one ends the sessions of its account too. Doing it twice changes nothing more."""
    row = Device.objects.filter(pk=device_id).first()
    if row is None:
        raise DeviceNotFound
    account_id = AccountId(row.account_id)
    if by.account_id != account_id:
        try:
            require_account(by, Ability.ACCOUNTS_EDIT, account_id)
        except AccountNotFound:
            raise DeviceNotFound from None
    with acting(by.account_id):
        now = clock.now()
        Device.objects.filter(pk=device_id, cut_off_at=None).update(cut_off_at=now)
        if stolen:
            Device.objects.filter(pk=device_id).update(stolen=True)
            Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)


def many_seen(heard: Mapping[DeviceId, datetime | None]) -> None:
    """Note that devices were heard from, each with when that was known last: nothing is written for those just heard."""
    now = clock.now()
    long_ago = now - _SEEN_AT_MOST_EVERY
    due = sorted(device_id for device_id, last in heard.items() if last is None or last < long_ago)
    if due:
        stale = Q(last_seen_at=None) | Q(last_seen_at__lt=long_ago)
        Device.objects.filter(stale, pk__in=due).update(last_seen_at=now)
