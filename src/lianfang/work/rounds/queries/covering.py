"""How far rounds have come: coverage, doors one by one, two rounds side by side, and the statement at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId, RecordId, RoundId
from lianfang.kernel.ranges import Range, intersect, merged
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.cutting import columns, cut_each
from lianfang.work.rounds.models import RoundDoor
from lianfang.work.rounds.queries.campaigns import one, reach
from lianfang.work.rounds.types import Comparison, Coverage, DoorInRound, EndStatement, Reason

# Whole buildings by their tally, less the doors that have ended since; of a building that a range cuts, the doors inside.
_COVERAGE = """
select w.no, t.standing, t.settled, sum(t.doors), sum(t.visits), sum(t.people_seen), sum(t.people_times)
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rounds_roundtally t on t.round = %(round)s and t.position >= w.lo and t.position < w.hi
group by w.no, t.standing, t.settled
union all
select w.no, s.standing, s.settled, -count(*), 0, 0, 0
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join places_place p on p.level = 'door' and p.valid_to is not null and p.lo >= w.lo and p.lo < w.hi
join rounds_rounddoor s on s.round = %(round)s and s.place = p.id
group by w.no, s.standing, s.settled
union all
select c.no, s.standing, s.settled, count(*) filter (where p.valid_to is null), sum(s.visits), sum(s.people_seen), sum(s.people_times)
from unnest(%(cut_no)s::int[], %(cut_lo)s::bigint[], %(cut_hi)s::bigint[]) c(no, lo, hi)
join rounds_rounddoor s on s.round = %(round)s and s.position >= c.lo and s.position < c.hi
join places_place p on p.id = s.place
group by c.no, s.standing, s.settled
"""
_IN_BOTH = """
select count(*) from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_rounddoor a on a.round = %(first)s and a.settled and a.position >= w.lo and a.position < w.hi
join rounds_rounddoor b on b.round = %(second)s and b.settled and b.place = a.place
join places_place p on p.id = a.place and p.valid_to is null
"""
_STATED = """
select coalesce(sum(s.doors), 0), coalesce(sum(s.settled), 0)
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_statement s on s.round = %(round)s and s.position >= w.lo and s.position < w.hi
"""
_UNREACHED = """
select u.reason, count(*) from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
join rounds_unreached u on u.round = %(round)s and u.position >= w.lo and u.position < w.hi
group by u.reason
"""


def coverage(round_id: RoundId, ranges: Sequence[Range]) -> Coverage:
    """How far a round has come in the ranges (as far as it reaches there)."""
    return coverage_each(round_id, [ranges])[0]


def coverage_each(round_id: RoundId, many: Sequence[Sequence[Range]]) -> list[Coverage]:
    """The same for several lists of ranges side by side, in their order: grids, buildings, units. Three queries, however many."""
    reached = reach(round_id)
    inside = [intersect(reached, merged(ranges)) for ranges in many]
    doors = places.door_counts_each(inside)
    return [summed(counted.doors, rows) for counted, rows in zip(doors, rows_each(round_id, inside), strict=True)]


def rows_each(round_id: RoundId, inside: Sequence[Sequence[Range]]) -> list[list[Sequence[Any]]]:
    """For `summed`: how the doors that stand in several lists of ranges stand in a round."""
    parts = cut_each(inside)
    whole = [(number, piece) for number, part in enumerate(parts) for piece in part.whole]
    pieces = [(number, piece) for number, part in enumerate(parts) for piece in part.parts]
    lo, hi = columns([piece for _, piece in whole])
    cut_lo, cut_hi = columns([piece for _, piece in pieces])
    values: dict[str, Any] = {
        "no": [number for number, _ in whole], "lo": lo, "hi": hi,
        "cut_no": [number for number, _ in pieces], "cut_lo": cut_lo, "cut_hi": cut_hi, "round": round_id,
    }  # fmt: skip
    rows: list[list[Sequence[Any]]] = [[] for _ in inside]
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, values)
        for number, *row in cursor.fetchall():
            rows[number].append(row)
    return rows


def summed(doors: int, rows: Sequence[Sequence[Any]]) -> Coverage:
    """Coverage from rows of (standing, settled, doors, visits, people seen, people times); what is left over was not visited."""
    outcomes: dict[Outcome, int] = defaultdict(int)
    reasons: dict[Reason, int] = defaultdict(int)
    for standing, settled, count, *_ in rows:
        if settled:
            outcomes[Outcome(standing)] += int(count)
        else:
            reasons[Reason(standing)] += int(count)
    settled_doors = sum(outcomes.values())
    reasons[Reason.NOT_YET] = doors - settled_doors - sum(reasons.values())
    visits, people_seen, people_times = (int(sum(row[column] or 0 for row in rows)) for column in (3, 4, 5))
    return Coverage(
        doors, settled_doors, {outcome: count for outcome, count in outcomes.items() if count}, {reason: count for reason, count in reasons.items() if count},
        visits, people_seen, people_times,
    )  # fmt: skip


def door_in_round(row: RoundDoor) -> DoorInRound:
    """A row as it crosses the border."""
    return DoorInRound(
        place_id=PlaceId(row.place), position=row.position, settled=row.settled, outcome=Outcome(row.standing) if row.settled else None,
        reason=None if row.settled else Reason(row.standing), tries=row.tries, visits=row.visits, people_seen=row.people_seen,
        last_at=row.last_at, next_at=row.next_at, record_id=RecordId(row.record),
    )  # fmt: skip


def doors_in_round(round_id: RoundId, place_ids: Collection[PlaceId]) -> dict[PlaceId, DoorInRound]:
    """How each of these doors stands in a round; doors nobody has touched in it are left out."""
    return {PlaceId(row.place): door_in_round(row) for row in RoundDoor.objects.filter(round=round_id, place__in=list(place_ids))}


def settled_doors(round_id: RoundId, ranges: Sequence[Range], *, after: int = -1, limit: int = 500) -> list[DoorInRound]:
    """Doors in the ranges that a round has settled, by position, beyond the last one seen."""
    found: list[DoorInRound] = []
    for piece in intersect(reach(round_id), merged(ranges)):
        rows = RoundDoor.objects.filter(round=round_id, settled=True, position__gte=max(piece.lo, after + 1), position__lt=piece.hi)
        found += [door_in_round(row) for row in rows.order_by("position")[: limit - len(found)]]
    return found[:limit]


def compare(first: RoundId, second: RoundId, ranges: Sequence[Range]) -> Comparison:
    """Two rounds side by side, over what both of them reach in the ranges."""
    both = intersect(intersect(reach(first), reach(second)), merged(ranges))
    former, latter = coverage(first, both), coverage(second, both)
    lo, hi = columns(both)
    with connection.cursor() as cursor:
        cursor.execute(_IN_BOTH, {"first": first, "second": second, "lo": lo, "hi": hi})
        settled = int(cursor.fetchone()[0])
    return Comparison(
        former,
        latter,
        settled,
        former.settled - settled,
        latter.settled - settled,
        former.doors - former.settled - latter.settled + settled,
    )


def end_statement(round_id: RoundId, ranges: Sequence[Range]) -> EndStatement | None:
    """What a round had reached in the ranges when it ended, as known then; None while no statement is taken.

    Doors and settled doors are those of whole buildings; the unreached are counted door by door.
    """
    told = one(round_id)
    if told.frozen_at is None:
        return None
    inside = intersect(reach(round_id), merged(ranges))
    lo, hi = columns(inside)
    values: dict[str, Any] = {"round": round_id, "lo": lo, "hi": hi}
    with connection.cursor() as cursor:
        cursor.execute(_STATED, values)
        doors, settled = (int(number) for number in cursor.fetchone())
        cursor.execute(_UNREACHED, values)
        unreached = {Reason(reason): int(count) for reason, count in cursor.fetchall()}
    return EndStatement(told.frozen_at, doors, settled, unreached, coverage(round_id, inside).settled - settled)
