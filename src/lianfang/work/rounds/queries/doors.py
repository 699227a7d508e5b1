"""How doors stand today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.kernel.ranges import Range
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import columns, cut_each
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import DoorState
from lianfang.work.rounds.rules import settles
from lianfang.work.rounds.types import DoorCount, DoorSeen

# Whole buildings by their tally, less the doors that have ended since; of a building that a range cuts, the doors inside.
_COUNTS = """
select w.no, t.outcome, sum(t.doors) as doors
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rounds_doortally t on t.position >= w.lo and t.position < w.hi and t.stream = %(stream)s
group by w.no, t.outcome
union all
select w.no, s.outcome, -count(*)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_place p on p.level = 'door' and p.valid_to is not null and p.lo >= w.lo and p.lo < w.hi
join rounds_doorstate s on s.stream = %(stream)s and s.place = p.id
group by w.no, s.outcome
union all
select c.no, s.outcome, count(*)
from unnest(%(cut_no)s::int[], %(cut_lo)s::bigint[], %(cut_hi)s::bigint[]) c(no, lo, hi)
join rounds_doorstate s on s.position >= c.lo and s.position < c.hi and s.stream = %(stream)s
join places_place p on p.id = s.place and p.valid_to is null
group by c.no, s.outcome
"""


def _seen(row: DoorState) -> DoorSeen:
    return DoorSeen(
        place_id=PlaceId(row.place), position=row.position, outcome=Outcome(row.outcome), settled=row.settled, since=row.effective_at,
        record_id=RecordId(row.record), tries=row.tries, people_seen=row.people_seen, visits=row.visits,
    )  # fmt: skip


def door(place_id: PlaceId) -> DoorSeen | None:
    """How one door stands; None where nobody was there yet."""
    row = DoorState.objects.filter(stream=REAL, place=place_id).first()
    return _seen(row) if row else None


def door_states(place_ids: Collection[PlaceId]) -> dict[PlaceId, DoorSeen]:
    """How each of these doors stands; doors without a visit are left out."""
    return {PlaceId(row.place): _seen(row) for row in DoorState.objects.filter(stream=REAL, place__in=list(place_ids))}


def doors_in(ranges: Sequence[Range], *, settled: bool | None = None, after: int = -1, limit: int = 500) -> list[DoorSeen]:
    """Visited doors in the ranges by position, all or only (un)settled ones; `after` is the position of the last one seen."""
    found: list[DoorSeen] = []
    for piece in ranges:
        rows = DoorState.objects.filter(stream=REAL, position__gte=max(piece.lo, after + 1), position__lt=piece.hi)
        if settled is not None:
            rows = rows.filter(settled=settled)
        found += [_seen(row) for row in rows.order_by("position")[: limit - len(found)]]
    return found[:limit]


def door_counts(ranges: Sequence[Range]) -> DoorCount:
    """Doors (户) in the ranges by how they stand, each once."""
    return door_counts_each([ranges])[0]


def door_counts_each(many: Sequence[Sequence[Range]]) -> list[DoorCount]:
    """The same for several lists of ranges in one query: the children of a place side by side."""
    parts = cut_each(many)
    whole = [(number, piece) for number, part in enumerate(parts) for piece in part.whole]
    pieces = [(number, piece) for number, part in enumerate(parts) for piece in part.parts]
    lo, hi = columns([piece for _, piece in whole])
    cut_lo, cut_hi = columns([piece for _, piece in pieces])
    values: dict[str, Any] = {
        "no": [number for number, _ in whole], "lo": lo, "hi": hi,
        "cut_no": [number for number, _ in pieces], "cut_lo": cut_lo, "cut_hi": cut_hi, "stream": REAL,
    }  # fmt: skip
    by_outcome: list[dict[Outcome, int]] = [{} for _ in many]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        for number, outcome, doors in cursor.fetchall():
            counted = by_outcome[number]
            counted[Outcome(outcome)] = counted.get(Outcome(outcome), 0) + int(doors)
    return [_count(counted) for counted in by_outcome]


def _count(counted: dict[Outcome, int]) -> DoorCount:
    by_outcome = {outcome: doors for outcome, doors in counted.items() if doors}
    settled = sum(doors for outcome, doors in by_outcome.items() if settles(outcome))
    return DoorCount(sum(by_outcome.values()), settled, by_outcome)
