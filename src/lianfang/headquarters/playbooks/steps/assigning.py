"""Assignment (分派): everybody of the pool to what is needed, by the solver. Undone: whom it sent is free again.

A drill is solved and not confirmed: nobody who serves somewhere is moved for practice.
"""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.accounts import access
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step
from lianfang.kernel.ids import PlaceId
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import DraftState


def _ask(doing: Doing, items: Sequence[Item]) -> None:
    """Ask for the draft: done again after a crash, it is the same one."""
    for item in items:
        item.made = commands.ask_for_draft(PlaceId(item.place), by=doing.by, drill=doing.run.drill).draft_id


def _carry_out(doing: Doing, item: Item) -> bool:
    """Solve the draft and confirm it, each in transactions of its own; whether that is finished."""
    if item.made is None:
        return False
    told = commands.make(item.made, by=doing.by)
    if told.state is DraftState.READY and not doing.run.drill:
        with access.scoped(doing.by):
            told = commands.confirm(item.made, by=doing.by)
    item.told = item.told | {"sent": told.sent, "short": told.short}
    return told.state in (DraftState.READY, DraftState.CONFIRMED, DraftState.EMPTY)


def _call_off(doing: Doing, items: Sequence[Item]) -> None:
    for item in items:
        if item.made and queries.draft(item.made).state is DraftState.CONFIRMED:
            commands.call_off(item.made, by=doing.by)


STEP = Step(_ask, _call_off, alone=_carry_out)
