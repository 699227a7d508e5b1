"""Reads of measures and of the decisions that raised and lifted them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from lianfang.ground.incidents.models import Measure, MeasureDecision
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.types import Ground, MeasureDecisionSeen, MeasureNotFound, MeasureSeen, MeasureStep
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, MeasureId, PlaceId


def measure(measure_id: MeasureId) -> MeasureSeen:
    """One measure. Raises MeasureNotFound."""
    row = Measure.objects.filter(pk=measure_id).first()
    if row is None:
        raise MeasureNotFound
    return _seen(row)


def measures_of(incident_id: IncidentId, at: datetime | None = None) -> list[MeasureSeen]:
    """Measures of an incident, all or those in force at a moment, the earliest first."""
    rows = Measure.objects.filter(incident_id=incident_id).order_by("begins_at", "id")
    found = [_seen(row) for row in rows]
    return found if at is None else [one for one in found if one.holds(at)]


def measures_by_id(measure_ids: Collection[UUID]) -> dict[UUID, MeasureSeen]:
    """Several measures in one query."""
    return {row.id: _seen(row) for row in Measure.objects.filter(pk__in=list(measure_ids))}


def beyond_the_rules(incident_id: IncidentId) -> list[MeasureSeen]:
    """Measures that go beyond what their rule set allows (加码), with the reason given: what those above look at."""
    return [_seen(row) for row in Measure.objects.filter(incident_id=incident_id).exclude(beyond="").order_by("begins_at", "id")]


def measure_decisions(measure_id: MeasureId) -> list[MeasureDecisionSeen]:
    """Who raised, published, renewed and lifted a measure, in the order in which it was recorded."""
    return [
        MeasureDecisionSeen(
            step=MeasureStep(row.step),
            at=row.at,
            ground=Ground(row.authority, row.document, row.reason),
            decided_by=AccountId(row.decided_by) if row.decided_by else None,
            recorded_at=row.recorded_at,
            expires_at=row.expires_at,
            beyond=row.beyond,
        )
        for row in MeasureDecision.objects.filter(measure_id=measure_id).order_by("id")
    ]


def _seen(row: Measure) -> MeasureSeen:
    return MeasureSeen(
        measure_id=MeasureId(row.id),
        incident_id=IncidentId(row.incident_id),
        meaning=rulesets.meaning(row.rule_set, row.key),
        rule_set=row.rule_set,
        place_id=PlaceId(row.place_id) if row.place_id else None,
        area_id=AreaId(row.area_id) if row.area_id else None,
        begins_at=row.begins_at,
        expires_at=row.expires_at,
        lifted_at=row.lifted_at,
        published_at=row.published_at,
        lifting_published_at=row.lifting_published_at,
        authority=row.authority,
        document=row.document,
        beyond=row.beyond,
    )
