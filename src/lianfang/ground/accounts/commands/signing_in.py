"""Signing in: login or telephone number, password, second factor; and what wrong tries cost."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password as is_password
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from lianfang.ground.accounts.commands.second_factor import passes
from lianfang.ground.accounts.models import Account
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.queries.signing_in import owed
from lianfang.ground.accounts.rules.passwords import TRIES, check_password, lock_time, normal_password
from lianfang.ground.accounts.types import AccountLocked, AccountState, CodeNeeded, SignedIn, SignInRefused
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.people.types import PhoneUnreadable
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId
from lianfang.kernel.sealing import keyring


def sign_in(login: str, password: str, code: str = "") -> SignedIn:
    """Check who somebody is. `login` may be the telephone number on file.

    Raises SignInRefused without telling what was wrong, AccountLocked, and CodeNeeded when the password is right and a second
    factor is set. Every try is counted before it is checked, and stays counted whatever becomes of the request: do not
    call this inside a transaction (it refuses).
    """
    with transaction.atomic(durable=True):
        account = _account(login)
    if account is None:
        make_password(password)  # an unknown login takes as long as a known one
        raise SignInRefused
    account = _count_try(account)
    if not _password_fits(account, password):
        _count_wrong(account)
        raise SignInRefused
    if account.totp_confirmed:
        if not code.strip():
            _uncount(account)
            raise CodeNeeded
        if not passes(AccountId(account.pk), code):
            _count_wrong(account)
            raise SignInRefused
    _clear(account)
    return SignedIn(AccountId(account.pk), owed(account))


def _account(login: str) -> Account | None:
    active = Account.objects.filter(state=AccountState.ACTIVE)
    found = active.filter(login=login.strip().lower()).first()
    if found is not None:
        return found
    try:
        phone = normal_phone(login)
    except PhoneUnreadable:
        return None
    return active.filter(phone_index=keyring().blind(phone, PURPOSES["phone_sealed"])).first() if phone else None


def _count_try(account: Account) -> Account:
    """Count a try before it is checked, so that many at once are not more than one after another; raises AccountLocked."""
    now = clock.now()
    unlocked = Q(locked_until__isnull=True) | Q(locked_until__lte=now)
    counted = Account.objects.filter(unlocked, pk=account.pk, failed__lt=TRIES).update(failed=F("failed") + 1)
    if not counted:
        # Either locked, or all tries are under way at this moment (or were, when the program stopped).
        Account.objects.filter(unlocked, pk=account.pk, failed__gte=TRIES).update(
            failed=0, locks=F("locks") + 1, locked_until=now + lock_time(account.locks)
        )
    account = Account.objects.get(pk=account.pk)
    if not counted:
        raise AccountLocked(until=clock.local(account.locked_until or now).strftime("%H:%M"))
    return account


def _password_fits(account: Account, password: str) -> bool:
    def renew(raw: str) -> None:
        Account.objects.filter(pk=account.pk, password=account.password).update(password=make_password(raw))

    return is_password(normal_password(password), account.password, setter=renew)


def _count_wrong(account: Account) -> None:
    """After the last try allowed the account is locked, longer each time in a row."""
    with transaction.atomic():
        spent = Account.objects.select_for_update().get(pk=account.pk)
        if spent.failed >= TRIES:
            spent.locked_until = clock.now() + lock_time(spent.locks)
            spent.locks += 1
            spent.failed = 0
            spent.save(update_fields=["locked_until", "locks", "failed"])


def _uncount(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(failed=Greatest(F("failed") - 1, 0))


def _clear(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(failed=0, locks=0, locked_until=None, last_login=clock.now())


def change_password(account_id: AccountId, present: str, chosen: str) -> bool:
    """Choose another password, knowing the present one; all sessions of the account end.

    False where the present one is wrong: not raised, so that the transaction around it commits and the try stays
    counted. Raises AccountLocked, and what is wrong with the chosen one.
    """
    account = Account.objects.get(pk=account_id)
    check_password(chosen, login=account.login, name_key=account.name_key)
    account = _count_try(account)
    if not _password_fits(account, present):
        _count_wrong(account)
        return False
    _clear(account)
    set_password(account_id, chosen)
    return True


def set_password(account_id: AccountId, chosen: str) -> None:
    """Give an account a password that it will do with. For a first administrator and the commands above; asks nobody."""
    account = Account.objects.get(pk=account_id)
    check_password(chosen, login=account.login, name_key=account.name_key)
    with acting(account_id):
        Account.objects.filter(pk=account_id).update(
            password=make_password(normal_password(chosen)), must_set_password=False, session_epoch=F("session_epoch") + 1
        )
