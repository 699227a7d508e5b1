"""An office goes to somebody else for a time (代行), and comes back: the same role over the same, until the same day."""

from __future__ import annotations

from contextlib import suppress

from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.access.actors import as_held
from lianfang.ground.accounts.commands.grants import NewGrant, give, revoke
from lianfang.ground.accounts.models import Grant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import AccountClosed, AlreadyHeld, AlreadyRevoked, GrantNotFound, ScopeEnded
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, GrantId, IncidentId


def hand_office(grant_id: GrantId, to: AccountId, *, by: Actor, reason: str) -> GrantId | None:
    """End a grant now and give another account the same; None where that holds it anyway.

    Raises what revoking and giving raise; then nothing is done.
    """
    with acting(by.account_id, reason):
        revoke(grant_id, by=by, reason=reason)
        return _given(_row(grant_id), to, by=by, reason=reason)


def give_office_back(before: GrantId, now: GrantId | None, *, by: Actor, reason: str) -> GrantId | None:
    """End what was given in the place of a grant, and give that grant's holder the same again.

    None where there is nobody to give it to any more (the account is closed, the place is no more), it would have ended meanwhile, or they have it again already.
    """
    with acting(by.account_id, reason):
        if now is not None:
            with suppress(AlreadyRevoked):  # somebody ended it before, by hand
                revoke(now, by=by, reason=reason)
        row = _row(before)
        if row.valid_to is not None and row.valid_to <= clock.today():
            return None
        try:
            return _given(row, AccountId(row.account_id), by=by, reason=reason)
        except (AccountClosed, ScopeEnded):
            return None


def _row(grant_id: GrantId) -> Grant:
    row = Grant.objects.filter(pk=grant_id).first()
    if row is None:
        raise GrantNotFound
    return row


def _given(row: Grant, to: AccountId, *, by: Actor, reason: str) -> GrantId | None:
    incident = None if row.incident is None else IncidentId(row.incident)
    try:
        return give(to, NewGrant(Role(row.role), as_held(row).scope, None, row.valid_to, reason, incident), by=by)
    except AlreadyHeld:
        return None
