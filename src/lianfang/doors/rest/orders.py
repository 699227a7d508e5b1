"""Orders over the machine interface: which reach a place, who has answered there, and answering for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import OrderId, PlaceId
from lianfang.kernel.ranges import intersect
from lianfang.ledger.kinds.orders import Answer
from lianfang.work.orders import commands, types
from lianfang.work.orders import queries as orders
from lianfang.work.orders.rules import is_late

router = Router(tags=["orders"])


class OrderOut(Schema):
    """One order, and the levels that answer it."""

    id: UUID
    title: str
    text: str
    document: str
    incident: UUID | None
    drill: bool
    levels: list[str]
    issued_at: datetime
    acknowledge_by: datetime
    due_at: datetime


class RecipientOut(Schema):
    """A place that answers; `standing` is unanswered, acknowledged, hindered or completed."""

    place_id: UUID
    name: str
    level: str
    standing: str
    acknowledged_at: datetime | None
    completed_at: datetime | None
    late: bool


class AnswerIn(Schema):
    """What the place answers: acknowledged, hindered or completed; the remark is sealed."""

    answer: Answer
    remark: str = ""


class Kept(Schema):
    """The record of the answer."""

    id: UUID


@router.get("/{place_id}", response=list[OrderOut], operation_id="list_orders", summary="Orders that reach a place")
@at(Ability.PLACES_SEE, place="place_id")
def list_orders(request: HttpRequest, place_id: UUID) -> list[OrderOut]:
    """The latest first."""
    return [_order(told) for told in orders.orders_within(places.ranges_of(places.place(PlaceId(place_id))))]


@router.get(
    "/{place_id}/{order_id}",
    response=list[RecipientOut],
    operation_id="list_recipients",
    summary="Who answers an order at and below a place",
)
@at(Ability.PLACES_SEE, place="place_id")
def list_recipients(request: HttpRequest, place_id: UUID, order_id: UUID) -> list[RecipientOut]:
    """In the order of the tree, those that have not answered with them."""
    told, now = orders.order(OrderId(order_id)), clock.now()
    inside = places.ranges_of(places.place(PlaceId(place_id)))
    if not intersect(orders.order_ranges(told), inside):
        raise types.OrderNotFound
    return [
        RecipientOut(
            place_id=one.place_id, name=one.name, level=one.level, standing=one.standing, acknowledged_at=one.acknowledged_at,
            completed_at=one.completed_at, late=is_late(one, told, now),
        )
        for one in orders.recipients(told, inside)
    ]  # fmt: skip


@router.post("/{place_id}/{order_id}/answer", response=Kept, operation_id="answer_order", summary="Answer an order for a place")
@at(Ability.ORDERS_ANSWER, place="place_id")
def answer_order(request: HttpRequest, place_id: UUID, order_id: UUID, body: AnswerIn) -> Kept:
    """One record; answering the same twice is refused as a conflict."""
    saved = commands.answer_order(OrderId(order_id), PlaceId(place_id), body.answer, by=caller(request).actor, remark=body.remark or None)
    return Kept(id=saved.record_id)


def _order(told: types.OrderSeen) -> OrderOut:
    return OrderOut(
        id=told.id, title=told.title, text=told.text, document=told.document, incident=told.incident, drill=told.drill,
        levels=list(told.levels), issued_at=told.issued_at, acknowledge_by=told.acknowledge_by, due_at=told.due_at,
    )  # fmt: skip
