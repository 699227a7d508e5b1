"""Call-up (召集). Undone: the call is over, and what had gone out by then is told: nobody can take a message back."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, text_of, told_to
from lianfang.headquarters.playbooks.steps.needs import able
from lianfang.kernel.ids import PlaceId
from lianfang.work.mobilisation import commands
from lianfang.work.mobilisation.types import NewCall


def _call(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        part = doing.part(item)
        words = told_to(text_of(doing, item), drill=doing.run.drill)
        call = commands.call_up(
            NewCall(
                PlaceId(item.place), words, part.number, able(part), wait_minutes=part.minutes, test=doing.run.drill,
                incident=doing.incident,
            ),
            by=doing.by,
        )  # fmt: skip
        item.made, item.told = call.call_id, item.told | {"called": call.called}


def _close(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        if item.made:
            item.told = item.told | {"sent": commands.close_call(item.made, by=doing.by).sent}


STEP = Step(_call, _close)
