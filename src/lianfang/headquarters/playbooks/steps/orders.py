"""Orders down the tree (通知部署). Undone: the order is closed with the reason; those who had it see that it no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, text_of, told_to
from lianfang.kernel import clock
from lianfang.kernel.ids import OrderId, PlaceId
from lianfang.work.orders import commands
from lianfang.work.orders.types import NewOrder


def _issue(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        part = doing.part(item)
        now = clock.now()
        saved = commands.issue_order(
            NewOrder(
                item.name, told_to(text_of(doing, item), drill=doing.run.drill), doing.ground.document, PlaceId(item.place), part.down_to,
                now + timedelta(minutes=part.minutes), now + timedelta(hours=part.hours), incident=doing.incident,
            ),
            by=doing.by,
        )  # fmt: skip
        item.made = saved.record_id


def _close(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        if item.made:
            commands.close_order(OrderId(item.made), doing.ground.reason or doing.ground.document, by=doing.by)


STEP = Step(_issue, _close)
