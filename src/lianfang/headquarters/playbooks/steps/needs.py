"""What is needed where (需求). Undone: nobody is needed any more, and whoever was sent there is free."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, thing_of
from lianfang.headquarters.playbooks.types import Part, Section
from lianfang.kernel.ids import PlaceId
from lianfang.work.mobilisation import commands
from lianfang.work.mobilisation.types import NeedKind, NewNeed, Skill, Times


def able(part: Part) -> tuple[Skill | Times, ...]:
    """The skills and times that a part asks for."""
    return tuple(Skill(one) if one in {*Skill} else Times(one) for one in part.able)


def _ask(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        part = doing.part(item)
        subject = thing_of(doing.run.id, part.of, item.area or item.place) if part.of else None
        of_area = part.of and doing.content.part(part.of).section is Section.AREAS
        asked = commands.ask_for(
            NewNeed(
                item.name, NeedKind.AREA if of_area else NeedKind.POST, PlaceId(item.place), part.number, max(part.most, part.number, 1),
                able(part), part.risky, part.of_party, subject, doing.incident, drill=doing.run.drill,
            ),
            by=doing.by,
        )  # fmt: skip
        item.made = asked[0].need_id


def _end(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        if item.made:
            commands.end_need(item.made, by=doing.by)


STEP = Step(_ask, _end, at_once=20)
