"""Rules of orders: which levels answer, and when an answer is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lianfang.ground.places.types import Level
from lianfang.work.orders.types import Branch, OrderSeen, Recipient, Tally

_ANSWERING = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)


def answering_levels(issued_at: Level, down_to: Level) -> tuple[str, ...]:
    """The levels that answer: the official divisions below the one that orders, down to the last one named."""
    return tuple(level.value for level in _ANSWERING if issued_at.depth < level.depth <= down_to.depth)


def is_late(recipient: Recipient, order: OrderSeen, now: datetime) -> bool:
    """Whether a place has not acknowledged or not completed in time. Done too late is done, and no longer owed; nor is what was closed."""
    if recipient.completed_at is not None or order.closed_at is not None:
        return False
    return now > order.due_at or (recipient.acknowledged_at is None and now > order.acknowledge_by)


def counted(recipients: Iterable[Recipient], order: OrderSeen, now: datetime) -> Tally:
    """Recipients added up."""
    places = acknowledged = completed = late = 0
    for one in recipients:
        places += 1
        acknowledged += one.acknowledged_at is not None
        completed += one.completed_at is not None
        late += is_late(one, order, now)
    return Tally(places, acknowledged, completed, late)


def by_level(recipients: Iterable[Recipient], order: OrderSeen, now: datetime) -> dict[str, Tally]:
    """Recipients added up level by level, from the highest down."""
    everybody = list(recipients)
    return {level: counted([one for one in everybody if one.level == level], order, now) for level in order.levels}


def branches(recipients: Sequence[Recipient], order: OrderSeen, now: datetime) -> list[Branch]:
    """The recipients that lie in no other, each with those inside it."""
    found: list[tuple[Recipient, list[Recipient]]] = []
    for one in sorted(recipients, key=lambda each: (each.range.lo, -each.range.hi)):
        if found and found[-1][0].range.holds(one.range):
            found[-1][1].append(one)
        else:
            found.append((one, []))
    return [Branch(top, is_late(top, order, now), counted(inside, order, now)) for top, inside in found]
