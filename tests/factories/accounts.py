"""Accounts for tests, made by the commands the product has."""

from __future__ import annotations

from datetime import date

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, Scope
from lianfang.kernel.ids import AccountId
from tests.factories.people import phone_number

PASSWORD = "梅花三弄 for tests 1719"


def account_of(name: str, *, login: str = "", order: int = 0, password: bool = False, by: Actor | None = None) -> AccountId:
    """An account without grants; with `order` it has a telephone number, with `password` it can sign in with PASSWORD."""
    new = NewAccount(name, login, phone_number(order) if order else "")
    account_id = commands.add_account(new, by=by or access.local_administrator())
    if password:
        commands.set_password(account_id, PASSWORD)
    return account_id


def grant_to(account_id: AccountId, role: Role, scope: Scope, *, since: date | None = None, until: date | None = None) -> None:
    """A grant given by the local administrator."""
    commands.give(account_id, commands.NewGrant(role, scope, since, until), by=access.local_administrator())


def actor_with(role: Role, scope: Scope, *, name: str = "李示工", order: int = 0) -> Actor:
    """Somebody new who holds one role."""
    account_id = account_of(name, order=order)
    grant_to(account_id, role, scope)
    return access.actor_of_id(account_id)
