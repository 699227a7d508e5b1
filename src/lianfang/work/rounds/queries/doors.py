"""How doors stand today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from lianfang.kernel.db import read, rows
from lianfang.kernel.ids import PlaceId, RecordId
from lianfang.kernel.ranges import Range, merged, stretches
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import columns, cut_each
from lianfang.ledger.types import REAL
from lianfang.work.rounds.models import DoorState
from lianfang.work.rounds.rules import settles
from lianfang.work.rounds.types import DoorCount, DoorSeen

# Whole buildings by their tally, less the doors that have ended since; of a building that a range cuts, the doors inside. Rows are
# read once, and numbered by the stretch they lie in: a place and its children ask for the same rows.
_COUNTS = """
select width_bucket(t.position, %(bounds)s::bigint[]), t.outcome, sum(t.doors), false
from {tallies}
group by 1, 2
union all
select width_bucket(p.lo, %(bounds)s::bigint[]), s.outcome, -count(*), false
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join places_place p on p.level = 'door' and p.valid_to is not null and p.lo >= w.lo and p.lo < w.hi
join rounds_doorstate s on s.stream = %(stream)s and s.place = p.id
group by 1, 2
union all
select width_bucket(s.position, %(cut_bounds)s::bigint[]), s.outcome, count(*), true
from unnest(%(cut_lo)s::bigint[], %(cut_hi)s::bigint[]) c(lo, hi)
join rounds_doorstate s on s.position >= c.lo and s.position < c.hi and s.stream = %(stream)s
join places_place p on p.id = s.place and p.valid_to is null
group by 1, 2
"""
_WIDE = 10_000_000_000
"""Positions of a street."""
# One span that is wider, as every district is, stands in the statement itself: the planner sees that a city holds most rows, and reads them in their order.
_IN_ONE = "rounds_doortally t where t.position >= %(lo1)s and t.position < %(hi1)s and t.stream = %(stream)s"
_IN_MANY = """unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_doortally t on t.position >= w.lo and t.position < w.hi and t.stream = %(stream)s"""


_FIELDS = ("place", "position", "outcome", "settled", "effective_at", "record", "tries", "people_seen", "visits")
_TOLD = """
select coalesce(sum(s.visits), 0) from unnest(%s::bigint[], %s::bigint[]) w(lo, hi)
join rounds_doorstate s on s.position >= w.lo and s.position < w.hi and s.stream = %s
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
    return {PlaceId(row.place): _seen(row) for row in read(DoorState, "stream = %s and place = any(%s)", [REAL, list(place_ids)])}


def visits_told(ranges: Sequence[Range]) -> int:
    """How many visits are known of the doors in the ranges, of whatever time: it grows with a late one too. For a few communities at most."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [lo, hi, REAL])
        return int(cursor.fetchone()[0])


def door_counts(ranges: Sequence[Range]) -> DoorCount:
    """Doors (户) in the ranges by how they stand, each once."""
    return door_counts_each([ranges])[0]


def door_counts_each(many: Sequence[Sequence[Range]]) -> list[DoorCount]:
    """The same for several lists of ranges in one query: the children of a place side by side."""
    parts = cut_each(many)
    whole, cut = stretches([part.whole for part in parts]), stretches([part.parts for part in parts])
    lo, hi = columns(whole.spans)
    cut_lo, cut_hi = columns(cut.spans)
    values: dict[str, Any] = {
        "bounds": whole.bounds, "lo": lo, "hi": hi, "cut_bounds": cut.bounds, "cut_lo": cut_lo, "cut_hi": cut_hi, "stream": REAL,
    }  # fmt: skip
    by_outcome: list[Counter[Outcome]] = [Counter() for _ in many]
    for stretch, outcome, doors, of_a_part in _counted(whole.spans, values):
        for number in (cut if of_a_part else whole).among(stretch):
            by_outcome[number][Outcome(outcome)] += int(doors)
    return [_count(counted) for counted in by_outcome]


def _counted(spans: Sequence[Range], values: dict[str, Any]) -> list[tuple[Any, ...]]:
    if len(spans) != 1 or spans[0].hi - spans[0].lo <= _WIDE:
        return rows(_COUNTS.format(tallies=_IN_MANY), values)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(tallies=_IN_ONE), {**values, "lo1": spans[0].lo, "hi1": spans[0].hi})
        return list(cursor.fetchall())


def _count(counted: Mapping[Outcome, int]) -> DoorCount:
    by_outcome = {outcome: doors for outcome, doors in counted.items() if doors}
    settled = sum(doors for outcome, doors in by_outcome.items() if settles(outcome))
    return DoorCount(sum(by_outcome.values()), settled, by_outcome)
