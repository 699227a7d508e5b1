"""Whether somebody may give a grant: inside their own scope, at or below their own role, no longer than their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lianfang.ground.accounts.access.actors import Actor
from lianfang.ground.accounts.access.reach import scope_ranges
from lianfang.ground.accounts.rules.roles import Ability, Role, may_give
from lianfang.ground.accounts.types import GrantHeld, LongerThanYours, NotForYou, OverOrganisation, Scope, ScopeEnded
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ranges import Range, contains, subtract


def able_to_give(actor: Actor, role: Role, ability: str = Ability.GRANTS_GIVE) -> list[GrantHeld]:
    """The actor's grants of today that carry the ability, in an office that may give the role."""
    return [own for own in actor.holding(ability) if may_give(Role(own.role), role)]


class Giving:
    """What one actor may give, asked any number of times: the reach of their own grants is read once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._reach: dict[Scope, list[Range]] = {}

    def check(self, role: Role, scope: Scope, pieces: Sequence[Range], until: date | None) -> None:
        """Raise NotForYou, or LongerThanYours when only the period is beyond the giver's own. `pieces` are the scope's ranges."""
        if self.actor.local:
            return
        able = able_to_give(self.actor, role)
        if not self.covered(able, scope, pieces):
            raise NotForYou
        lasting = [own for own in able if own.valid_to is None or (until is not None and until <= own.valid_to)]
        if not self.covered(lasting, scope, pieces):
            raise LongerThanYours(ends=min(own.valid_to for own in able if own.valid_to is not None and own not in lasting))

    def covered(self, grants: Sequence[GrantHeld], scope: Scope, pieces: Sequence[Range]) -> bool:
        """Whether grants together cover a scope, whose ranges are given."""
        if isinstance(scope, OverOrganisation):
            return contains([own.scope.range for own in grants if isinstance(own.scope, OverOrganisation)], scope.range)
        reach = [piece for own in grants for piece in self._reach_of(own.scope)]
        return bool(pieces) and not subtract(pieces, reach)

    def _reach_of(self, scope: Scope) -> list[Range]:
        if scope not in self._reach:
            self._reach[scope] = scope_ranges(scope, reading=False)
        return self._reach[scope]


def in_sight(pieces: Sequence[Range], sight: Sequence[Range]) -> None:
    """Raise NotFound where not all of a scope may be seen, ScopeEnded where it has no positions any more."""
    if subtract(pieces, sight):
        raise NotFound
    if not pieces:
        raise ScopeEnded


def covers_grant(actor: Actor, ability: str, grant: GrantHeld) -> bool:
    """Whether the actor answers for a whole grant of somebody: its scope, in an office that could give its role."""
    if actor.local:
        return True
    able = able_to_give(actor, Role(grant.role), ability)
    pieces = [] if isinstance(grant.scope, OverOrganisation) else scope_ranges(grant.scope, reading=False)
    return Giving(actor).covered(able, grant.scope, pieces)


def still_living(held: Sequence[GrantHeld]) -> list[GrantHeld]:
    """Grants that hold today or will."""
    today = clock.today()
    return [grant for grant in held if grant.revoked_at is None and (grant.valid_to is None or grant.valid_to > today)]
