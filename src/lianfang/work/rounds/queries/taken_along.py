"""How doors stand, for a phone that takes them along: in open rounds, and a mark that changes whenever any of it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lianfang.kernel.ids import PlaceId, RoundId
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.queries.cutting import columns
from lianfang.ledger.types import REAL

_IN_ROUNDS = """
select s.round, s.place, s.standing, s.settled, s.effective_at, s.tries, s.next_at
from unnest(%(rounds)s::uuid[]) r(round) cross join unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_rounddoor s on s.round = r.round and s.position >= w.lo and s.position < w.hi
"""
_MARK = """
select count(*), coalesce(sum(hashtextextended(s::text, 0)::numeric), 0)::text
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_doorstate s on s.position >= w.lo and s.position < w.hi and s.stream = %(stream)s
union all
select count(*), coalesce(sum(hashtextextended(s::text, 0)::numeric), 0)::text
from unnest(%(rounds)s::uuid[]) r(round) cross join unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_rounddoor s on s.round = r.round and s.position >= w.lo and s.position < w.hi
"""


@dataclass(frozen=True, slots=True)
class DoorInRound:
    """How a door stands in one round."""

    round_id: RoundId
    place_id: PlaceId
    standing: str
    settled: bool
    at: datetime
    tries: int
    next_at: datetime | None


def doors_in_rounds(round_ids: Sequence[RoundId], ranges: Sequence[Range]) -> list[DoorInRound]:
    """How the doors of the ranges stand in some rounds; doors nobody has touched have no row."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_IN_ROUNDS, {"rounds": list(round_ids), "lo": lo, "hi": hi})
        return [DoorInRound(RoundId(row[0]), PlaceId(row[1]), *row[2:]) for row in cursor.fetchall()]


def mark_of_doors(round_ids: Sequence[RoundId], ranges: Sequence[Range]) -> list[str]:
    """Words that change whenever the state of any door in the ranges does, in itself or in these rounds, late records included."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"rounds": list(round_ids), "lo": lo, "hi": hi, "stream": REAL})
        return [f"{count}:{digest}" for count, digest in cursor.fetchall()]
