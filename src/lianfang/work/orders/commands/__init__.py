"""Verbs of orders."""

from __future__ import annotations

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.incidents.types import IncidentEnded
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import OrderId, PlaceId, new_id
from lianfang.kernel.ranges import subtract
from lianfang.ledger.append import append
from lianfang.ledger.kinds.orders import Answer, DownTo, OrderAnswered, OrderIssued
from lianfang.ledger.queries import standing
from lianfang.ledger.types import Saved
from lianfang.work.orders import queries
from lianfang.work.orders.commands.chasing import chase_late
from lianfang.work.orders.models import Closed, Words
from lianfang.work.orders.rules import answering_levels
from lianfang.work.orders.types import (
    AlreadyAnswered,
    NewOrder,
    NobodyBelow,
    NotARecipient,
    OrderClosed,
    OrderNotFound,
    ReasonMissing,
    Standing,
    TimesWrong,
    TitleMissing,
)

__all__ = ["answer_order", "chase_late", "close_order", "issue_order"]


def issue_order(new: NewOrder, *, by: Actor) -> Saved:
    """Issue an order from a place down the tree. Its id is that of the record (`Saved.record_id`).

    Raises NotFound or Denied by access, over the place and over all of the area; TitleMissing, TimesWrong, NobodyBelow, IncidentEnded.
    """
    home = places.place(new.place)
    access.require(by, Ability.ORDERS_SEND, home)
    if new.area is not None and subtract(places.area_ranges(new.area), access.ranges(by, Ability.ORDERS_SEND, reading=False)):
        raise Denied
    if not new.title.strip() or not new.text.strip():
        raise TitleMissing
    if not clock.now() < new.acknowledge_by <= new.due_at:
        raise TimesWrong
    if not answering_levels(home.at_level, Level(new.down_to)):
        raise NobodyBelow
    if new.incident is not None and incidents.incident(new.incident).ended_at is not None:
        raise IncidentEnded
    identifier = new_id()
    with acting(by.account_id, "orders issue"):
        Words.objects.create(id=identifier, title=new.title.strip(), text=new.text.strip(), document=new.document.strip())
        body = OrderIssued(down_to=DownTo(new.down_to), acknowledge_by=new.acknowledge_by, due_at=new.due_at, area=new.area)
        return append(body, place=new.place, by=by, record_id=identifier, incident=new.incident)


def answer_order(order_id: OrderId, place: PlaceId, answer: Answer, *, by: Actor, remark: str | None = None) -> Saved:
    """A place acknowledges an order, says what hinders it, or reports it completed; the remark is sealed.

    Raises OrderNotFound, OrderClosed, NotARecipient, NotFound or Denied by access, AlreadyAnswered.
    """
    told = queries.order(order_id)
    if told.closed_at is not None:
        raise OrderClosed
    where = places.place(place)
    access.require(by, Ability.ORDERS_ANSWER, where)
    found = next((one for one in queries.recipients(told, [where.range]) if one.place_id == place), None)
    if found is None:
        raise NotARecipient
    acknowledged = answer is Answer.ACKNOWLEDGED and found.acknowledged_at is not None
    if found.standing is Standing.COMPLETED or acknowledged:
        raise AlreadyAnswered
    return append(OrderAnswered(answer=answer), place=place, by=by, subject=order_id, incident=told.incident, remark=remark)


def close_order(order_id: OrderId, reason: str, *, by: Actor) -> None:
    """Nobody has to answer an order any more, for a reason that is told. Closing twice is closing once.

    Raises NotFound or Denied by access, ReasonMissing.
    """
    issued = standing(order_id)
    if issued is None or issued.kind != "order_issued":
        raise OrderNotFound
    access.require(by, Ability.ORDERS_SEND, places.place(issued.place))
    if not reason.strip():
        raise ReasonMissing
    with acting(by.account_id, "orders close"):
        Closed.objects.get_or_create(order=order_id, defaults={"at": clock.now(), "reason": reason.strip(), "by": by.account_id})
