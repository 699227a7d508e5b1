"""Numbers on public sheets."""

from __future__ import annotations

from lianfang.ground.accounts.access import Actor, require_account
from lianfang.ground.accounts.models import Account, DutyPhone
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, PlaceId


def show_number(account_id: AccountId, *, public: bool, by: Actor) -> None:
    """Let an account's number stand on sheets for the wall, or no more: on the holder's word, by them or by who answers for them."""
    if by.account_id != account_id:
        require_account(by, Ability.ACCOUNTS_EDIT, account_id)
    with acting(by.account_id):
        Account.objects.filter(pk=account_id).update(phone_public=public)


def set_duty_phone(place_id: PlaceId, phone: str, *, by: AccountId | None) -> None:
    """Name the number that is always answered for a place; an empty one takes it away. Raises what is wrong with a number."""
    normal = normal_phone(phone)
    with acting(by):
        DutyPhone.objects.update_or_create(place_id=place_id, defaults={"phone": normal, "set_at": clock.now()})
