"""How doors stand, for a phone that takes them along: at their last try, and in open rounds. As columns: many rows that nobody here looks into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lianfang.kernel.ids import RoundId
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.queries.cutting import columns
from lianfang.ledger.types import REAL

_MOMENT = """'YYYY-MM-DD"T"HH24:MI:SS.USZ'"""
_STOOD = f"""
select coalesce(array_agg(s.position order by s.position), '{{}}'), array_agg(s.outcome order by s.position),
       array_agg(to_char(s.effective_at at time zone 'utc', {_MOMENT}) order by s.position), array_agg(s.tries order by s.position),
       array_agg(s.record::text order by s.position)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_doorstate s on s.position >= w.lo and s.position < w.hi and s.stream = %(stream)s
"""
_IN_ROUNDS = f"""
select s.round, array_agg(s.position order by s.position), array_agg(s.standing order by s.position), array_agg(s.settled order by s.position),
       array_agg(to_char(s.effective_at at time zone 'utc', {_MOMENT}) order by s.position), array_agg(s.tries order by s.position),
       array_agg(to_char(s.next_at at time zone 'utc', {_MOMENT}) order by s.position)
from unnest(%(rounds)s::uuid[]) r(round) cross join unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_rounddoor s on s.round = r.round and s.position >= w.lo and s.position < w.hi
group by s.round
"""


@dataclass(frozen=True, slots=True)
class DoorsStood:
    """How doors stood at their last try, by position: moments are written in UTC, records as text."""

    positions: Sequence[int] = ()
    outcomes: Sequence[str] = ()
    at: Sequence[str] = ()
    tries: Sequence[int] = ()
    records: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DoorsInRound:
    """The same in one round, with when the next try is planned."""

    positions: Sequence[int] = ()
    standings: Sequence[str] = ()
    settled: Sequence[bool] = ()
    at: Sequence[str] = ()
    tries: Sequence[int] = ()
    next_at: Sequence[str | None] = ()


def doors_stood(ranges: Sequence[Range]) -> DoorsStood:
    """How the doors of the ranges stood at their last try; those nobody tried are left out."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_STOOD, {"lo": lo, "hi": hi, "stream": REAL})
        row: Sequence[Any] = cursor.fetchone()
        return DoorsStood(*row) if row[0] else DoorsStood()


def doors_in_rounds(round_ids: Sequence[RoundId], ranges: Sequence[Range]) -> dict[RoundId, DoorsInRound]:
    """How the doors of the ranges stand in some rounds; doors nobody has touched are left out."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_IN_ROUNDS, {"rounds": list(round_ids), "lo": lo, "hi": hi})
        return {RoundId(row[0]): DoorsInRound(*row[1:]) for row in cursor.fetchall()}
