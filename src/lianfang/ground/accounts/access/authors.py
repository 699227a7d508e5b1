"""What many authors may do, where and when: asked once for a whole batch of records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lianfang.ground.accounts.access.actors import held_by
from lianfang.ground.accounts.access.reach import scope_ranges
from lianfang.ground.accounts.models import Account
from lianfang.ground.accounts.rules.roles import ABILITIES, Role
from lianfang.ground.accounts.types import Authority, GrantHeld, Scope
from lianfang.kernel.clock import day_bounds
from lianfang.kernel.ids import AccountId
from lianfang.kernel.ranges import Range


def authors(account_ids: Iterable[AccountId]) -> dict[AccountId, list[Authority]]:
    """What each author may do in which range from when to when, past grants and revoked ones with their ends.

    Former positions are included: a record that comes late is stamped with the position its place had when it was
    made. A closed account keeps what it had until it was closed; an unknown one has an empty list.
    """
    wanted = list(dict.fromkeys(account_ids))
    closed = dict(Account.objects.filter(pk__in=wanted, closed_at__isnull=False).values_list("pk", "closed_at"))
    reach: dict[Scope, list[Range]] = {}
    found: dict[AccountId, list[Authority]] = {}
    for account_id, held in held_by(wanted, revoked=True).items():
        found[account_id] = []
        for grant in held:
            if grant.scope not in reach:
                reach[grant.scope] = scope_ranges(grant.scope, reading=True)
            begins, ends = day_bounds(grant.valid_from)[0], _end(grant, closed.get(account_id))
            allowed = ABILITIES[Role(grant.role)]
            found[account_id] += [Authority(piece, allowed, begins, ends) for piece in reach[grant.scope]]
    return found


def _end(grant: GrantHeld, closed_at: datetime | None) -> datetime | None:
    last_day = day_bounds(grant.valid_to)[0] if grant.valid_to else None
    return min(filter(None, (last_day, grant.revoked_at, closed_at)), default=None)
