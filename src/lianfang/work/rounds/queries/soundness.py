"""Tables folded from visits against an independent recount: plain sums over the ledger, not the statements that folded them."""

from __future__ import annotations

from django.db import connection

from lianfang.kernel.soundness import Finding
from lianfang.work.rounds.rules import SETTLING

_MEND = "./lianfang rebuild"

# Visits per outcome and day, from the records and from the tallies; differs wherever any building does.
_DAYS = """
with said as (
    select book, date_trunc('day', effective_at, 'Asia/Shanghai') as day, payload ->> 'outcome' as outcome, count(*) as visits
    from ledger_standing where kind = 'visit' group by 1, 2, 3
), days as (
    select book, begins as day, outcome, sum(visits) as visits from rounds_visittally group by 1, 2, 3
), communities as (
    select book, begins as day, outcome, sum(visits) as visits from rounds_visitday group by 1, 2, 3
)
select count(*) from said full join days using (book, day, outcome) full join communities using (book, day, outcome)
where (said.visits, days.visits) is distinct from (communities.visits, said.visits)
"""
# Each door counts once in each of its days: at each position it had.
_DOOR_DAYS = """
with said as (
    select ledger_stream(b.drill, s.incident) as stream, (s.effective_at at time zone 'Asia/Shanghai')::date as day,
        count(distinct (s.place, s.position)) as doors
    from ledger_standing s join ledger_book b on b.id = s.book where s.kind = 'visit' group by 1, 2
), held as (select stream, day, sum(doors) as doors from rounds_doorday group by 1, 2)
select count(*) from said full join held using (stream, day) where said.doors is distinct from held.doors
"""
# A door stands as the one visit says that has no later one.
_DOORS = """
with visit as materialized (
    select s.place, ledger_stream(b.drill, s.incident) as stream, s.id, s.effective_at, s.payload ->> 'outcome' as outcome
    from ledger_standing s join ledger_book b on b.id = s.book where s.kind = 'visit'
), last as (
    select v.stream, v.place, v.id as record, v.effective_at, v.outcome, v.outcome = any(%(settling)s) as settled
    from visit v
    where not exists (select from visit w where w.place = v.place and w.stream = v.stream and (w.effective_at, w.id) > (v.effective_at, v.id))
)
select count(*) from last full join rounds_doorstate held using (stream, place)
where (last.record, last.effective_at, last.outcome, last.settled)
    is distinct from (held.record, held.effective_at, held.outcome, held.settled)
"""
_TALLIES = """
with held as (select stream, outcome, sum(doors) as doors from rounds_doortally group by 1, 2),
said as (select stream, outcome, count(*) as doors from rounds_doorstate group by 1, 2)
select count(*) from held full join said using (stream, outcome) where held.doors is distinct from said.doors
"""
_POSITIONS = """
select count(*) from rounds_doorstate s left join places_place p on p.id = s.place where p.lo is distinct from s.position
"""
# The latest visit in each round at each door: said plainly, by comparing all pairs of visits of a door.
_IN_ROUNDS = """
with visit as materialized (
    select r.id as round, s.place, s.effective_at
    from rounds_round r
    join ledger_standing s on s.kind = 'visit' and s.effective_at >= r.opens_at and s.effective_at < r.ends_at
    join ledger_book b on b.id = s.book and ledger_stream(b.drill, s.incident) = r.stream
    where coalesce((s.payload ->> 'round')::uuid, r.id) = r.id
      and exists (select from rounds_reach h where h.round = r.id and not h.excluded and s.position >= h.lo and s.position < h.hi)
      and not exists (select from rounds_reach h where h.round = r.id and h.excluded and s.position >= h.lo and s.position < h.hi)
), said as (select round, place, count(*) as visits, max(effective_at) as last_at from visit group by round, place)
select count(*) from said full join rounds_rounddoor held using (round, place)
where (said.visits, said.last_at) is distinct from (held.visits, held.last_at)
"""
_ROUND_TALLIES = """
with held as (select round, standing, settled, sum(doors) as doors, sum(visits) as visits from rounds_roundtally group by 1, 2, 3),
said as (select round, standing, settled, count(*) as doors, sum(visits) as visits from rounds_rounddoor group by 1, 2, 3)
select count(*) from held full join said using (round, standing, settled) where (held.doors, held.visits) is distinct from (said.doors, said.visits)
"""
_ROUND_POSITIONS = """
select count(*) from (
    select place, position from rounds_rounddoor union all select place, position from rounds_unreached
    union all select place, position from rounds_arrival
) s left join places_place p on p.id = s.place where p.lo is distinct from s.position
"""
_ARRIVALS = """
select count(*) from (select id from ledger_standing where kind = 'arrival') said
full join rounds_arrival held on held.record = said.id where said.id is null or held.record is null
"""
_ENDS = """
select count(*) from rounds_round r
where r.ends_at < now() - interval '1 hour' and r.frozen_at is null
   or not exists (select from rounds_member m where m.round_id = r.id and not m.excluded)
"""
_MEND_ENDS = "Start the folder (./lianfang up): it states the end of rounds."


def _none(check: str, what: str, sql: str, mend: str = _MEND) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"settling": sorted(outcome.value for outcome in SETTLING)})
        count = int(cursor.fetchone()[0])
    return Finding(check, ok=count == 0, found=f"{count} {what}", mend=mend if count else "")


def checks() -> list[Finding]:
    """Tallies against records, doors against their last visit, positions against places. What still waits to be folded differs too."""
    return [
        _none("rounds.visits", "days on which tallies and records differ", _DAYS),
        _none("rounds.door_days", "days on which doors visited and records differ", _DOOR_DAYS),
        _none("rounds.doors", "doors that do not stand as their last visit says", _DOORS),
        _none("rounds.door_tallies", "outcomes whose doors do not add up", _TALLIES),
        _none("rounds.positions", "door states that did not follow their door", _POSITIONS),
        _none("rounds.in_rounds", "doors of rounds that do not stand as their visits say", _IN_ROUNDS),
        _none("rounds.round_tallies", "outcomes of rounds whose doors do not add up", _ROUND_TALLIES),
        _none("rounds.round_positions", "rows of rounds that did not follow their door", _ROUND_POSITIONS),
        _none("rounds.arrivals", "arrivals without a row, or rows without an arrival", _ARRIVALS),
        _none("rounds.ends", "rounds that take in nothing, or ended more than an hour ago without a statement", _ENDS, _MEND_ENDS),
    ]
