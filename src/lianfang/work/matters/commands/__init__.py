"""Verbs of matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Unpack
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, MatterId, PlaceId, RecordId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.errands import About, MatterRaised, MatterSettled, Settlement
from lianfang.ledger.queries import standing
from lianfang.ledger.queries.standing import standing_within
from lianfang.ledger.types import RecordNotFound, Saved
from lianfang.work.matters.models import Matter
from lianfang.work.matters.offices import owner_at
from lianfang.work.matters.rules import ASKED_AT_MOST, ASKED_WITHIN, correction_due, help_due
from lianfang.work.matters.types import AlreadySettled, AskedOften, MatterNotFound

__all__ = ["Asked", "ask_for_help", "ask_to_correct", "hand_over", "raise_matter", "settle_matter"]


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


def hand_over(matter_id: MatterId, owner: AccountId, due_at: datetime, *, by: Actor, record_id: RecordId | None = None) -> Saved:
    """Hand a matter to somebody else: it is settled as handed over, and one like it is raised for them, with this one as its cause.

    What was told sealed with the first stays with it, one step away; `record_id` is the id of the second. Raises as settling and raising do.
    """
    raised = standing(matter_id)
    if raised is None or raised.kind != "matter_raised":
        raise MatterNotFound
    settle_matter(matter_id, Settlement.HANDED_OVER, by=by)
    before = raised.payload
    body = MatterRaised(
        about=About(before["about"]), due_at=due_at, owner=owner, cause=matter_id, urgent=bool(before.get("urgent")),
        elsewhere=UUID(before["elsewhere"]) if before.get("elsewhere") else None,
    )  # fmt: skip
    return append(body, place=raised.place, by=by, subject=raised.subject, incident=raised.incident, record_id=record_id)


def ask_to_correct(record_id: RecordId, words: str, *, by: Actor) -> Saved:
    """Whoever acted says that a record about them is wrong: a matter for the secretary there, with the record as its cause, the words sealed.

    Raises RecordNotFound, also where the record is about somebody else.
    """
    root = standing(record_id)
    if root is None or root.actor is None or root.actor != by.account_id:
        raise RecordNotFound
    body = MatterRaised(about=About.OTHER, due_at=correction_due(clock.now()), owner=owner_at(root.place), cause=record_id)
    return append(body, place=root.place, by=by, incident=root.incident, remark=words)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for help that was taken: the record, and by when somebody answers."""

    saved: Saved
    due_at: datetime


def ask_for_help(door: PlaceId, words: str) -> Asked:
    """A resident without an account asks for help at their door: a matter for the secretary there, the words sealed.

    The door asks nobody's leave, so it asks seldom: AskedOften when too many matters were raised there in a short time.
    """
    now = clock.now()
    asked = standing_within(("matter_raised",), [places.place(door).range], now - ASKED_WITHIN, now, limit=ASKED_AT_MOST)
    if len(asked) >= ASKED_AT_MOST:
        raise AskedOften
    body = MatterRaised(about=About.HELP_WANTED, due_at=help_due(now), owner=owner_at(door))
    return Asked(append(body, place=door, by=Actor(None, "", ""), remark=words), body.due_at)
