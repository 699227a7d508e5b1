"""Reads of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from lianfang.ground.accounts.rules.roles import Role
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, MessageId, PlaceId, new_id
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.work.outreach.models import Message, Receipt
from lianfang.work.outreach.rules import SHOWN_FOR_DAYS
from lianfang.work.outreach.types import ForMe, MessageNotFound, MessageSeen, Told

__all__ = ["for_account", "message", "messages", "told"]

_FOR_ACCOUNT = """
select m.id, m.title, m.words, m.sender, m.sent_at, r.read_at
from outreach_receipt r join outreach_message m on m.id = r.message_id and m.withdrawn_at is null
where r.account = %s and r.message_id > %s
order by m.id desc
limit %s
"""


def messages(ranges: Sequence[Range], *, before: MessageId | None = None, limit: int = 50) -> list[MessageSeen]:
    """Messages to places in the ranges, the latest first; `before` goes on after a page."""
    rows = Message.objects.filter(inside(ranges))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_seen(row) for row in _counted(rows).order_by("-pk")[:limit]]


def message(message_id: MessageId) -> MessageSeen:
    """One message. Raises MessageNotFound."""
    row = _counted(Message.objects.filter(pk=message_id)).first()
    if row is None:
        raise MessageNotFound
    return _seen(row)


def told(message_id: MessageId) -> list[Told]:
    """Whom a message is for and what became of it, in the order of the offices."""
    rows = Receipt.objects.filter(message_id=message_id).order_by("place_in_list")
    return [Told(AccountId(row.account), Role(row.role), row.got_at, row.read_at) for row in rows]


def for_account(account_id: AccountId, *, limit: int = 50) -> list[ForMe]:
    """Messages to an account of the last days, the latest first; what was taken back is gone."""
    since = new_id(clock.now() - timedelta(days=SHOWN_FOR_DAYS))
    with connection.cursor() as cursor:
        cursor.execute(_FOR_ACCOUNT, [account_id, since, limit])
        return [ForMe(MessageId(row[0]), row[1], row[2], _account(row[3]), row[4], row[5]) for row in cursor.fetchall()]


def _counted(rows: QuerySet[Message]) -> QuerySet[Message, Any]:
    return rows.annotate(
        told=Count("receipts__account"),
        got=Count("receipts__account", filter=Q(receipts__got_at__isnull=False)),
        were_read=Count("receipts__account", filter=Q(receipts__read_at__isnull=False)),
    )


def _account(account_id: Any) -> AccountId | None:
    return None if account_id is None else AccountId(account_id)


def _seen(row: Any) -> MessageSeen:
    return MessageSeen(
        id=MessageId(row.id), place_id=PlaceId(row.place), area_id=None if row.area is None else AreaId(row.area),
        sender=_account(row.sender), title=row.title, words=row.words, sent_at=row.sent_at, withdrawn_at=row.withdrawn_at,
        told=row.told, got=row.got, read=row.were_read,
    )  # fmt: skip
