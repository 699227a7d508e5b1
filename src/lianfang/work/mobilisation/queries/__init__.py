"""Reads of mobilisation: who is or was on duty where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.ledger.types import REAL
from lianfang.work.mobilisation.models import Presence
from lianfang.work.mobilisation.queries.calls import call, called, calls, calls_of, of_link
from lianfang.work.mobilisation.queries.forces import (
    asked,
    asked_words,
    callable_at,
    counts,
    draft,
    force,
    forces,
    latest_draft,
    need,
    needs,
    needs_of,
    people_at,
    sent_to,
)
from lianfang.work.mobilisation.types import Spell

__all__ = [
    "asked",
    "asked_words",
    "call",
    "callable_at",
    "called",
    "calls",
    "calls_of",
    "counts",
    "draft",
    "force",
    "forces",
    "latest_draft",
    "need",
    "needs",
    "needs_of",
    "of_link",
    "on_duty",
    "on_duty_among",
    "people_at",
    "people_on_duty",
    "present_spell",
    "sent_to",
    "spells",
]


def _within(ranges: Sequence[Range], begins: datetime, ends: datetime) -> Q:
    inside = Q(pk__in=())
    for piece in ranges:
        inside |= Q(position__gte=piece.lo, position__lt=piece.hi)
    return inside & Q(stream=REAL, began_at__lt=ends) & (Q(ended_at=None) | Q(ended_at__gt=begins))


def spells(ranges: Sequence[Range], begins: datetime, ends: datetime, *, after: int = 0, limit: int = 200) -> list[Spell]:
    """Spells of duty in the ranges that touch a time, by when they began; `after` skips so many."""
    rows = Presence.objects.filter(_within(ranges, begins, ends)).order_by("began_at", "record")
    return [_spell(row) for row in rows[after : after + limit]]


def on_duty(ranges: Sequence[Range]) -> list[Spell]:
    """Who is on duty in the ranges now."""
    now = clock.now()
    rows = Presence.objects.filter(_within(ranges, now, now), ended_at=None).order_by("position", "began_at", "record")
    return [_spell(row) for row in rows]


def on_duty_among(account_ids: Collection[AccountId]) -> list[Spell]:
    """Which of some people are on duty now, within the scope."""
    rows = Presence.objects.filter(actor__in=set(account_ids), stream=REAL, ended_at=None)
    return [_spell(row) for row in rows]


def people_on_duty(ranges: Sequence[Range], begins: datetime, ends: datetime) -> int:
    """Distinct people (人) who were on duty in the ranges at any moment of a time."""
    return Presence.objects.filter(_within(ranges, begins, ends)).values("actor").distinct().count()


def present_spell(account_id: AccountId) -> Spell | None:
    """Where a person is on duty now, within the scope; None where nowhere."""
    row = Presence.objects.filter(actor=account_id, stream=REAL, ended_at=None).first()
    return _spell(row) if row else None


def _spell(row: Presence) -> Spell:
    return Spell(RecordId(row.record), AccountId(row.actor), PlaceId(row.place), row.position, row.began_at, row.ended_at)
