"""How a phone joins: by a link of the secretary's, or by a code from another browser of the same phone. No password is asked for."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from lianfang.ground.accounts.access import Actor, require_account
from lianfang.ground.accounts.commands.joining import check_digits, digits_fit, link_of, links_for
from lianfang.ground.accounts.field_types import HandoverCode, Joined, TooManyTries
from lianfang.ground.accounts.models import Account, Device, Handover, Joining, WrongCode
from lianfang.ground.accounts.rules.codes import new_handover_code, new_token, token_hash
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import (
    AccountClosed,
    DeviceNotFound,
    DigitsWrong,
    JoiningLink,
    JoiningPurpose,
    JoiningRefused,
    PhoneNeeded,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.delivering import public_key
from lianfang.kernel.ids import AccountId, DeviceId, new_id
from lianfang.kernel.sealing import keyring

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 3
CODE_PURPOSE = "accounts_handover.code"
# A guesser who never stops finds one of a hundred codes that wait, and then its digits, once in ten thousand days.
WRONG_CODES, WRONG_CODES_WITHIN = 300, timedelta(minutes=10)
_NAME_LENGTH = 80


def invite_phone(account_id: AccountId, *, by: Actor, lifetime: timedelta | None = None) -> JoiningLink:
    """A link with which one phone joins an account, once, for half an hour; earlier ones for phones die.

    The last four digits of the telephone number stand in for a password, so that an account without a number is refused.
    """
    require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id):
        row = Account.objects.select_for_update().get(pk=account_id)
        if not row.is_open:
            raise AccountClosed
        if not row.phone_sealed:
            raise PhoneNeeded
        now = clock.now()
        Joining.objects.filter(account_id=account_id, purpose=JoiningPurpose.FIELD, used_at=None, expires_at__gt=now).update(expires_at=now)
        return links_for([row], JoiningPurpose.FIELD, lifetime)[0]


def join_phone(token: str, digits: str, *, name: str, key: bytes) -> Joined:
    """Join with a phone by a link. Raises JoiningRefused, DigitsNeeded, DigitsWrong (after five the link is dead), KeyUnreadable."""
    public_key(key)
    row = link_of(token, JoiningPurpose.FIELD)
    if not row.account.phone_sealed:
        raise JoiningRefused
    check_digits(row, digits)
    with transaction.atomic():
        # Only the first of two at once finds the link unused.
        if not Joining.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now()):
            raise JoiningRefused
        return _add(AccountId(row.account_id), name, key)


def _add(account_id: AccountId, name: str, key: bytes) -> Joined:
    token, device_id = new_token(), DeviceId(new_id())
    with acting(account_id):
        row = Device(
            id=device_id, account_id=account_id, name=name.strip()[:_NAME_LENGTH] or "—", token_hash=token_hash(token),
            created_at=clock.now(), last_seen_at=clock.now(), public_key=key,
        )  # fmt: skip
        row.save(force_insert=True)
    return Joined(device_id, account_id, token)


def hand_over(device_id: DeviceId) -> HandoverCode:
    """A code with which another browser takes the login of this device over; an earlier code of the device dies."""
    now = clock.now()
    with transaction.atomic():
        if not Device.objects.select_for_update().filter(pk=device_id, cut_off_at=None, moved_at=None).exists():
            raise DeviceNotFound
        Handover.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
        Handover.objects.filter(device_id=device_id, used_at=None).delete()
        code = _free_code()
        made = Handover(id=new_id(), device_id=device_id, code_index=_index(code), created_at=now, expires_at=now + CODE_LIFETIME)
        made.save(force_insert=True)
    return HandoverCode(code, made.expires_at)


def _index(code: str) -> bytes:
    return keyring().blind(code.strip(), CODE_PURPOSE)


def _free_code() -> str:
    code = new_handover_code()
    while Handover.objects.filter(code_index=_index(code)).exists():
        code = new_handover_code()
    return code


def take_over(code: str, digits: str, *, name: str, key: bytes) -> Joined:
    """Join with another browser by a code; the device that gave it is over, and what it still delivers is taken as always.

    Raises JoiningRefused, DigitsNeeded, DigitsWrong (after three the code is dead), TooManyTries, KeyUnreadable.
    """
    public_key(key)
    row = _code(code)
    if not digits_fit(row.device.account, digits):
        with transaction.atomic(durable=True):
            Handover.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        raise DigitsWrong
    now = clock.now()
    with transaction.atomic():
        if not Handover.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
            raise JoiningRefused
        account_id = AccountId(row.device.account_id)
        with acting(account_id):
            Device.objects.filter(pk=row.device_id).update(moved_at=now)
        return _add(account_id, name, key)


def _code(code: str) -> Handover:
    now = clock.now()
    if WrongCode.objects.filter(at__gt=now - WRONG_CODES_WITHIN).count() >= WRONG_CODES:
        raise TooManyTries(minutes=int(WRONG_CODES_WITHIN.total_seconds() // 60))
    row = Handover.objects.select_related("device__account").filter(code_index=_index(code), used_at=None, expires_at__gt=now).first()
    if row is None:
        with transaction.atomic(durable=True):
            WrongCode.objects.filter(at__lt=now - timedelta(days=1)).delete()
            WrongCode.objects.create(at=now)
        raise JoiningRefused
    alive = row.device.account.is_open and row.device.cut_off_at is None and row.device.moved_at is None and row.tries < CODE_TRIES
    if not alive:
        raise JoiningRefused
    return row


def wiped(device_id: DeviceId) -> None:
    """A phone that was cut off, or whose login was carried over, says that nothing is left on it: its credential ends."""
    Device.objects.filter(pk=device_id, wiped_at=None).update(wiped_at=clock.now())
