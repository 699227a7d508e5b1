"""Grants: of an account, and what they say about somebody's post."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.access.actors import as_held
from lianfang.ground.accounts.access.reach import place_of
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.accounts.types import GrantHeld, GrantNotFound, GrantSeen, OverArea, OverPlace, Post, Scope, ScopeKind
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, GrantId, IncidentId, OrganisationId, PlaceId


def grants_of(account_id: AccountId, *, ended: bool = False) -> list[GrantSeen]:
    """The grants of an account, newest first: those that hold or will, and on demand those that ended."""
    rows = Grant.objects.filter(account_id=account_id).select_related("place", "area").order_by("-given_at", "-id")
    today = clock.today()
    living = [row for row in rows if ended or (row.revoked_at is None and (row.valid_to is None or row.valid_to > today))]
    return [_seen(row) for row in living]


def grants_of_many(account_ids: Iterable[AccountId]) -> dict[AccountId, list[GrantSeen]]:
    """The grants of several accounts that hold or will, newest first, in one query."""
    found: dict[AccountId, list[GrantSeen]] = {account_id: [] for account_id in account_ids}
    living = Q(valid_to=None) | Q(valid_to__gt=clock.today())
    rows = Grant.objects.filter(living, account_id__in=list(found), revoked_at=None).select_related("place", "area")
    for row in rows.order_by("-given_at", "-id"):
        found[AccountId(row.account_id)].append(_seen(row))
    return found


def grant(grant_id: GrantId) -> GrantSeen:
    """One grant. Raises GrantNotFound."""
    row = Grant.objects.select_related("place", "area").filter(pk=grant_id).first()
    if row is None:
        raise GrantNotFound
    return _seen(row)


def scope_of_grant(grant_id: GrantId) -> Scope:
    """What a grant covers or covered. Raises GrantNotFound."""
    row = Grant.objects.filter(pk=grant_id).first()
    if row is None:
        raise GrantNotFound
    return as_held(row).scope


def grants_of_incident(incident: IncidentId) -> list[GrantSeen]:
    """The grants that came with an incident and hold or will, the earliest given first."""
    living = Q(valid_to=None) | Q(valid_to__gt=clock.today())
    rows = Grant.objects.filter(living, incident=incident, revoked_at=None).select_related("place", "area")
    return [_seen(row) for row in rows.order_by("given_at", "id")]


def main_post(actor: Actor) -> Post | None:
    """The highest office the actor holds today, with the name of what it covers; None for nobody and the local administrator."""
    today = clock.today()
    held = [grant for grant in actor.grants if grant.holds(today)]
    if not held:
        return None
    highest = min(held, key=_rank)
    return Post(highest.role, *_where(highest))


def whom_to_ask(actor: Actor) -> str | None:
    """The name of whoever gave the actor their highest office; None where that was the local administrator or is unknown."""
    held = [grant for grant in actor.grants if grant.holds(clock.today())]
    if not held:
        return None
    giver = Grant.objects.filter(pk=min(held, key=_rank).grant_id).values_list("given_by", flat=True).first()
    return Account.objects.filter(pk=giver).values_list("name", flat=True).first() if giver else None


def _rank(held: GrantHeld) -> int:
    role = Role(held.role)
    return CHAIN.index(role) if role in CHAIN else len(CHAIN)


def _where(held: GrantHeld) -> tuple[str, PlaceId | None]:
    """What a post covers in words, and the place it begins at: its own, or the one its area is administered at."""
    if isinstance(held.scope, OverPlace):
        return place_of(held.scope).name, held.scope.place_id
    if isinstance(held.scope, OverArea):
        area = places.area(held.scope.area_id)
        return area.name, PlaceId(area.home_id)
    return "", None


def _seen(row: Grant) -> GrantSeen:
    named = row.place or row.area
    return GrantSeen(
        grant_id=GrantId(row.id),
        account_id=AccountId(row.account_id),
        role=row.role,
        scope=ScopeKind(row.scope),
        scope_name=named.name if named else "",
        place_id=PlaceId(row.place_id) if row.place_id else None,
        area_id=AreaId(row.area_id) if row.area_id else None,
        organisation_id=OrganisationId(row.organisation_id) if row.organisation_id else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        given_by=AccountId(row.given_by_id) if row.given_by_id else None,
        reason=row.reason,
        revoked_at=row.revoked_at,
    )
