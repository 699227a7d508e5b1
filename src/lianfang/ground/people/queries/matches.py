"""Pairs of persons that may be one: read by the system only, which makes a matter of each (never by the web login)."""

from __future__ import annotations

from lianfang.ground.people.models import Match
from lianfang.ground.people.types import PairAlike
from lianfang.kernel.ids import PersonId


def matches(limit: int = 100, *, after: int = 0) -> list[PairAlike]:
    """Pairs in the order they were found, beyond a number."""
    rows = Match.objects.filter(pk__gt=after).order_by("pk")[:limit]
    return [PairAlike(row.pk, PersonId(row.one_id), PersonId(row.other_id), row.basis, row.found_at) for row in rows]
