"""Reads of orders: which reach a place, who answers them, and who has not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, OrderId, PlaceId
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger.types import REAL
from lianfang.work.orders.models import Order, Words
from lianfang.work.orders.rules import answering_levels, branches, counted
from lianfang.work.orders.rules import is_late as late
from lianfang.work.orders.types import Branch, OrderNotFound, OrderSeen, Recipient, Tally

__all__ = ["by_level", "late", "order", "order_ranges", "orders_within", "recipients", "tree"]

# Who answers: the divisions of these levels that stood on the day of the order inside its range, or reach into its area.
_RECIPIENTS = """
select p.id, p.name, p.level, p.lo, p.hi, a.acknowledged_at, a.acknowledged_by, a.completed_at, a.completed_by, a.hindered_at
from places_place p
left join orders_answer a on a."order" = %(order)s and a.place = p.id
where p.level <> 'door' and p.level = any(%(levels)s) and p.lo >= %(lo)s and p.lo < %(hi)s
  and p.valid_from <= %(day)s and coalesce(p.valid_to > %(day)s, true)
  and exists (select from unnest(%(los)s::bigint[], %(his)s::bigint[]) r(lo, hi) where p.lo < r.hi and p.hi > r.lo)
order by p.lo, p.hi desc
"""


def order(order_id: OrderId) -> OrderSeen:
    """One order. Raises OrderNotFound, also for one that is not folded yet."""
    row = Order.objects.filter(pk=order_id).first()
    if row is None:
        raise OrderNotFound
    return _seen([row])[0]


def orders_within(ranges: Sequence[Range], *, incident: IncidentId | None = None, limit: int = 50) -> list[OrderSeen]:
    """Orders that reach into the ranges, the latest first; drills with them, marked as such."""
    rows = Order.objects.order_by("-issued_at", "-id")
    if incident is not None:
        rows = rows.filter(incident=incident)
    found = [told for told in _seen(list(rows[: 4 * limit])) if intersect(order_ranges(told), ranges)]
    return found[:limit]


def order_ranges(told: OrderSeen) -> list[Range]:
    """The positions an order is about."""
    return places.area_ranges(told.area_id) if told.area_id else [places.place(told.place_id).range]


def recipients(told: OrderSeen, within: Sequence[Range] | None = None) -> list[Recipient]:
    """Everybody who answers an order, in the order of the tree; optionally only those that reach into some ranges."""
    home = places.place(told.place_id).range
    pieces = order_ranges(told) if within is None else intersect(order_ranges(told), within)
    values: dict[str, Any] = {
        "order": told.id, "levels": list(told.levels), "lo": home.lo, "hi": home.hi, "day": clock.local(told.issued_at).date(),
        "los": [piece.lo for piece in pieces], "his": [piece.hi for piece in pieces],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, values)
        return [
            Recipient(
                PlaceId(row[0]), row[1], row[2], Range(row[3], row[4]), row[5], row[6] and AccountId(row[6]), row[7],
                row[8] and AccountId(row[8]), row[9],
            )
            for row in cursor.fetchall()
        ]  # fmt: skip


def by_level(told: OrderSeen, within: Sequence[Range] | None = None, at: datetime | None = None) -> dict[str, Tally]:
    """Answers counted level by level, from the highest down."""
    now = at or clock.now()
    everybody = recipients(told, within)
    return {level: counted([one for one in everybody if one.level == level], told, now) for level in told.levels}


def tree(told: OrderSeen, within: Sequence[Range], at: datetime | None = None) -> list[Branch]:
    """The highest recipients inside some ranges, each with what those inside it have answered."""
    inside = [one for one in recipients(told, within) if any(piece.holds(one.range) for piece in within)]
    return branches(inside, told, at or clock.now())


def _seen(rows: Sequence[Order]) -> list[OrderSeen]:
    said = Words.objects.in_bulk([row.id for row in rows])
    levels = {row.place: places.place(PlaceId(row.place)).at_level for row in rows}
    return [
        OrderSeen(
            id=OrderId(row.id),
            title=said[row.id].title if row.id in said else "",
            text=said[row.id].text if row.id in said else "",
            document=said[row.id].document if row.id in said else "",
            place_id=PlaceId(row.place),
            area_id=AreaId(row.area) if row.area else None,
            incident=IncidentId(row.incident) if row.incident else None,
            drill=row.stream != REAL,
            levels=answering_levels(levels[row.place], Level(row.down_to)),
            issued_at=row.issued_at,
            issued_by=AccountId(row.issued_by) if row.issued_by else None,
            acknowledge_by=row.acknowledge_by,
            due_at=row.due_at,
        )
        for row in rows
    ]
