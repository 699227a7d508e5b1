"""Messages on a phone: those for its account, and the receipt that one was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from msgspec import Struct

from lianfang.doors.field.frame import FieldRequest, answered, body_of, endpoint
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel import clock
from lianfang.kernel.ids import MessageId
from lianfang.work.outreach import commands
from lianfang.work.outreach.types import MessageNotFound

if TYPE_CHECKING:
    from lianfang.doors.field.reach import Reach


def messages_of(reach: Reach) -> list[dict[str, Any]]:
    """Messages for me, the latest first; that they were fetched is noted."""
    if reach.actor.account_id is None or not reach.messages:
        return []
    commands.got(reach.actor.account_id)
    names = accounts.names_of({one.sender for one in reach.messages if one.sender is not None})
    return [
        {
            "id": one.id, "title": one.title, "text": one.words, "at": one.sent_at, "read_at": one.read_at,
            "from": names.get(one.sender, "") if one.sender else "",
        }
        for one in reach.messages
    ]  # fmt: skip


class Reading(Struct):
    """How many milliseconds ago it was read on the phone, which may have had no network then."""

    ago: int = 0


@endpoint("POST")
def read(request: FieldRequest, message_id: UUID) -> HttpResponse:
    """A receipt (/field/api/messages/ID/read): read, so long ago by the phone's own count, which no wrong clock disturbs."""
    said = body_of(request, Reading)
    if request.actor.account_id is None:
        raise MessageNotFound
    commands.read(MessageId(message_id), request.actor.account_id, ago=said.ago)
    return answered({"now": clock.now()})
