"""Who stands in for whom, and which offices a body could hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.organisations import queries as organisations
from lianfang.headquarters.playbooks.models import StandIn
from lianfang.headquarters.playbooks.takeover_types import OfficeOffered, OfficeStoodIn
from lianfang.kernel.ids import AccountId, GrantId

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.places.models import Place


def offices_at(seat: Place) -> list[OfficeOffered]:
    """The offices held over a body's seat and inside it, those over all of it first. Volunteers hold none."""
    inside = [one for one in accounts.holders([seat.range]) if one.role is not Role.VOLUNTEER and _within(one, seat)]
    offered = [OfficeOffered(one, whole=one.place_id == seat.id) for one in inside]
    return sorted(offered, key=lambda one: not one.whole)


def _within(one: Holder, seat: Place) -> bool:
    return bool(one.ranges) and all(seat.range.holds(piece) for piece in one.ranges)


def stood_in(account: AccountId) -> list[OfficeStoodIn]:
    """The offices that an account holds for another, or another for it, the latest first."""
    return _seen(Q(account_before=account) | Q(account_now=account))


def stood_in_of(takeover_id: UUID) -> list[OfficeStoodIn]:
    """The offices that go with a take-over while it lasts."""
    return _seen(Q(takeover=takeover_id))


def stood_in_among(grants: list[GrantId]) -> dict[GrantId, OfficeStoodIn]:
    """Of some grants those that are held for somebody else, with whose they are."""
    rows = StandIn.objects.filter(ended_at=None, grant_now__in=grants).order_by("-begun_at", "id")
    return {GrantId(row.grant_now): one for row, one in zip(rows, _each(list(rows)), strict=True) if row.grant_now}


def _seen(of: Q) -> list[OfficeStoodIn]:
    return _each(list(StandIn.objects.filter(of, ended_at=None).order_by("-begun_at", "id")))


def _each(rows: list[StandIn]) -> list[OfficeStoodIn]:
    takeovers = {one: organisations.takeover(one) for one in {row.takeover for row in rows}}
    grants = {one: accounts.grant(GrantId(one)) for one in {row.grant_before for row in rows}}
    return [
        OfficeStoodIn(
            takeovers[row.takeover], AccountId(row.account_before), AccountId(row.account_now),
            grants[row.grant_before].role, grants[row.grant_before].scope_name,
        )
        for row in rows
    ]  # fmt: skip
