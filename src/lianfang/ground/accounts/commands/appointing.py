"""Appointing: one step from a gap to somebody who answers, known already or new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.commands.accounts import add_account
from lianfang.ground.accounts.commands.grants import NewGrant, give
from lianfang.ground.accounts.commands.joining import invite
from lianfang.ground.accounts.models import Account
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import AccountState, JoiningLink, NewAccount, PhoneNeeded, PhoneOfAnother, Scope
from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId
from lianfang.kernel.sealing import keyring


@dataclass(frozen=True, slots=True)
class NewPost:
    """Somebody by name and telephone number, and what they shall answer for."""

    name: str
    phone: str
    role: Role
    scope: Scope
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Appointed:
    """Whom a post went to; with a joining link where the account is new, or with a refusal."""

    account_id: AccountId | None
    link: JoiningLink | None = None
    refused: Refused | None = None


def appoint(post: NewPost, *, by: Actor) -> Appointed:
    """Give a post to whoever has this telephone number, or make an account for them and a link to join with.

    Raises PhoneNeeded, PhoneOfAnother where the number is known under another name, and what making accounts and giving
    grants raise; then nothing is done.
    """
    name, phone = normal_name(post.name), normal_phone(post.phone)
    if not phone:
        raise PhoneNeeded
    grant = NewGrant(post.role, post.scope, post.valid_from, post.valid_to, post.reason)
    with acting(by.account_id, post.reason):
        known = Account.objects.filter(phone_index=keyring().blind(phone, PURPOSES["phone_sealed"]), state=AccountState.ACTIVE).first()
        if known is None:
            account_id = add_account(NewAccount(name, phone=phone), by=by, grants=[grant])
            return Appointed(account_id, invite(account_id, by=by))
        if known.name != name:
            raise PhoneOfAnother
        give(AccountId(known.pk), grant, by=by)
        return Appointed(AccountId(known.pk))


def appoint_each(posts: Sequence[NewPost], *, by: Actor) -> list[Appointed]:
    """Give several posts; one that is refused leaves the others as they are."""
    done = []
    for post in posts:
        try:
            with transaction.atomic():
                done.append(appoint(post, by=by))
        except Refused as refused:
            done.append(Appointed(None, refused=refused))
    return done
