-- How each touched door stands in each round that it belongs to.
-- Touched keys: the rounds whose reach and time hold any moment of a touched visit; doors visited after a round was ended early. What belongs
-- where is judged by the position a record was stamped with. Visits older than their round, and changed households: see catching_up.py.
-- `coalesce` keeps the planner, which knows nothing of a temporary table, from taking visits for a rarity: it would compare each with every community.
{touched};

delete from rounds_touched;

insert into rounds_touched
with moment as materialized (
    select t.place, t.position, t.stream, t.stands, t.community_lo, t.community_hi, m.moment
    from touched t join touched_moment m on m.book = t.book and m.id = t.id
    where coalesce(t.kind = 'visit', false)
), stretch as (
    select stream, community_lo, community_hi, min(moment) as first, max(moment) as last from moment group by stream, community_lo, community_hi
), near as materialized (
    select s.stream, s.community_lo, r.id as round, r.opens_at, r.ends_at, h.lo, h.hi
    from stretch s
    join rounds_round r on r.stream = s.stream and r.opens_at <= s.last and r.ends_at > s.first
    join rounds_reach h on h.round = r.id and not h.excluded and h.lo < s.community_hi and h.hi > s.community_lo
), signal as (
    select r.* from touched t
    join ledger_record x on x.book = t.book and x.id = t.id
    join rounds_round r on r.id = (x.payload ->> 'round')::uuid
    where t.kind = 'round_closed'
)
select n.round, m.place, m.stream, n.opens_at, n.ends_at, m.stands
from moment m
join near n on n.stream = m.stream and n.community_lo = m.community_lo and m.position >= n.lo and m.position < n.hi
    and m.moment >= n.opens_at and m.moment < n.ends_at
union
select r.id, s.place, r.stream, r.opens_at, r.ends_at, s.position
from signal r join rounds_rounddoor s on s.round = r.id and s.last_at >= r.ends_at;
