"""Posts (先锋岗、值守岗) with those who man them. Undone: they are closed."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.organisations import commands
from lianfang.ground.organisations.force_types import NewPost, PostKind
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, people_of, text_of
from lianfang.headquarters.playbooks.steps.teams import raised_by
from lianfang.kernel.ids import AreaId, PlaceId


def _open(doing: Doing, items: Sequence[Item]) -> None:
    posts, pairs = [], []
    for item in items:
        part = doing.part(item)
        posts.append(
            NewPost(
                item.name, PostKind(part.kind or PostKind.PIONEER), PlaceId(item.place), text_of(doing, item),
                area=AreaId(item.area) if item.area else None, organisation=raised_by(doing, part.of, item), incident=doing.incident,
                needed=part.number, id=item.id,
            )
        )  # fmt: skip
        pairs += [(item.id, person) for person in people_of(item)]
        item.made = item.id
    commands.open_posts(posts, by=doing.by.account_id)
    commands.man_posts(pairs, by=doing.by.account_id)


def _close(doing: Doing, items: Sequence[Item]) -> None:
    commands.close_posts([item.id for item in items], by=doing.by.account_id)


STEP = Step(_open, _close, at_once=50)
