"""Giving and revoking grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lianfang.ground.accounts.access import Actor, ranges, renewed, require_account, scope_ranges
from lianfang.ground.accounts.access.actors import as_held
from lianfang.ground.accounts.access.giving import Giving, covers_grant, in_sight
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import (
    AccountClosed,
    AccountNotFound,
    AlreadyHeld,
    AlreadyRevoked,
    GrantNotFound,
    NotToYourself,
    OutranksYou,
    OverArea,
    OverOrganisation,
    OverPlace,
    PeriodWrong,
    Scope,
    ScopeKind,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, GrantId, IncidentId, new_id
from lianfang.kernel.ranges import Range


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role over a scope from a day (today) until before another (open). One that came with an incident ends when that is stood down."""

    role: Role
    scope: Scope
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""
    incident: IncidentId | None = None


def give(account_id: AccountId, grant: NewGrant, *, by: Actor) -> GrantId:
    """Give an account a role.

    Only inside what the giver may give over, at or below their own role, not beyond the end of their own grant, not into
    the past, and never to themselves. Raises NotFound for a place out of sight, AccountNotFound, AccountClosed, NotForYou,
    LongerThanYours, NotToYourself, PeriodWrong, ScopeEnded, AlreadyHeld.
    """
    with acting(by.account_id, grant.reason):
        return give_within(account_id, grant, by=by)


def give_within(account_id: AccountId, grant: NewGrant, *, by: Actor) -> GrantId:
    """The same as part of another command's transaction."""
    locked = _lock_accounts(account_id, by)
    account = locked.get(account_id)
    if account is None:
        raise AccountNotFound
    if not account.is_open:
        raise AccountClosed
    if account_id == by.account_id:
        raise NotToYourself
    begins = period_begins(grant, by)
    # Read after the locks: whoever revokes the giver's grant has done so before, or waits until this is done.
    giver = renewed(by)
    Giving(giver).check(grant.role, grant.scope, _pieces_in_sight(grant.scope, giver), grant.valid_to)
    if _held_already(account_id, grant, begins):
        raise AlreadyHeld
    row = as_row(account_id, grant, begins, by)
    row.save(force_insert=True)
    return GrantId(row.id)


def _lock_accounts(account_id: AccountId, by: Actor) -> dict[AccountId, Account]:
    """Lock holder and giver, in one order."""
    wanted = sorted({account_id, *([by.account_id] if by.account_id else [])})
    return {AccountId(row.pk): row for row in Account.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}


def period_begins(grant: NewGrant, by: Actor) -> date:
    """The first day of a new grant. Only the local administrator enters one that has begun: setting up takes days."""
    today = clock.today()
    begins = grant.valid_from or today
    if (begins < today and not by.local) or (grant.valid_to is not None and grant.valid_to <= max(begins, today)):
        raise PeriodWrong
    return begins


def _pieces_in_sight(scope: Scope, giver: Actor) -> list[Range]:
    """The ranges of a scope; raises NotFound where the giver may not see all of it, ScopeEnded where it is no more."""
    if isinstance(scope, OverOrganisation):
        return []
    pieces = scope_ranges(scope, reading=False)
    in_sight(pieces, ranges(giver, Ability.PLACES_SEE))
    return pieces


def as_row(account_id: AccountId, grant: NewGrant, begins: date, by: Actor) -> Grant:
    """The row of a new grant."""
    scope = grant.scope
    row = Grant(
        id=new_id(), account_id=account_id, role=grant.role, valid_from=begins, valid_to=grant.valid_to,
        given_at=clock.now(), given_by_id=by.account_id, reason=grant.reason.strip(), incident=grant.incident,
    )  # fmt: skip
    if isinstance(scope, OverPlace):
        row.scope, row.place_id = ScopeKind.PLACE, scope.place_id
    elif isinstance(scope, OverArea):
        row.scope, row.area_id = ScopeKind.AREA, scope.area_id
    else:
        row.scope, row.organisation_id = ScopeKind.ORGANISATION, scope.organisation_id
        row.organisation_lo, row.organisation_hi = scope.range
    return row


def _held_already(account_id: AccountId, grant: NewGrant, begins: date) -> bool:
    """Whether the account holds the same role over the same in any part of the period."""
    same = Grant.objects.filter(_over(grant.scope), account_id=account_id, role=grant.role, revoked_at=None)
    before_its_end = same if grant.valid_to is None else same.filter(valid_from__lt=grant.valid_to)
    return before_its_end.filter(Q(valid_to=None) | Q(valid_to__gt=begins)).exists()


def _over(scope: Scope) -> Q:
    if isinstance(scope, OverPlace):
        return Q(place_id=scope.place_id)
    if isinstance(scope, OverArea):
        return Q(area_id=scope.area_id)
    return Q(organisation_id=scope.organisation_id)


def revoke(grant_id: GrantId, *, by: Actor, reason: str = "") -> None:
    """End a grant now. What was recorded under it stays valid; what is sent after this moment is not covered.

    Raises GrantNotFound, OutranksYou, NotToYourself, AlreadyRevoked.
    """
    with acting(by.account_id, reason):
        found = Grant.objects.filter(pk=grant_id).first()
        if found is None:
            raise GrantNotFound
        account_id = AccountId(found.account_id)
        _lock_accounts(account_id, by)
        row = Grant.objects.select_for_update().get(pk=grant_id)
        if account_id == by.account_id:
            raise NotToYourself
        if not covers_grant(renewed(by), Ability.GRANTS_GIVE, as_held(row)):
            _require_in_sight(by, account_id)
            raise OutranksYou
        if row.revoked_at is not None or (row.valid_to is not None and row.valid_to <= clock.today()):
            raise AlreadyRevoked
        row.revoked_at, row.revoked_by_id = clock.now(), by.account_id
        row.save(update_fields=["revoked_at", "revoked_by"])


def _require_in_sight(by: Actor, account_id: AccountId) -> None:
    """Raise GrantNotFound where the actor may not even see whose grant it is."""
    try:
        require_account(by, Ability.ACCOUNTS_SEE, account_id)
    except AccountNotFound:
        raise GrantNotFound from None
