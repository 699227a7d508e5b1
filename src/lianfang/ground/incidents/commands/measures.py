"""Raising, publishing, renewing and lifting measures, each with the order that did it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents.commands import grounds
from lianfang.ground.incidents.models import Incident, Measure, MeasureDecision
from lianfang.ground.incidents.queries.incidents import pieces_of_row
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.types import (
    AlreadyPublished,
    BeyondTheRules,
    Ground,
    MeasureNotFound,
    MeasureOver,
    MeasureStep,
    MomentWrong,
    NotRunning,
    NotTheAuthority,
    OutsideIncident,
    PeriodBeyond,
    PeriodWrong,
    Raising,
    ReasonMissing,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import IncidentId, MeasureId, new_id
from lianfang.kernel.ranges import contains


def raise_measure(new: Raising, *, by: Actor) -> MeasureId:
    """Raise a measure over a place or area inside an incident. It keeps the rule set of this moment.

    Taking effect may lie ahead, or in the past since the incident was opened. Raises UnknownMeasure, OutsideIncident, PeriodBeyond,
    BeyondTheRules where the rules allow fewer days and nobody says why.
    """
    ground = grounds.stated(new.ground)
    pieces = grounds.pieces_of(new.place, new.area)
    grounds.require(by, new.place, new.area)
    with acting(by.account_id, ground.reason):
        incident = grounds.locked(new.incident)
        begins_at = new.begins_at or clock.now()
        if begins_at < incident.opened_at:
            raise MomentWrong
        if not all(contains(pieces_of_row(incident), piece) for piece in pieces):
            raise OutsideIncident
        _within_period(incident, begins_at, new.expires_at, incident.rule_set, new.key, new.beyond)
        row = Measure(
            id=new.measure_id or new_id(), incident=incident, key=new.key, rule_set=incident.rule_set, place_id=new.place,
            area_id=new.area, begins_at=begins_at, expires_at=new.expires_at, published_at=new.published_at,
            authority=ground.authority, document=ground.document, beyond=new.beyond.strip(),
        )  # fmt: skip
        row.save(force_insert=True)
        _note(row, MeasureStep.RAISED, begins_at, ground, by, expires_at=new.expires_at, beyond=row.beyond)
        if new.published_at is not None:
            _note(row, MeasureStep.PUBLISHED, new.published_at, ground, by)
    return MeasureId(row.id)


def publish_measure(measure_id: MeasureId, ground: Ground, *, by: Actor, at: datetime | None = None) -> None:
    """Say when people were told that a measure takes effect (now). Once."""
    told = grounds.stated(ground)
    with acting(by.account_id, told.reason):
        row = _locked(measure_id, by)
        if row.published_at is not None:
            raise AlreadyPublished
        row.published_at = grounds.decided(at, row.incident.opened_at)
        row.save(update_fields=["published_at"])
        _note(row, MeasureStep.PUBLISHED, row.published_at, told, by)


def renew_measure(measure_id: MeasureId, expires_at: datetime, ground: Ground, *, by: Actor, beyond: str = "") -> None:
    """Renew a measure that still holds until a later moment, with reason and document. One that is over is raised anew."""
    told = grounds.stated(ground)
    if not told.reason:
        raise ReasonMissing
    with acting(by.account_id, told.reason):
        row = _locked(measure_id, by)
        now = clock.now()
        if row.lifted_at is not None or row.expires_at <= now:
            raise MeasureOver
        if expires_at <= row.expires_at:
            raise PeriodWrong
        _within_period(row.incident, row.begins_at, expires_at, row.rule_set, row.key, beyond or row.beyond)
        row.expires_at, row.beyond = expires_at, beyond.strip() or row.beyond
        row.save(update_fields=["expires_at", "beyond"])
        _note(row, MeasureStep.RENEWED, now, told, by, expires_at=expires_at, beyond=row.beyond)


def lift_measure(measure_id: MeasureId, ground: Ground, *, by: Actor, at: datetime | None = None, superior: bool = False) -> None:
    """Lift a measure from a moment on (now; it may lie ahead). The authority that raised it lifts it, or one stated to be above it."""
    told = grounds.stated(ground)
    with acting(by.account_id, told.reason):
        row = _locked(measure_id, by)
        moment = at or clock.now()
        if row.lifted_at is not None or row.expires_at <= clock.now():
            raise MeasureOver
        if moment < row.begins_at:
            raise MomentWrong
        if told.authority != row.authority and not superior:
            raise NotTheAuthority(authority=row.authority)
        lifted(row, moment, told, by)


def publish_lifting(measure_id: MeasureId, ground: Ground, *, by: Actor, at: datetime | None = None) -> None:
    """Say when people were told that a measure is lifted (now). Once."""
    told = grounds.stated(ground)
    with acting(by.account_id, told.reason):
        row = _locked(measure_id, by, ended_too=True)
        if row.lifted_at is None:
            raise MeasureNotFound
        if row.lifting_published_at is not None:
            raise AlreadyPublished
        row.lifting_published_at = grounds.decided(at, row.begins_at)
        row.save(update_fields=["lifting_published_at"])
        _note(row, MeasureStep.LIFTING_PUBLISHED, row.lifting_published_at, told, by)


def standing(incident_id: IncidentId, at: datetime) -> list[Measure]:
    """Measures of an incident that hold at a moment or will, locked."""
    still = Q(lifted_at=None) | Q(lifted_at__gt=at)
    return list(Measure.objects.select_for_update().filter(still, incident_id=incident_id, expires_at__gt=at).order_by("id"))


def lifted(row: Measure, at: datetime, ground: Ground, by: Actor) -> None:
    """Write down a lifting. One that had not yet taken effect is lifted as it would begin."""
    row.lifted_at = max(at, row.begins_at)
    row.save(update_fields=["lifted_at"])
    _note(row, MeasureStep.LIFTED, row.lifted_at, ground, by)


def _locked(measure_id: MeasureId, by: Actor, *, ended_too: bool = False) -> Measure:
    row = Measure.objects.select_for_update().filter(pk=measure_id).first()
    if row is None:
        raise MeasureNotFound
    if not ended_too:
        grounds.locked(IncidentId(row.incident_id))
    grounds.require(by, row.place_id, row.area_id)
    return row


def _within_period(incident: Incident, begins_at: datetime, expires_at: datetime, rules: str, key: str, beyond: str) -> None:
    """The period of a measure: it ends, not after its incident, and not after the days its rules allow unless somebody says why."""
    now = clock.now()
    if incident.expires_at is not None and incident.expires_at <= now:
        raise NotRunning
    if expires_at <= max(begins_at, now):
        raise PeriodWrong
    if incident.expires_at is not None and expires_at > incident.expires_at:
        raise PeriodBeyond(until=clock.local(incident.expires_at).strftime("%Y-%m-%d %H:%M"))
    days = rulesets.meaning(rules, key).at_most_days
    # The last day counts whole: rules are read in days, released at 24:00 of the last (DOMAIN 3.1).
    if days is not None and not beyond.strip() and expires_at > begins_at + timedelta(days=days + 1):
        raise BeyondTheRules(days=days)


def _note(row: Measure, step: MeasureStep, at: datetime, ground: Ground, by: Actor, **fields: Any) -> None:
    MeasureDecision.objects.create( measure=row, step=step.value, at=at, authority=ground.authority, document=ground.document, reason=ground.reason,
        decided_by=by.account_id, recorded_at=clock.now(), **fields,
    )  # fmt: skip
