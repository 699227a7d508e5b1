"""Verbs of matters."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AccountId, MatterId, PlaceId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.errands import About, MatterRaised, MatterSettled, Settlement
from lianfang.ledger.queries import standing
from lianfang.ledger.types import Saved
from lianfang.work.matters.models import Matter
from lianfang.work.matters.offices import owner_at
from lianfang.work.matters.types import AlreadySettled, MatterNotFound

__all__ = ["raise_matter", "settle_matter"]


def raise_matter(
    place: PlaceId,
    about: About,
    due_at: datetime,
    *,
    by: Actor,
    owner: AccountId | None = None,
    urgent: bool = False,
    **beside: Unpack[Beside],
) -> Saved:
    """Raise a matter at a place, for an account or else for the secretary there. Its id is that of the record (`Saved.record_id`).

    `beside`: see `ledger.append` (subject, remark, incident, record_id). Raises NotFound or Denied by access.
    """
    access.require(by, "records.write", places.place(place))
    body = MatterRaised(about=about, due_at=due_at, owner=owner or owner_at(place), urgent=urgent)
    return append(body, place=place, by=by, **beside)


def settle_matter(matter_id: MatterId, settlement: Settlement, *, by: Actor, remark: str | None = None) -> Saved:
    """Settle a matter. Raises MatterNotFound, Denied, AlreadySettled."""
    raised = standing(matter_id)
    if raised is None or raised.kind != "matter_raised":
        raise MatterNotFound
    access.require(by, "matters.settle", places.place(raised.place))
    if Matter.objects.filter(pk=matter_id, settled_at__isnull=False).exists():
        raise AlreadySettled
    return append(
        MatterSettled(settlement=settlement), place=raised.place, by=by, subject=matter_id, incident=raised.incident, remark=remark
    )
