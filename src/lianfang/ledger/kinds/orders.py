"""Orders (通知部署): one was issued down the tree, and a place answered it.

The words of an order are master data of `work/orders`: payloads hold no free text.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, Moment, words

_LEVELS = ("province", "city", "county", "street")


class DownTo(Choice):
    """The last level that answers."""

    CITY = "city", "down to cities", "传达到市"
    COUNTY = "county", "down to districts and counties", "传达到区县"
    STREET = "street", "down to streets and townships", "传达到街道乡镇"
    COMMUNITY = "community", "down to communities and villages", "传达到社区村"


class Answer(Choice):
    """What a place answers."""

    ACKNOWLEDGED = "acknowledged", "received", "已签收"
    HINDERED = "hindered", "hindered", "有困难"
    COMPLETED = "completed", "completed", "已落实"


@kind(
    "order_issued",
    version=1,
    retention=Retention.ORDER,
    english="Order issued",
    term="通知下达",
    ability="orders.send",
    levels=_LEVELS,
    sample={"down_to": "community", "acknowledge_by": "2026-03-12T12:00:00Z", "due_at": "2026-03-13T12:00:00Z", "area": None},
)
class OrderIssued(Body, frozen=True):
    """An order goes from this place down the tree: every level below it, down to the last one named, acknowledges and reports completion."""

    down_to: Annotated[DownTo, words("Down to", "传达到", "the last level that answers")]
    acknowledge_by: Annotated[Moment, words("Acknowledge by", "签收时限", "by when it is acknowledged")]
    due_at: Annotated[Moment, words("Due", "落实时限", "by when it is completed")]
    area: Annotated[UUID | None, words("Area", "片区", "only what this area reaches into; empty: all below the place")] = None


@kind(
    "order_answered",
    version=1,
    retention=Retention.ORDER,
    english="Order answered",
    term="通知回复",
    ability="orders.answer",
    levels=("city", "county", "street", "community"),
    subject=Subject.ORDER,
    subject_needed=True,
    sample={"answer": "acknowledged"},
)
class OrderAnswered(Body, frozen=True):
    """The place has received the order named as subject, is hindered, or has completed it. What hinders it stands in the sealed remark."""

    answer: Annotated[Answer, words("Answer", "回复", "what the place answers")]
