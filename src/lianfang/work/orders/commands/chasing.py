"""Answers that are owed past their time become matters of whoever holds the office there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Role
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, OrderId, PlaceId, derived_id
from lianfang.ledger import kinds
from lianfang.ledger.intake import take
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.types import Author
from lianfang.work.orders import queries
from lianfang.work.orders.models import Chased, Order
from lianfang.work.orders.rules import is_late
from lianfang.work.orders.types import Recipient

WITHIN = timedelta(hours=4)
"""What is late is settled before the next shift."""

_OFFICES = {
    "city": Role.CITY_COMMAND,
    "county": Role.DISTRICT_COMMAND,
    "street": Role.STREET_DUTY,
    "community": Role.COMMUNITY_SECRETARY,
}
_AT_ONCE = 500


def chase_late() -> int:
    """For each order whose time is over: one matter for every place that has not completed it, once; how many were raised."""
    now = clock.now()
    done = 0
    for row in Order.objects.filter(due_at__lt=now).exclude(pk__in=Chased.objects.values("order")).order_by("due_at", "id"):
        told = queries.order(OrderId(row.id))
        late = [one for one in queries.recipients(told) if is_late(one, told, now)]
        owners = _owners(late)
        for start in range(0, len(late), _AT_ONCE):
            take([_matter(row, one.place_id, owners[one.place_id]) for one in late[start : start + _AT_ONCE]], Author(None, trusted=True))
        with transaction.atomic():
            Chased.objects.get_or_create(order=row.id, defaults={"at": now})
        done += len(late)
    return done


def _matter(row: Order, place: PlaceId, owner: AccountId | None) -> dict[str, object]:
    return {
        "id": derived_id(row.id, f"orders.late {place}"),
        "kind": "matter_raised",
        "version": kinds.current("matter_raised").version,
        "place": place,
        # A time of the order's own, so that chasing twice is the same record.
        "occurred_at": row.due_at,
        "incident": row.incident,
        "payload": {"about": About.OTHER, "due_at": row.due_at + WITHIN, "owner": owner, "cause": row.id, "urgent": True},
    }


def _owners(late: Sequence[Recipient]) -> dict[PlaceId, AccountId | None]:
    """Who holds the office of each place: asked level by level, for an order to a city reaches thousands."""
    found: dict[PlaceId, AccountId | None] = {}
    for level, role in _OFFICES.items():
        here = [one for one in late if one.level == level]
        held = accounts.in_office(role, [one.range for one in here]) if here else []
        found |= {one.place_id: account for one, account in zip(here, held, strict=True)}
    return found
