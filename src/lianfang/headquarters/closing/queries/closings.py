"""Closings and their steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Max

from lianfang.ground.incidents.types import Ground
from lianfang.headquarters.closing.models import Closing
from lianfang.headquarters.closing.queries.holds import holds_of
from lianfang.headquarters.closing.types import ClosingNotFound, ClosingSeen, State, StepSeen, StepState, What
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, IncidentId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside

AGAIN = timedelta(seconds=60)
"""How long a step that failed rests before it is taken again by itself."""


def closing(closing_id: UUID) -> ClosingSeen:
    """One closing with steps and holds. Raises ClosingNotFound."""
    row = Closing.objects.filter(pk=closing_id).first()
    if row is None:
        raise ClosingNotFound
    return seen(row, whole=True)


def closing_of(incident_id: IncidentId) -> ClosingSeen | None:
    """The closing of an incident, unless it was cancelled."""
    row = Closing.objects.filter(incident=incident_id).exclude(state=State.CANCELLED).first()
    return None if row is None else seen(row, whole=True)


def closings(ranges: Sequence[Range], limit: int = 100) -> list[ClosingSeen]:
    """The log of erasures in some ranges, the latest first."""
    return [seen(row) for row in Closing.objects.filter(inside(ranges)).order_by("-asked_at")[:limit]]


def numbered(number: int, ranges: Sequence[Range]) -> ClosingSeen:
    """The closing in some ranges whose certificate has a number, whole. Raises ClosingNotFound, also where it lies elsewhere."""
    row = Closing.objects.filter(inside(ranges), number=number).first()
    if row is None:
        raise ClosingNotFound
    return seen(row, whole=True)


def last_number() -> int:
    """The number given last."""
    return Closing.objects.aggregate(last=Max("number"))["last"] or 0


def waiting(*, patient: bool) -> list[UUID]:
    """Confirmed closings that are not done; `patient` leaves alone those whose step failed a moment ago."""
    found = Closing.objects.filter(state=State.CONFIRMED)
    if patient:
        found = found.exclude(steps__state=StepState.FAILED, steps__tried_at__gt=clock.now() - AGAIN)
    return list(found.order_by("confirmed_at").values_list("id", flat=True))


def seen(row: Closing, *, whole: bool = False) -> ClosingSeen:
    """A row as others see it."""
    incident = IncidentId(row.incident) if row.incident else None
    steps = row.steps.order_by("ordinal") if whole else ()
    return ClosingSeen(
        id=row.id, what=What(row.what), incident=incident, name=row.name, place_id=PlaceId(row.place), state=State(row.state),
        ground=Ground(row.authority, row.document, row.reason), asked_by=AccountId(row.asked_by) if row.asked_by else None,
        asked_at=row.asked_at, confirmed_by=AccountId(row.confirmed_by) if row.confirmed_by else None, confirmed_at=row.confirmed_at,
        finished_at=row.finished_at, number=row.number, counts=row.counts, checked=row.checked,
        steps=tuple(StepSeen(one.name, StepState(one.state), one.done_at, one.counts, one.trouble) for one in steps),
        holds=tuple(holds_of(incident)) if whole and incident else (),
    )  # fmt: skip
