"""A run goes on: step by step, each in short transactions of its own, after a crash where it was.

A thing and its mark are written in one transaction, so that it is done once. What a context refuses is noted beside the thing, and the run
goes on; only a step without which nothing makes sense holds it. Whoever confirmed the run acts: where they may no longer, it is held.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import queries
from lianfang.headquarters.playbooks.commands import standing_down
from lianfang.headquarters.playbooks.commands.activating import ABILITIES
from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.headquarters.playbooks.steps import STEPS
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, doing
from lianfang.headquarters.playbooks.types import ItemState, RunKind, RunState
from lianfang.kernel import clock
from lianfang.kernel.db import holding_alone
from lianfang.kernel.errors import Conflict, Refused
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId

MOST = 20
LONGEST = 0.4
"""Seconds after which a transaction takes on nothing more: figures wait for the oldest open one (DESIGN 4)."""


def work_off() -> int:
    """Go on with the runs in hand; how many turns were taken. For the process of jobs."""
    with access.scoped(access.local_administrator()):
        waiting = queries.in_hand()
    return sum(carry_on(run_id) for run_id in waiting)


def carry_on(run_id: UUID) -> int:
    """Go on with one run until there is nothing left to do in it; how many turns it took. One process at a time."""
    turns = 0
    with holding_alone(f"run {run_id}") as mine:
        while mine and _turn(run_id):
            turns += 1
    return turns


def _turn(run_id: UUID) -> bool:
    """One short transaction of a run; whether there is more to do."""
    by = _actor(run_id)
    if by is None:
        return False
    with access.scoped(by):
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state not in (RunState.RUNNING, RunState.UNDOING):
            return False
        if run.state == RunState.UNDOING:
            return _undo_some(doing(run, by))
        first = Item.objects.filter(run=run, state=ItemState.WAITING).order_by("step", "number").first()
        if first is None:
            _end(run, RunState.DONE)
            return False
        step = STEPS[RunKind(run.kind), first.section]
        if step.alone is None or first.made is None:
            return _do_some(doing(run, by), step, first)
        now = doing(run, by)
    return _do_alone(now, step, first)


def _actor(run_id: UUID) -> Actor | None:
    """Whoever confirmed the run; where they no longer may, the run is held. Asked in a scope that sees the run, which theirs may not any more."""
    with access.scoped(access.local_administrator()):
        run = Run.objects.get(pk=run_id)
        if run.state not in (RunState.RUNNING, RunState.UNDOING):
            return None
        try:
            by = access.actor_of_id(AccountId(run.begun_by)) if run.begun_by else access.local_administrator()
            _still_may(run, by)
        except Refused as refused:
            _hold(run, refused)
            return None
        return by


def _still_may(run: Run, by: Actor) -> None:
    """Whoever confirmed a run must hold at each turn what it took to confirm it. Raises NotFound, Denied."""
    if run.kind == RunKind.STANDING_DOWN:
        standing_down.require(by, incidents.incident(IncidentId(run.incident)))
        return
    for ability in ABILITIES:
        access.require(by, ability, places.place(PlaceId(run.place)))


def _do_some(now: Doing, step: Step, first: Item) -> bool:
    """Some items of one step, until the time is up; whether the run goes on. Where several together are refused, each is tried alone."""
    rows = Item.objects.select_for_update().filter(run=now.run, section=first.section, state=ItemState.WAITING).order_by("number")
    waiting, until = list(rows[: MOST * step.at_once]), time.monotonic() + LONGEST
    for start in range(0, len(waiting), step.at_once):
        some = waiting[start : start + step.at_once]
        refused = _tried(now, step, some)
        for item in some if refused else ():
            why = refused if len(some) == 1 else _tried(now, step, [item])
            if why is not None and step.must:
                _hold(now.run, why)
                return False
            if why is not None:
                item.told = item.told | _why(why)
                _mark(item, ItemState.REFUSED)
        if time.monotonic() > until:
            break
    now.run.save(update_fields=["found"])
    return True


def _tried(now: Doing, step: Step, items: Sequence[Item]) -> Refused | None:
    """Do items together, all or none; what refused them."""
    try:
        with transaction.atomic():
            step.do(now, items)
    except (Refused, IntegrityError) as refused:
        for item in items:
            item.made = None
        return refused if isinstance(refused, Refused) else Conflict()
    for item in items:
        _mark(item, ItemState.WAITING if step.alone else ItemState.DONE)
    return None


def _do_alone(now: Doing, step: Step, item: Item) -> bool:
    """One item of a step that keeps its own transactions; done again after a crash, it is the same. Whether the run goes on at once."""
    if step.alone is None:
        return True
    try:
        finished, state = step.alone(now, item), ItemState.DONE
    except Refused as refused:
        finished, state, item.told = True, ItemState.REFUSED, item.told | _why(refused)
    if finished:
        with access.scoped(now.by):
            _mark(item, state)
    return finished


def _undo_some(now: Doing) -> bool:
    """The last things of the steps that are taken back; whether there is more to take back."""
    run = now.run
    done = Item.objects.select_for_update().filter(run=run, state=ItemState.DONE)
    last = done.filter(section__in=run.undoing).order_by("-step", "-number").first()
    if last is None:
        whole = not done.exists()
        if whole:
            Item.objects.filter(run=run, state=ItemState.WAITING).update(state=ItemState.UNDONE)
        _end(run, RunState.UNDONE if whole else RunState.HELD)
        return False
    step = STEPS[RunKind(run.kind), last.section]
    some = list(done.filter(section=last.section).order_by("-number")[: max(step.at_once, 1)])
    try:
        with transaction.atomic():
            step.undo(now, some)
    except Refused as refused:
        _hold(run, refused)
        return False
    for item in some:
        _mark(item, ItemState.UNDONE)
    return True


def _mark(item: Item, state: ItemState) -> None:
    item.state, item.done_at = state, clock.now()
    item.save(update_fields=["state", "made", "told", "done_at"])


def _hold(run: Run, refused: Refused) -> None:
    run.state, run.why = RunState.HELD, _why(refused)
    run.save(update_fields=["state", "why"])


def _end(run: Run, state: RunState) -> None:
    run.state, run.undoing, run.ended_at = state, [], None if state is RunState.HELD else clock.now()
    run.save(update_fields=["state", "undoing", "ended_at"])


def _why(refused: Refused) -> dict[str, Any]:
    """A refusal as it is kept: the message, which doors translate, and its facts as text."""
    return {"message": refused.message, "facts": {name: str(fact) for name, fact in refused.facts.items()}}
