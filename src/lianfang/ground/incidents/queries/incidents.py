"""Reads of incidents and their timelines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lianfang.ground.incidents.models import Decision, Incident
from lianfang.ground.incidents.types import (
    Case,
    DecisionSeen,
    Ground,
    IncidentKind,
    IncidentNotFound,
    IncidentSeen,
    Phase,
    ResponseLevel,
    Step,
)
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.db import read
from lianfang.kernel.ids import AccountId, AreaId, IncidentId, PlaceId
from lianfang.kernel.ranges import EVERYWHERE, Range, contains, intersect

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place


def incident(incident_id: IncidentId) -> IncidentSeen:
    """One incident. Raises IncidentNotFound."""
    row = Incident.objects.filter(pk=incident_id).first()
    if row is None:
        raise IncidentNotFound
    return seen(row)


def incidents(limit: int = 100) -> list[IncidentSeen]:
    """All incidents and drills, the latest first."""
    return [seen(row) for row in Incident.objects.order_by("-opened_at", "-id")[:limit]]


def incidents_within(ranges: Sequence[Range], limit: int = 100) -> list[IncidentSeen]:
    """Incidents and drills whose area meets the ranges, those that have not ended first and then the latest."""
    told = [seen(row) for row in Incident.objects.order_by("-opened_at", "-id")]
    over = incident_ranges_each(told)
    found = [one for one in told if intersect(over[one.incident_id], ranges)]
    return sorted(found, key=lambda one: one.ended_at is not None)[:limit]


def open_incidents(at: datetime | None = None) -> list[IncidentSeen]:
    """Incidents and drills not ended at a moment (now), the earliest first; one that has lapsed still takes its records."""
    moment = at or clock.now()
    rows = read(Incident, "(ended_at is null or ended_at > %s) and opened_at <= %s order by opened_at, id", [moment, moment])
    return [seen(row) for row in rows]


def incidents_over(place: Place, at: datetime | None = None) -> list[IncidentSeen]:
    """Open incidents that hold all of a place, so that what happens there may belong to them."""
    inner = Range(place.lo, place.hi)
    found = open_incidents(at)
    over = incident_ranges_each(found)
    return [one for one in found if contains(over[one.incident_id], inner)]


def incident_ranges(told: IncidentSeen) -> list[Range]:
    """The positions of an incident's area today."""
    return incident_ranges_each([told])[told.incident_id]


def incident_ranges_each(told: Sequence[IncidentSeen]) -> dict[IncidentId, list[Range]]:
    """The same of several incidents, in one query for the places and one for the areas."""
    here = places.places_by_id([one.place_id for one in told if one.place_id])
    areas = places.area_ranges_each([one.area_id for one in told if one.area_id]) if any(one.area_id for one in told) else {}
    return {
        one.incident_id: places.ranges_of(here[one.place_id]) if one.place_id else areas[one.area_id] if one.area_id else [EVERYWHERE]
        for one in told
    }


def pieces_of_row(row: Incident) -> list[Range]:
    """The same of a row, for the commands of this context."""
    return incident_ranges(seen(row))


def decisions(incident_id: IncidentId) -> list[DecisionSeen]:
    """The timeline of an incident, by the moment at which each decision took effect."""
    rows = Decision.objects.filter(incident_id=incident_id).order_by("at", "id")
    return [
        DecisionSeen(
            step=Step(row.step),
            at=row.at,
            ground=Ground(row.authority, row.document, row.reason),
            decided_by=AccountId(row.decided_by) if row.decided_by else None,
            recorded_at=row.recorded_at,
            level=ResponseLevel(row.level) if row.level else None,
            phase=Phase(row.phase) if row.phase else None,
            expires_at=row.expires_at,
            rule_set=row.rule_set,
        )
        for row in rows
    ]


def rule_set_of(case: Case) -> str:
    """The id of the rule set by which a case is judged: the one chosen when it began; empty where none was."""
    chosen = Decision.objects.filter(incident_id=case.incident_id, step__in=(Step.OPENED, Step.RULES), at__lte=case.begun_at)
    return chosen.order_by("-at", "-id").values_list("rule_set", flat=True).first() or ""


def seen(row: Incident) -> IncidentSeen:
    """A row as others see it."""
    return IncidentSeen(
        incident_id=IncidentId(row.id),
        name=row.name,
        kind=IncidentKind(row.kind),
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        place_id=PlaceId(row.place_id) if row.place_id else None,
        area_id=AreaId(row.area_id) if row.area_id else None,
        drill=row.drill,
        level=ResponseLevel(row.level) if row.level else None,
        phase=Phase(row.phase) if row.phase else None,
        expires_at=row.expires_at,
        authority=row.authority,
        document=row.document,
        rule_set=row.rule_set,
    )
