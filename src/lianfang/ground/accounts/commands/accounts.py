"""Making, correcting and closing accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F

from lianfang.ground.accounts.access import Actor, require_account
from lianfang.ground.accounts.commands.grants import NewGrant, give_within
from lianfang.ground.accounts.models import Account, Device, Joining
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.rules.codes import login_stem, normal_login
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import AccountClosed, AccountState, LoginTaken, NewAccount, PhoneTaken
from lianfang.ground.people.rules.names import name_key, normal_name
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.kernel import clock
from lianfang.kernel.db import acting, lock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import AccountId, PersonId, new_id
from lianfang.kernel.sealing import keyring


def phone_columns(phone: str) -> dict[str, bytes | None]:
    """A telephone number in normal form, as the row keeps it."""
    ring, purpose = keyring(), PURPOSES["phone_sealed"]
    if not phone:
        return {"phone_sealed": None, "phone_index": None}
    return {"phone_sealed": ring.seal(phone, purpose), "phone_index": ring.blind(phone, purpose)}


def name_columns(name: str) -> dict[str, str]:
    """A name in normal form with its keys, as the row keeps it."""
    key = name_key(name)
    return {"name": name, "name_key": key.full, "name_initials": key.initials}


def free_logins(names: Iterable[str]) -> list[str]:
    """A free login for each name: its pinyin, with a number where that is taken. Hold the lock "logins" until they are used."""
    stems = [login_stem(name_key(name).full) for name in names]
    taken: set[str] = set()
    for stem in set(stems):
        taken |= set(Account.objects.filter(login__gte=stem, login__lt=stem + "\x7f").values_list("login", flat=True))
    chosen = []
    for stem in stems:
        number = 1
        while (login := stem if number == 1 else f"{stem}{number}") in taken:
            number += 1
        taken.add(login)
        chosen.append(login)
    return chosen


def add_account(new: NewAccount, *, by: Actor, grants: Iterable[NewGrant] = ()) -> AccountId:
    """Make an account, with grants or without. It has no password yet: `invite` makes the link to choose one.

    Raises Denied unless the actor edits accounts somewhere, LoginTaken, PhoneTaken, what is wrong with name, login or
    phone, and what `give` raises; then there is no account either.
    """
    if not by.local and not by.holding(Ability.ACCOUNTS_EDIT):
        raise Denied
    name, phone = normal_name(new.name), normal_phone(new.phone)
    account_id = new.id or AccountId(new_id())
    with acting(by.account_id):
        lock("logins")
        login = normal_login(new.login) if new.login else free_logins([name])[0]
        row = Account(
            id=account_id, login=login, person_id=new.person_id, password=make_password(None), must_set_password=True,
            created_at=clock.now(), created_by_id=by.account_id, **name_columns(name), **phone_columns(phone),
        )  # fmt: skip
        _save(row, login, new=True)
        for grant in grants:
            give_within(account_id, grant, by=by)
    return account_id


def _save(row: Account, login: str, *, new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=new)
    except IntegrityError as refused:
        if "account_phone_of_one_active" in str(refused):
            raise PhoneTaken from None
        if "login" in str(refused):
            raise LoginTaken(login=login) from None
        raise


def correct_account(
    account_id: AccountId, *, by: Actor, name: str | None = None, phone: str | None = None, person_id: PersonId | None = None
) -> None:
    """Correct an account's name or telephone number, or say which person it is. Raises as adding does, and when out of reach."""
    require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id):
        row = _open_account(account_id)
        columns: dict[str, object] = {}
        if name is not None:
            columns |= name_columns(normal_name(name))
        if phone is not None:
            columns |= phone_columns(normal_phone(phone))
        if person_id is not None:
            columns |= {"person_id": person_id}
        for column, value in columns.items():
            setattr(row, column, value)
        _save(row, row.login, new=False)


def close_account(account_id: AccountId, *, by: Actor, reason: str = "") -> None:
    """Close an account: its sessions end, its devices are cut off, its links die. Its grants stay on record and hold no more."""
    require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id, reason):
        row = _open_account(account_id)
        row.state, row.closed_at = AccountState.CLOSED, clock.now()
        row.session_epoch += 1
        row.save(update_fields=["state", "closed_at", "session_epoch"])
        Device.objects.filter(account_id=account_id, cut_off_at=None).update(cut_off_at=clock.now())
        void_links(account_id)


def end_sessions(account_id: AccountId, *, by: Actor) -> None:
    """End all sessions of an account, one's own or one answered for; devices and password stay."""
    if by.account_id != account_id:
        require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id):
        Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)


def void_links(account_id: AccountId) -> None:
    """Make all unused joining links of an account worthless; part of another command's transaction."""
    Joining.objects.filter(account_id=account_id, used_at=None, expires_at__gt=clock.now()).update(expires_at=clock.now())


def _open_account(account_id: AccountId) -> Account:
    row = Account.objects.select_for_update().get(pk=account_id)
    if not row.is_open:
        raise AccountClosed
    return row
