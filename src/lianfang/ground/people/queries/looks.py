"""The log of looks: for those who watch over it, and for the person looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lianfang.ground.people.models import Look
from lianfang.ground.people.types import Channel, LookTaken
from lianfang.kernel.ids import AccountId, PersonId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside


def looks(
    ranges: Sequence[Range],
    before: datetime | None = None,
    limit: int = 50,
    *,
    account_id: AccountId | None = None,
) -> list[LookTaken]:
    """The latest looks at people who lived in the ranges, newest first; optionally those of one account."""
    found = Look.objects.filter(inside(ranges))
    if before is not None:
        found = found.filter(at__lt=before)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return [_taken(row) for row in found.order_by("-at", "-id")[:limit]]


def looks_at(person_id: PersonId, limit: int = 50) -> list[LookTaken]:
    """Who looked at one person's values, when and why: shown to that person."""
    return [_taken(row) for row in Look.objects.filter(person_id=person_id).order_by("-at", "-id")[:limit]]


def _taken(row: Look) -> LookTaken:
    return LookTaken(row.at, AccountId(row.account_id), PersonId(row.person_id), row.field, row.reason, Channel(row.channel))
