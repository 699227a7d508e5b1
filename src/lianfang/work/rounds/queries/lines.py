"""Where what was recorded at doors differs from itself or from the ground: read from the ledger as it stands, so that nothing can be out of date.

Every record is kept, and the door follows the order rule; a line only tells those concerned. It is gone when one of the two records is
withdrawn, or when somebody says that both are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, PersonId, PlaceId, RecordId, derived_id
from lianfang.kernel.ranges import Range, merged
from lianfang.ledger.queries.cutting import columns
from lianfang.work.rounds.models import SettledLine
from lianfang.work.rounds.rules import TWO_PEOPLE_WITHIN
from lianfang.work.rounds.types import Line, LineKind, Said

# Each visit beside the one before it at its door, in the order of the ledger; and visits at a door that had ended by their day.
_LINES = """
with visit as materialized (
    select s.id, s.place, s.position, s.actor, s.effective_at, s.payload ->> 'outcome' as outcome, s.subject
    from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) w(lo, hi)
    cross join lateral (
        select v.* from ledger_standing v join ledger_book b on b.id = v.book and not b.drill
        where v.position >= w.lo and v.position < w.hi and v.kind = 'visit' and v.effective_at >= %(since)s offset 0
    ) s
), ordered as (
    select v.*, lag(id) over door as before, lag(actor) over door as before_actor, lag(effective_at) over door as before_at,
        lag(outcome) over door as before_outcome
    from visit v window door as (partition by place order by effective_at, id)
)
select 'two_people', id, place, position, actor, effective_at, outcome, before, before_actor, before_at, before_outcome, null::uuid from ordered
where before_actor is distinct from actor and effective_at - before_at <= %(within)s::interval
union all
select 'door_changed', v.id, v.place, v.position, v.actor, v.effective_at, v.outcome, null, null, p.valid_to::timestamptz, null, null
from visit v join places_place p on p.id = v.place and p.valid_to <= (v.effective_at at time zone 'Asia/Shanghai')::date
union all
select 'person_changed', v.id, v.place, v.position, v.actor, v.effective_at, v.outcome, null, null, null, null, v.subject from visit v
where v.subject is not null
"""


def lines(ranges: Sequence[Range], since: datetime, *, of: AccountId | None = None) -> list[Line]:
    """What differs at the doors of the ranges, the latest first; only what concerns one account, if that is asked."""
    lo, hi = columns(merged(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"lo": lo, "hi": hi, "since": since, "within": f"{TWO_PEOPLE_WITHIN.total_seconds():.0f} seconds"})
        rows = cursor.fetchall()
    left = people.left_doors([(PersonId(row[11]), PlaceId(row[2]), clock.local(row[5]).date()) for row in rows if row[11] is not None])
    found = [_line(row) for row in rows if row[0] != LineKind.PERSON_CHANGED or (row[11], row[2]) in left]
    mine = [line for line in found if of is None or of in {said.actor for said in line.said}]
    settled = set(SettledLine.objects.filter(pk__in=[line.id for line in mine]).values_list("pk", flat=True))
    return sorted((line for line in mine if line.id not in settled), key=lambda line: (line.said[0].at, line.id), reverse=True)


def _line(row: tuple[Any, ...]) -> Line:
    kind, record, place, position, actor, at, outcome, before, before_actor, before_at, before_outcome, _subject = row
    said = [Said(RecordId(record), actor, at, outcome)]
    if before is not None:
        said.append(Said(RecordId(before), before_actor, before_at, before_outcome))
    name = derived_id(record, f"{kind} {before or ''}")
    return Line(name, LineKind(str(kind)), PlaceId(place), position, tuple(said))
