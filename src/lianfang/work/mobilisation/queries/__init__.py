"""Reads of mobilisation: who is or was on duty where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from lianfang.kernel import clock
from lianfang.kernel.db import read
from lianfang.kernel.ids import AccountId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.ledger.types import REAL
from lianfang.work.mobilisation.models import Presence
from lianfang.work.mobilisation.queries.attendance import (
    attended_by_day,
    attended_by_organisation,
    attended_by_place,
    names_on_duty,
    organisations_of,
    sent_of_person,
    spell,
    spell_of,
    spells_of,
)
from lianfang.work.mobilisation.queries.calls import (
    call,
    called,
    calls,
    calls_begun,
    calls_of,
    could_come,
    is_called,
    minutes_each,
    of_link,
    reach_of,
)
from lianfang.work.mobilisation.queries.forces import (
    asked,
    asked_words,
    callable_at,
    counts,
    draft,
    force,
    forces,
    kept_of,
    latest_draft,
    need,
    needs,
    needs_of,
    on,
    organisations_in_pool,
    people_at,
    sent_to,
)
from lianfang.work.mobilisation.types import Spell

__all__ = [
    "asked",
    "asked_words",
    "at_post",
    "attended_by_day",
    "attended_by_organisation",
    "attended_by_place",
    "call",
    "callable_at",
    "called",
    "calls",
    "calls_begun",
    "calls_of",
    "could_come",
    "counts",
    "draft",
    "force",
    "forces",
    "is_called",
    "kept_of",
    "latest_draft",
    "manned",
    "minutes_each",
    "names_on_duty",
    "need",
    "needs",
    "needs_of",
    "of_link",
    "on",
    "on_duty",
    "on_duty_among",
    "organisations_in_pool",
    "organisations_of",
    "people_at",
    "people_on_duty",
    "present_spell",
    "reach_of",
    "sent_of_person",
    "sent_to",
    "spell",
    "spells",
    "spells_of",
]


def _within(ranges: Sequence[Range], begins: datetime, ends: datetime) -> Q:
    return inside(ranges) & Q(stream=REAL, began_at__lt=ends) & (Q(ended_at=None) | Q(ended_at__gt=begins))


def spells(ranges: Sequence[Range], begins: datetime, ends: datetime, *, after: int = 0, limit: int = 200) -> list[Spell]:
    """Spells of duty in the ranges that touch a time, by when they began; `after` skips so many."""
    rows = Presence.objects.filter(_within(ranges, begins, ends)).order_by("began_at", "record")
    return [spell_of(row) for row in rows[after : after + limit]]


def on_duty(ranges: Sequence[Range]) -> list[Spell]:
    """Who is on duty in the ranges now."""
    inside = " or ".join(["(position >= %s and position < %s)"] * len(ranges)) or "false"
    condition = f"({inside}) and stream = %s and began_at < %s and ended_at is null order by position, began_at, record"
    values = [bound for piece in ranges for bound in piece]
    return [spell_of(row) for row in read(Presence, condition, [*values, REAL, clock.now()])]


def at_post(post_id: UUID) -> list[Spell]:
    """Who is on duty at a post now, within the scope."""
    rows = Presence.objects.filter(post=post_id, stream=REAL, ended_at=None).order_by("began_at", "record")
    return [spell_of(row) for row in rows]


def manned(ranges: Sequence[Range]) -> dict[UUID, int]:
    """How many are on duty now at each post in the ranges; a post that nobody mans is not among them."""
    now = clock.now()
    rows = Presence.objects.filter(_within(ranges, now, now), ended_at=None, post__isnull=False).values("post")
    return {UUID(str(row["post"])): row["many"] for row in rows.annotate(many=Count("record")).order_by()}


def on_duty_among(account_ids: Collection[AccountId]) -> list[Spell]:
    """Which of some people are on duty now, within the scope."""
    rows = Presence.objects.filter(actor__in=set(account_ids), stream=REAL, ended_at=None)
    return [spell_of(row) for row in rows]


def people_on_duty(ranges: Sequence[Range], begins: datetime, ends: datetime) -> int:
    """Distinct people (人) who were on duty in the ranges at any moment of a time."""
    return Presence.objects.filter(_within(ranges, begins, ends)).values("actor").distinct().count()


def present_spell(account_id: AccountId) -> Spell | None:
    """Where a person is on duty now, within the scope; None where nowhere."""
    rows = read(Presence, "actor = %s and stream = %s and ended_at is null order by record limit 1", [account_id, REAL])
    return spell_of(rows[0]) if rows else None
