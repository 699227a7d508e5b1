"""Carrying out what two people ordered: step by step, each done once and noted; a process that dies goes on where it stopped.

As owner of the tables. What only the installation can do (files, keys, backups, looking for bytes) comes in as a `Machine`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import DatabaseError

from lianfang.headquarters.closing import queries, rules
from lianfang.headquarters.closing.commands import steps
from lianfang.headquarters.closing.models import Closing, Step
from lianfang.headquarters.closing.types import Machine, State, StepState
from lianfang.kernel import clock, db, erasers
from lianfang.kernel.errors import Refused

_log = logging.getLogger("lianfang.closing")
Progress = Callable[[str, str], None]


def work_off(machine: Machine, *, patient: bool = True, progress: Progress = lambda *_: None) -> int:
    """Carry out every closing that was confirmed; how many were finished. `patient` leaves a step that failed a minute's rest."""
    done = 0
    with db.holding_alone("closing") as held:
        if not held:
            return 0
        for closing_id in queries.waiting(patient=patient):
            done += _carry_out(closing_id, machine, progress)
    return done


def _carry_out(closing_id: UUID, machine: Machine, progress: Progress) -> bool:
    row = Closing.objects.get(pk=closing_id)
    if row.number is None:
        row.number = queries.last_number() + 1
        row.save(update_fields=["number"])
    for step in row.steps.exclude(state=StepState.DONE).order_by("ordinal"):
        if not _take(row, step, machine):
            progress(step.name, step.trouble)
            return False
        progress(step.name, "")
    return row.state == State.DONE


def _take(row: Closing, step: Step, machine: Machine) -> bool:
    """One step; whether it is done now. What it refuses for is noted by its code, in no other words."""
    step.tried_at = clock.now()
    try:
        step.counts = dict(_run(row, step.name, machine))
    except (Refused, DatabaseError, OSError) as failed:
        step.state, step.trouble = StepState.FAILED, failed.code if isinstance(failed, Refused) else type(failed).__name__
        _log.error("closing %s: %s failed: %s", row.number, step.name, step.trouble)
        step.save(update_fields=["state", "trouble", "tried_at"])
        return False
    step.state, step.trouble, step.done_at = StepState.DONE, "", clock.now()
    step.save(update_fields=["state", "trouble", "tried_at", "done_at", "counts"])
    return True


def _run(row: Closing, name: str, machine: Machine) -> Mapping[str, int]:
    if name.startswith(rules.ERASES):
        erase = erasers.erasers()[name.removeprefix(rules.ERASES)]
        return {"rows": sum(erase(book) for book in row.books)}
    return steps.STEPS[name](row, machine)
