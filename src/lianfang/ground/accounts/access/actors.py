"""Who acts: an account with its grants, or the local administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, cast
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.rules.roles import ABILITIES, Role
from lianfang.ground.accounts.types import AccountNotFound, AccountState, GrantHeld, OverArea, OverOrganisation, OverPlace, Scope, ScopeKind
from lianfang.kernel import clock
from lianfang.kernel.db import read
from lianfang.kernel.ids import AccountId, AreaId, GrantId, OrganisationId, PlaceId
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


# One statement for what every request of a phone asks first.
_ACTOR = """
select a.login, a.name, g.id, g.role, g.scope, g.place_id, g.area_id, g.organisation_id, g.organisation_lo, g.organisation_hi, g.valid_from, g.valid_to,
       g.revoked_at, g.reason
from accounts_account a left join accounts_grant g on g.account_id = a.id and g.revoked_at is null
where a.id = %s and a.state = %s
order by g.given_at, g.id
"""


class _GrantRow(NamedTuple):
    """A grant as `_ACTOR` reads it."""

    id: UUID
    role: str
    scope: str
    place_id: UUID | None
    area_id: UUID | None
    organisation_id: UUID | None
    organisation_lo: int | None
    organisation_hi: int | None
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, with all grants that are not revoked. Which of them hold is asked anew each time, by the day.

    The local administrator is whoever may start the program on the machine itself: no account, everywhere, all abilities but looking
    at full values of persons, which needs a name in the log.
    """

    account_id: AccountId | None
    login: str
    name: str
    grants: tuple[GrantHeld, ...] = ()
    local: bool = False

    def holding(self, ability: str, on: date | None = None) -> list[GrantHeld]:
        """The grants in force that carry an ability."""
        day = on or clock.today()
        return [grant for grant in self.grants if grant.holds(day) and ability in ABILITIES[Role(grant.role)]]


def local_administrator() -> Actor:
    """The actor of commands typed at the machine without `--as`."""
    return Actor(None, "", "", local=True)


def actor_of(account: Account | AbstractBaseUser | AnonymousUser) -> Actor:
    """The actor behind an account that has signed in; one that is closed, or nobody, has no grants."""
    if not isinstance(account, Account):
        return Actor(None, "", "")
    held = held_by([AccountId(account.pk)])[AccountId(account.pk)] if account.is_open else ()
    return Actor(AccountId(account.pk), account.login, account.name, tuple(held))


def actor_of_id(account_id: AccountId) -> Actor:
    """The actor behind an account's id. Raises AccountNotFound, for closed accounts too."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, [account_id, AccountState.ACTIVE.value])
        rows = cursor.fetchall()
    if not rows:
        raise AccountNotFound
    login, name = rows[0][:2]
    return Actor(account_id, login, name, tuple(as_held(_GrantRow(*row[2:])) for row in rows if row[2] is not None))


def actor_of_login(login: str) -> Actor:
    """The actor behind a login. Raises AccountNotFound, for closed accounts too."""
    account = Account.objects.filter(login=login.strip().lower(), state=AccountState.ACTIVE).first()
    if account is None:
        raise AccountNotFound
    return actor_of(account)


def renewed(actor: Actor) -> Actor:
    """The same actor with the grants of this moment: one revoked, or an account closed, since the request began is gone."""
    if actor.account_id is None:
        return actor
    open_still = Account.objects.filter(pk=actor.account_id, state=AccountState.ACTIVE).exists()
    return replace(actor, grants=tuple(held_by([actor.account_id])[actor.account_id]) if open_still else ())


def held_by(account_ids: Iterable[AccountId], *, revoked: bool = False) -> dict[AccountId, list[GrantHeld]]:
    """All grants of some accounts, past and future ones too; revoked ones only when asked for."""
    held: dict[AccountId, list[GrantHeld]] = {account_id: [] for account_id in account_ids}
    for row in read(Grant, f"account_id = any(%s) {'' if revoked else 'and revoked_at is null '}order by given_at, id", [list(held)]):
        held[AccountId(row.account_id)].append(as_held(row))
    return held


def as_held(row: Grant | _GrantRow) -> GrantHeld:
    """A grant as access reads it."""
    return GrantHeld(GrantId(row.id), row.role, _scope_of(row), row.valid_from, row.valid_to, row.revoked_at, row.reason)


def _scope_of(row: Grant | _GrantRow) -> Scope:
    if row.scope == ScopeKind.PLACE and row.place_id is not None:
        return OverPlace(PlaceId(row.place_id))
    if row.scope == ScopeKind.AREA and row.area_id is not None:
        return OverArea(AreaId(row.area_id))
    # The constraint grant_covers_one_thing leaves no third case.
    return OverOrganisation(OrganisationId(cast("UUID", row.organisation_id)), Range(row.organisation_lo or 0, row.organisation_hi or 0))
