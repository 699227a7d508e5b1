"""Whether the actor may: at a place, with a person, with an account; and the transaction in which they read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lianfang.ground.accounts.access.actors import Actor, held_by, renewed
from lianfang.ground.accounts.access.giving import covers_grant, still_living
from lianfang.ground.accounts.access.reach import all_ranges, organisation_ranges, ranges, remembering, scope_ranges
from lianfang.ground.accounts.models import Account
from lianfang.ground.accounts.rules.roles import READING, Ability
from lianfang.ground.accounts.types import AccountNotFound, GrantHeld, NotToYourself, OutranksYou, OverOrganisation
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PersonNotFound
from lianfang.kernel import db
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import AccountId, PersonId
from lianfang.kernel.ranges import Range, contains

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place


def may(actor: Actor, ability: str, place: Place) -> bool:
    """Whether the actor holds an ability over all of a place today."""
    return contains(ranges(actor, ability), Range(place.lo, place.hi))


def require(actor: Actor, ability: str, place: Place) -> None:
    """Refuse unless the actor may: NotFound where they may not even see the place, so that its existence is not told.

    For abilities that change something the grants are read anew, so that one revoked while the request ran no longer holds.
    """
    if not may(actor, Ability.PLACES_SEE, place):
        raise NotFound
    asking = actor if ability in READING else renewed(actor)
    if not may(asking, ability, place):
        raise Denied


@contextmanager
def scoped(actor: Actor) -> Iterator[None]:
    """One transaction in which row security sees what the actor may read, and changes are logged under their name."""
    with remembering(), db.scope(all_ranges(actor), actor.account_id):
        yield


def require_person(actor: Actor, ability: str, person_id: PersonId) -> None:
    """Refuse unless the person lives, or lived until lately, where the actor holds the ability.

    PersonNotFound where they may not see people at all.
    """
    positions = people.positions_of(person_id)
    if not _meets(ranges(actor, Ability.PEOPLE_SEE), positions):
        raise PersonNotFound
    asking = actor if ability in READING else renewed(actor)
    if not _meets(ranges(asking, ability), positions):
        raise Denied


def _meets(reach: Sequence[Range], positions: Sequence[int]) -> bool:
    return any(piece.has(position) for piece in reach for position in positions)


def require_account(actor: Actor, ability: str, account_id: AccountId) -> None:
    """Refuse unless the actor answers for an account.

    To see it, one of its grants must lie in the actor's reach. To change it, all grants that hold or will hold must lie
    inside, with roles the actor could give; of an account that holds none any more, those it had; one that never had any
    is changed by whoever made it. Nobody changes their own.
    """
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise AccountNotFound
    if actor.local:
        return
    ever = held_by([account_id], revoked=True)[account_id]
    held = still_living(ever) or ever
    made_it = actor.account_id is not None and account.created_by_id == actor.account_id
    if not (account_id == actor.account_id or made_it or _in_reach(actor, held)):
        raise AccountNotFound
    if ability in READING:
        return
    if account_id == actor.account_id:
        raise NotToYourself
    asking = renewed(actor)
    if not asking.holding(ability):
        raise Denied
    if not (held or made_it) or not all(covers_grant(asking, ability, grant) for grant in held):
        raise OutranksYou


def _in_reach(actor: Actor, held: Sequence[GrantHeld]) -> bool:
    """Whether any piece of any grant lies inside the actor's reach of seeing accounts."""
    reach, branches = ranges(actor, Ability.ACCOUNTS_SEE), organisation_ranges(actor, Ability.ACCOUNTS_SEE)
    for grant in held:
        if isinstance(grant.scope, OverOrganisation):
            if contains(branches, grant.scope.range):
                return True
        elif any(contains(reach, piece) for piece in scope_ranges(grant.scope, reading=False)):
            return True
    return False
