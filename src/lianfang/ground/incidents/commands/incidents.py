"""Opening, renewing, changing and ending incidents. Nothing is open without an end: whatever is not renewed lapses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents.commands import grounds, measures
from lianfang.ground.incidents.models import Decision, Incident
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.types import (
    Ground,
    MomentWrong,
    NameMissing,
    NotRunning,
    Opening,
    PeriodWrong,
    Phase,
    Raising,
    ReasonMissing,
    ResponseLevel,
    Step,
    StillHeld,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import IncidentId, new_id


def open_incident(new: Opening, *, by: Actor) -> IncidentId:
    """Open an incident or a drill, with its level, period and ground, and raise its first measures over the whole area.

    Raises what `Opening` leaves out, RulesNotOfThatDay, and Denied.
    """
    if not new.name.strip():
        raise NameMissing
    ground = grounds.stated(new.ground)
    grounds.pieces_of(new.place, new.area)
    grounds.require(by, new.place, new.area)
    now = clock.now()
    opened_at = new.opened_at or now
    if opened_at > now:
        raise MomentWrong
    if new.expires_at <= now:
        raise PeriodWrong
    if new.rule_set:
        rulesets.chosen(new.rule_set, clock.local(opened_at).date())
    row = Incident(
        id=new.incident_id or new_id(), name=new.name.strip(), kind=new.kind, opened_at=opened_at, place_id=new.place, area_id=new.area,
        drill=new.drill, level=new.level.value, expires_at=new.expires_at, authority=ground.authority, document=ground.document,
        rule_set=new.rule_set,
    )  # fmt: skip
    with acting(by.account_id, ground.reason):
        row.save(force_insert=True)
        _note(row, Step.OPENED, opened_at, ground, by, level=new.level.value, expires_at=new.expires_at, rule_set=new.rule_set)
        for key in new.measures:
            wished = Raising(IncidentId(row.id), key, new.expires_at, ground, place=new.place, area=new.area, begins_at=opened_at)
            measures.raise_measure(wished, by=by)
    return IncidentId(row.id)


def renew_incident(incident_id: IncidentId, expires_at: datetime, ground: Ground, *, by: Actor) -> None:
    """Renew an incident until a later moment, with reason and document; also one that has lapsed. Measures are renewed by themselves."""
    if not ground.reason.strip():
        raise ReasonMissing
    with _changing(incident_id, ground, by) as (row, told):
        if expires_at <= clock.now() or (row.expires_at is not None and expires_at <= row.expires_at):
            raise PeriodWrong
        row.expires_at = expires_at
        _put(row, Step.RENEWED, clock.now(), told, by, expires_at=expires_at)


def change_level(incident_id: IncidentId, level: ResponseLevel, ground: Ground, *, by: Actor) -> None:
    """Raise or lower the level of the response."""
    with _changing(incident_id, ground, by) as (row, told):
        _running(row)
        row.level = level.value
        _put(row, Step.LEVEL, clock.now(), told, by, level=level.value)


def begin_phase(incident_id: IncidentId, phase: Phase, ground: Ground, *, by: Actor, at: datetime | None = None) -> None:
    """Say that a phase of the incident has begun, now or at a past moment."""
    with _changing(incident_id, ground, by) as (row, told):
        _running(row)
        row.phase = phase.value
        _put(row, Step.PHASE, grounds.decided(at, row.opened_at), told, by, phase=phase.value)


def choose_rules(incident_id: IncidentId, rule_set: str, ground: Ground, *, by: Actor) -> None:
    """Choose the rule set by which new things are judged from now on (empty: none). What runs keeps the one it was begun under."""
    with _changing(incident_id, ground, by) as (row, told):
        _running(row)
        if rule_set:
            rulesets.chosen(rule_set, clock.today())
        row.rule_set = rule_set
        _put(row, Step.RULES, clock.now(), told, by, rule_set=rule_set)


def end_incident(incident_id: IncidentId, ground: Ground, *, by: Actor, at: datetime | None = None, lift_measures: bool = False) -> None:
    """Declare an incident over at a moment (now): at once when the danger is over (art. 86). Nothing is erased by this alone.

    Its measures must have been lifted, or are lifted with it by the same order. Raises StillHeld.
    """
    with _changing(incident_id, ground, by) as (row, told):
        moment = grounds.decided(at, row.opened_at)
        standing = measures.standing(incident_id, moment)
        if standing and not lift_measures:
            raise StillHeld(count=len(standing))
        for measure in standing:
            measures.lifted(measure, moment, told, by)
        row.ended_at = moment
        _put(row, Step.ENDED, moment, told, by)


@contextmanager
def _changing(incident_id: IncidentId, ground: Ground, by: Actor) -> Iterator[tuple[Incident, Ground]]:
    """A transaction around a decision about an incident that has not ended; whoever decides must hold it whole."""
    told = grounds.stated(ground)
    with acting(by.account_id, told.reason):
        row = grounds.locked(incident_id)
        grounds.require(by, row.place_id, row.area_id)
        yield row, told


def _running(row: Incident) -> None:
    if row.expires_at is not None and row.expires_at <= clock.now():
        raise NotRunning


def _put(row: Incident, step: Step, at: datetime, ground: Ground, by: Actor, **fields: Any) -> None:
    row.authority, row.document = ground.authority, ground.document
    row.save()
    _note(row, step, at, ground, by, **fields)


def _note(row: Incident, step: Step, at: datetime, ground: Ground, by: Actor, **fields: Any) -> None:
    Decision.objects.create( incident=row, step=step.value, at=at, authority=ground.authority, document=ground.document, reason=ground.reason,
        decided_by=by.account_id, recorded_at=clock.now(), **fields,
    )  # fmt: skip
