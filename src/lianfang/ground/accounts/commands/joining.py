"""Joining links: how somebody gets into an account for the first time, and again after a reset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from lianfang.ground.accounts.access import Actor, require_account
from lianfang.ground.accounts.commands.accounts import void_links
from lianfang.ground.accounts.models import Account, Joining, RecoveryCode
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.rules.codes import new_token, same, token_hash
from lianfang.ground.accounts.rules.passwords import check_password, normal_password
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import (
    AccountClosed,
    AccountState,
    DigitsNeeded,
    DigitsWrong,
    JoiningLink,
    JoiningPurpose,
    JoiningRefused,
)
from lianfang.ground.people.rules.phones import last_four
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, new_id
from lianfang.kernel.sealing import keyring

LIFETIME = {JoiningPurpose.JOIN: timedelta(days=7), JoiningPurpose.RESET: timedelta(hours=24), JoiningPurpose.FIELD: timedelta(minutes=30)}
TRIES = 5


def invite(account_id: AccountId, *, by: Actor, lifetime: timedelta | None = None) -> JoiningLink:
    """A link for an account to choose its password with, once; earlier links of the account die.

    Hand it over on paper or by message. Whoever uses it must know the last four digits of the telephone number on file.
    """
    require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id):
        row = Account.objects.select_for_update().get(pk=account_id)
        if not row.is_open:
            raise AccountClosed
        void_links(account_id)
        return links_for([row], JoiningPurpose.JOIN, lifetime)[0]


def reset(account_id: AccountId, *, by: Actor, reason: str = "") -> JoiningLink:
    """Take password, second factor, lock and sessions from an account, and give a link to choose a new password.

    What a secretary does for somebody who forgot, or whose phone is in wrong hands (cut the device off as well).
    """
    require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id, reason):
        row = Account.objects.select_for_update().get(pk=account_id)
        if not row.is_open:
            raise AccountClosed
        row.password, row.must_set_password = make_password(None), True
        row.failed, row.locks, row.locked_until = 0, 0, None
        row.totp_sealed, row.totp_confirmed, row.totp_step = None, False, 0
        row.session_epoch += 1
        row.save()
        RecoveryCode.objects.filter(account_id=account_id, used_at=None).update(used_at=clock.now())
        void_links(account_id)
        return links_for([row], JoiningPurpose.RESET, None)[0]


def links_for(accounts: Iterable[Account], purpose: JoiningPurpose, lifetime: timedelta | None) -> list[JoiningLink]:
    """New links for accounts, in one statement; part of another command's transaction."""
    now = clock.now()
    expires = now + (lifetime or LIFETIME[purpose])
    rows, links = [], []
    for account in accounts:
        token = new_token()
        rows.append(
            Joining(id=new_id(), account_id=account.pk, purpose=purpose, token_hash=token_hash(token), created_at=now, expires_at=expires),
        )
        links.append(JoiningLink(AccountId(account.pk), account.login, token, expires, bool(account.phone_sealed)))
    Joining.objects.bulk_create(rows, batch_size=1000)
    return links


def join(token: str, digits: str, password: str) -> AccountId:
    """Choose a password by a link.

    Raises JoiningRefused, DigitsNeeded, DigitsWrong (after five the link is dead), and what is wrong with the password,
    which costs no try.
    """
    now = clock.now()
    row = link_of(token, JoiningPurpose.JOIN, JoiningPurpose.RESET)
    account = row.account
    check_digits(row, digits)
    check_password(password, login=account.login, name_key=account.name_key)
    encoded = make_password(normal_password(password))
    with transaction.atomic():
        # Only the first of two at once finds the link unused.
        if not Joining.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
            raise JoiningRefused
        with acting(AccountId(account.pk)):
            Account.objects.filter(pk=account.pk, state=AccountState.ACTIVE).update(
                password=encoded, must_set_password=False, failed=0, locks=0, locked_until=None, session_epoch=F("session_epoch") + 1
            )
    return AccountId(account.pk)


def link_of(token: str, *purposes: JoiningPurpose) -> Joining:
    """The link behind a token, if it is for this and still serves. Raises JoiningRefused."""
    waiting = Joining.objects.select_related("account").filter(purpose__in=purposes, used_at=None, expires_at__gt=clock.now())
    row = waiting.filter(token_hash=token_hash(token)).first()
    if row is None or not row.account.is_open or row.tries >= TRIES:
        raise JoiningRefused
    return row


def digits_fit(account: Account, digits: str) -> bool:
    """Whether these are the last four digits of an account's telephone number. Raises DigitsNeeded for none."""
    if not digits.strip():
        raise DigitsNeeded
    return same(last_four(keyring().open(bytes(account.phone_sealed or b""), PURPOSES["phone_sealed"])), digits.strip())


def check_digits(row: Joining, digits: str) -> None:
    """Refuse wrong digits and count them; an account without a number is asked for none."""
    if row.account.phone_sealed and not digits_fit(row.account, digits):
        # Kept whatever becomes of the request: links are opened by nobody yet, so there is no transaction around.
        with transaction.atomic(durable=True):
            Joining.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        raise DigitsWrong
