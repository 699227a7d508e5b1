"""What of rosters waits for somebody, for many lists of ranges at once: files tried and not loaded, rows and questions to settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.rosters.loading_types import State, Verdict
from lianfang.kernel.ranges import Range, merged

_EACH = """
select w.no, count(*) filter (where r.state = %(tried)s), coalesce(sum(t.rows), 0), coalesce(sum(t.questions), 0),
       count(*) filter (where t.rows + t.questions > 0), (array_agg(r.id order by r.brought_at desc) filter (where t.rows + t.questions > 0))[1]
from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) w(no, lo, hi)
join rosters_roster r on r.position >= w.lo and r.position < w.hi and r.state = any(%(states)s)
cross join lateral (
    select case when r.state = %(loaded)s then (
               select count(*) from rosters_row x where x.roster_id = r.id and x.verdict = %(waiting)s and x.person
           ) else 0 end as rows,
           (select count(*) from rosters_question q where q.roster_id = r.id and q.settled_at is null) as questions
) t
group by w.no
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rosters that were tried and not loaded, rows of loaded ones that wait, open questions, rosters with such, and the latest of these."""

    to_load: int = 0
    rows: int = 0
    questions: int = 0
    rosters: int = 0
    latest: UUID | None = None


def waiting_each(many: Sequence[Sequence[Range]]) -> list[Waiting]:
    """For each list of ranges."""
    pieces = [(number, piece) for number, ranges in enumerate(many) for piece in merged(ranges)]
    values: dict[str, Any] = {
        "no": [number for number, _ in pieces],
        "lo": [piece.lo for _, piece in pieces],
        "hi": [piece.hi for _, piece in pieces],
        "tried": State.TRIED,
        "loaded": State.LOADED,
        "states": [State.TRIED, State.LOADED],
        "waiting": Verdict.WAITING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EACH, values)
        found = {row[0]: Waiting(row[1], int(row[2]), int(row[3]), row[4], row[5]) for row in cursor.fetchall()}
    return [found.get(number, Waiting()) for number in range(len(many))]
