-- How each touched door stands in each round that it belongs to.
-- Touched keys: the rounds whose reach and time hold any moment of a touched visit; every visited door of a round that was opened after the
-- visits; doors visited after a round was ended early. What belongs where is judged by the position a record was stamped with.
create temp table if not exists rounds_touched (round uuid, place uuid, stream uuid, opens_at timestamptz, ends_at timestamptz, stands bigint)
    on commit delete rows;

delete from rounds_touched;

insert into rounds_touched
with moment as materialized (
    select t.place, t.position, t.stream, t.stands, t.community_lo, t.community_hi, m.moment
    from touched t join touched_moment m on m.book = t.book and m.id = t.id where t.kind = 'visit'
), stretch as (
    select stream, community_lo, community_hi, min(moment) as first, max(moment) as last from moment group by stream, community_lo, community_hi
), near as (
    select s.stream, s.community_lo, r.id as round, r.opens_at, r.ends_at, h.lo, h.hi
    from stretch s
    join rounds_round r on r.stream = s.stream and r.opens_at <= s.last and r.ends_at > s.first
    join rounds_reach h on h.round = r.id and not h.excluded and h.lo < s.community_hi and h.hi > s.community_lo
), signal as (
    select t.kind, r.* from touched t
    join ledger_record x on x.book = t.book and x.id = t.id
    join rounds_round r on r.id = (x.payload ->> 'round')::uuid
    where t.kind in ('round_opened', 'round_closed')
)
select n.round, m.place, m.stream, n.opens_at, n.ends_at, m.stands
from moment m
join near n on n.stream = m.stream and n.community_lo = m.community_lo and m.position >= n.lo and m.position < n.hi
    and m.moment >= n.opens_at and m.moment < n.ends_at
union
select r.id, s.place, r.stream, r.opens_at, r.ends_at, s.position
from signal r join rounds_reach h on h.round = r.id and not h.excluded
join rounds_doorstate s on s.stream = r.stream and s.position >= h.lo and s.position < h.hi and s.effective_at >= r.opens_at
where r.kind = 'round_opened'
union
select r.id, s.place, r.stream, r.opens_at, r.ends_at, s.position
from signal r join rounds_rounddoor s on s.round = r.id and s.last_at >= r.ends_at
where r.kind = 'round_closed';

merge into rounds_rounddoor t using (
    with {state}
    select d.round, d.place, d.stands as position, s.*
    from rounds_touched d left join state s on s.of_round = d.round and s.of_place = d.place
) s on t.round = s.round and t.place = s.place
when matched and s.record is null then delete
when matched and (t.position, t.standing, t.settled, t.effective_at, t.record, t.last_at, t.tries, t.visits, t.people_seen, t.people_times, t.next_at)
    is distinct from (s.position, s.standing, s.settled, s.effective_at, s.record, s.last_at, s.tries, s.visits, s.people_seen, s.people_times,
        s.next_at) then
    update set position = s.position, standing = s.standing, settled = s.settled, effective_at = s.effective_at, record = s.record,
        last_at = s.last_at, tries = s.tries, visits = s.visits, people_seen = s.people_seen, people_times = s.people_times, next_at = s.next_at
when not matched and s.record is not null then
    insert (round, place, position, standing, settled, effective_at, record, last_at, tries, visits, people_seen, people_times, next_at)
    values (s.round, s.place, s.position, s.standing, s.settled, s.effective_at, s.record, s.last_at, s.tries, s.visits, s.people_seen,
        s.people_times, s.next_at);

-- How many doors of each touched building stand how in the round. Each door lies in one building, so that sums count no door twice.
merge into rounds_roundtally t using (
    with building as (
        select distinct d.round, b.place_id as building, b.lo, b.hi
        from (select distinct round, stands from rounds_touched) d
        cross join lateral (
            select place_id, lo, hi from places_position where level = 'building' and lo <= d.stands order by lo desc limit 1
        ) b
    ), counted as (
        select b.round, b.building, s.standing, s.settled, count(*) as doors, sum(s.visits) as visits, sum(s.people_seen) as people_seen,
            sum(s.people_times) as people_times
        from building b
        cross join lateral (
            select s.* from rounds_rounddoor s where s.round = b.round and s.position >= b.lo and s.position < b.hi offset 0
        ) s
        group by b.round, b.building, s.standing, s.settled
    ), held as (
        select t.round, t.building, t.standing from building b join rounds_roundtally t on t.round = b.round and t.building = b.building
    )
    select round, building, standing, b.lo as position, b.hi - b.lo as span, c.settled, c.doors, c.visits, c.people_seen, c.people_times
    from (held full join counted c using (round, building, standing)) join building b using (round, building)
) s on t.round = s.round and t.building = s.building and t.standing = s.standing
when matched and s.doors is null then delete
when matched and (t.position, t.span, t.settled, t.doors, t.visits, t.people_seen, t.people_times)
    is distinct from (s.position, s.span, s.settled, s.doors, s.visits, s.people_seen, s.people_times) then
    update set position = s.position, span = s.span, settled = s.settled, doors = s.doors, visits = s.visits, people_seen = s.people_seen,
        people_times = s.people_times
when not matched and s.doors is not null then
    insert (round, building, standing, position, span, settled, doors, visits, people_seen, people_times)
    values (s.round, s.building, s.standing, s.position, s.span, s.settled, s.doors, s.visits, s.people_seen, s.people_times);
