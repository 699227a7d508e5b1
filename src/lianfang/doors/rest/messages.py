"""Messages to workers over the machine interface: sending one to a place, and who has it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AreaId, MessageId, PlaceId
from lianfang.kernel.ranges import contains
from lianfang.work.outreach import commands
from lianfang.work.outreach import queries as outreach
from lianfang.work.outreach.rules import LONGEST, LONGEST_TITLE
from lianfang.work.outreach.types import MessageNotFound, MessageSeen, NewMessage

router = Router(tags=["messages"])
PAGE = 50


class MessageIn(Schema):
    """A message: no names or numbers of residents. `area`: only to the workers of this grid."""

    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    words: Annotated[str, Field(max_length=LONGEST)]
    area: UUID | None = None


class MessageOut(Schema):
    """A message that was sent: how many people were told, have it on a phone, and have read it."""

    id: UUID
    place_id: UUID
    area_id: UUID | None
    sender: UUID | None
    title: str
    words: str
    sent_at: datetime
    withdrawn_at: datetime | None
    told: int
    got: int
    read: int


class MessagesOut(Schema):
    """A page of messages; `next` goes into `before` for the page after."""

    messages: list[MessageOut]
    next: UUID | None


class ReceiptOut(Schema):
    """One recipient: the office, when a phone of theirs fetched the message, when it was read."""

    account_id: UUID
    role: str
    got_at: datetime | None
    read_at: datetime | None


def _out(one: MessageSeen) -> MessageOut:
    return MessageOut(
        id=one.id, place_id=one.place_id, area_id=one.area_id, sender=one.sender, title=one.title, words=one.words, sent_at=one.sent_at,
        withdrawn_at=one.withdrawn_at, told=one.told, got=one.got, read=one.read,
    )  # fmt: skip


@router.get("/{place_id}", response=MessagesOut, summary="Messages sent at a place, the latest first")
@at(Ability.MESSAGES_SEND, place="place_id")
def list_messages(request: HttpRequest, place_id: UUID, before: UUID | None = None) -> MessagesOut:
    """What was sent to workers inside the place."""
    ranges = places.reading_ranges(places.place(PlaceId(place_id)))
    found = outreach.messages(ranges, before=MessageId(before) if before else None, limit=PAGE)
    return MessagesOut(messages=[_out(one) for one in found], next=found[-1].id if len(found) == PAGE else None)


@router.post("/{place_id}/send", response=MessageOut, summary="Send a message to everybody who works at a place")
@at(Ability.MESSAGES_SEND, place="place_id")
def send_message(request: HttpRequest, place_id: UUID, told: MessageIn) -> MessageOut:
    """It goes to everybody who holds an office there today, but the sender; phones get it at their next contact."""
    new = NewMessage(told.title, told.words, PlaceId(place_id), AreaId(told.area) if told.area else None)
    return _out(commands.send(new, by=caller(request).actor))


@router.get("/{place_id}/{message_id}/receipts", response=list[ReceiptOut], summary="Who has a message, in the order of the offices")
@at(Ability.MESSAGES_SEND, place="place_id")
def list_receipts(request: HttpRequest, place_id: UUID, message_id: UUID) -> list[ReceiptOut]:
    """Everybody it is for; nobody is ranked."""
    told = outreach.message(MessageId(message_id))
    if not contains(places.reading_ranges(places.place(PlaceId(place_id))), places.place(told.place_id).range):
        raise MessageNotFound
    return [
        ReceiptOut(account_id=one.account_id, role=one.role.value, got_at=one.got_at, read_at=one.read_at) for one in outreach.told(told.id)
    ]
