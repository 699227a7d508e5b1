"""Reads of orders: which reach a place, who answers them, and who has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, OrderId, PlaceId
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger.types import REAL
from lianfang.work.orders.models import Closed, Order, Words
from lianfang.work.orders.rules import answering_levels
from lianfang.work.orders.types import OrderNotFound, OrderSeen, Recipient

__all__ = ["order", "order_ranges", "orders_within", "recipients", "recipients_each"]

# Who answers each order: the divisions of its levels that stood on its day inside the place that issued it, and reach into its pieces.
_RECIPIENTS = """
select o."order", p.id, p.name, p.level, p.lo, p.hi, a.acknowledged_at, a.acknowledged_by, a.completed_at, a.completed_by, a.hindered_at
from unnest(%(orders)s::uuid[], %(levels)s::text[], %(lo)s::bigint[], %(hi)s::bigint[], %(day)s::date[]) o("order", level, lo, hi, day)
join places_place p on p.level <> 'door' and p.level = o.level and p.lo >= o.lo and p.lo < o.hi
left join orders_answer a on a."order" = o."order" and a.place = p.id
where p.valid_from <= o.day and coalesce(p.valid_to > o.day, true)
  and exists (
    select from unnest(%(of)s::uuid[], %(los)s::bigint[], %(his)s::bigint[]) r("order", lo, hi)
    where r."order" = o."order" and p.lo < r.hi and p.hi > r.lo)
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
    rows = Order.objects.filter(incident=incident) if incident is not None else Order.objects.all()
    homes = places.places_by_id([PlaceId(one) for one in rows.values_list("place", flat=True).distinct()])
    areas = places.area_ranges_each([AreaId(one) for one in rows.values_list("area", flat=True).distinct() if one])
    near = [home for home, place in homes.items() if intersect([place.range], ranges)]
    far = [area for area, pieces in areas.items() if not intersect(pieces, ranges)]
    return _seen(list(rows.filter(place__in=near).exclude(area__in=far).order_by("-issued_at", "-id")[:limit]))


def order_ranges(told: OrderSeen) -> list[Range]:
    """The positions an order is about."""
    return places.area_ranges(told.area_id) if told.area_id else [places.place(told.place_id).range]


def recipients(told: OrderSeen, within: Sequence[Range] | None = None) -> list[Recipient]:
    """Everybody who answers an order, in the order of the tree; optionally only those that reach into some ranges."""
    return recipients_each([told], within)[told.id]


def recipients_each(told: Sequence[OrderSeen], within: Sequence[Range] | None = None) -> dict[OrderId, list[Recipient]]:
    """`recipients` of several orders, in one query."""
    homes = places.places_by_id([one.place_id for one in told])
    areas = places.area_ranges_each([one.area_id for one in told if one.area_id])
    over = {one.id: areas[one.area_id] if one.area_id else [homes[one.place_id].range] for one in told}
    pieces = [(one, piece) for one, whole in over.items() for piece in (whole if within is None else intersect(whole, within))]
    asked = [(one, level, homes[one.place_id].range, clock.local(one.issued_at).date()) for one in told for level in one.levels]
    values: dict[str, Any] = {
        "orders": [one.id for one, _, _, _ in asked], "levels": [level for _, level, _, _ in asked],
        "lo": [home.lo for _, _, home, _ in asked], "hi": [home.hi for _, _, home, _ in asked], "day": [day for _, _, _, day in asked],
        "of": [one for one, _ in pieces], "los": [piece.lo for _, piece in pieces], "his": [piece.hi for _, piece in pieces],
    }  # fmt: skip
    found: dict[OrderId, list[Recipient]] = {one.id: [] for one in told}
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, values)
        for of, place, name, level, lo, hi, received, receiver, completed, completer, hindered in cursor.fetchall():
            found[OrderId(of)].append(
                Recipient(
                    PlaceId(place), name, level, Range(lo, hi), received, receiver and AccountId(receiver), completed,
                    completer and AccountId(completer), hindered,
                )
            )  # fmt: skip
    return found


def _seen(rows: Sequence[Order]) -> list[OrderSeen]:
    said = Words.objects.in_bulk([row.id for row in rows])
    closed = Closed.objects.in_bulk([row.id for row in rows])
    homes = places.places_by_id([PlaceId(row.place) for row in rows])
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
            levels=answering_levels(homes[PlaceId(row.place)].at_level, Level(row.down_to)),
            issued_at=row.issued_at,
            issued_by=AccountId(row.issued_by) if row.issued_by else None,
            acknowledge_by=row.acknowledge_by,
            due_at=row.due_at,
            closed_at=closed[row.id].at if row.id in closed else None,
            closed_because=closed[row.id].reason if row.id in closed else "",
        )
        for row in rows
    ]
