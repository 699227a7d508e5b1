-- The doors of a stretch in every round that was held there, where all records of the door lie where it stands today: the others follow by the
-- door (whole.py). What a round takes in of each community is worked out once.
with moment as materialized (
    select s.id, s.stream, s.place, s.position, s.effective_at, s.subject, s.payload, g.community_lo, g.community_hi
    from standing s join standing_ground g on g.at = s.position
    where s.kind = 'visit' and s.position = s.stands and g.community is not null
), stretch as (
    select stream, community_lo, community_hi, min(effective_at) as first, max(effective_at) as last from moment group by stream, community_lo, community_hi
), near as materialized (
    select s.stream, s.community_lo, r.id as round, r.opens_at, r.ends_at, h.taken
    from stretch s
    join rounds_round r on r.stream = s.stream and r.opens_at <= s.last and r.ends_at > s.first
    cross join lateral (
        select range_agg(int8range(h.lo, h.hi)) filter (where not h.excluded)
            - coalesce(range_agg(int8range(h.lo, h.hi)) filter (where h.excluded), '{}'::int8multirange) as taken
        from rounds_reach h where h.round = r.id and h.lo < s.community_hi and h.hi > s.community_lo
    ) h
    where not isempty(h.taken)
), told as materialized (
    select n.round, m.place, m.position as stands, n.ends_at, m.id, m.effective_at, m.payload ->> 'outcome' as outcome,
        coalesce((m.payload ->> 'people_seen')::int, 0) as people, (m.payload ->> 'household')::uuid as household,
        (m.payload ->> 'households')::int as households, (m.payload ->> 'next_try_at')::timestamptz as next_try, m.subject,
        m.payload ->> 'outcome' = any(%(settling)s) as settling
    from moment m
    join near n on n.stream = m.stream and n.community_lo = m.community_lo and n.taken @> m.position
        and m.effective_at >= n.opens_at and m.effective_at < n.ends_at and coalesce((m.payload ->> 'round')::uuid, n.round) = n.round
), placed_whole as materialized (
    select *, row_number() over newest_first as nth, count(*) filter (where settling) over newest_first as settled_since,
        count(household) over (partition by round, place) as named
    from told window newest_first as (partition by round, place order by effective_at desc, id desc)
), visit as materialized (
    select round, place, stands, ends_at, id, effective_at, outcome, people, household, households, next_try, subject, settling
    from placed_whole where named > 0
), {spoken}, said as (
    select * from spoken
    union all
    -- Where every visit was to the whole door, the latest says all.
    select round, place, stands, ((ends_at - interval '1 microsecond') at time zone 'Asia/Shanghai')::date, bool_or(settling) filter (where nth = 1),
        max(effective_at), '{}'::uuid[], array_agg(subject), (array_agg(id) filter (where nth = 1))[1], max(effective_at),
        max(outcome) filter (where nth = 1), bool_or(settling) filter (where nth = 1), max(next_try) filter (where nth = 1), max(effective_at),
        count(*) filter (where settled_since = 0), count(*), sum(people), max(people)::bigint
    from placed_whole where named = 0 group by round, place, stands, ends_at
), {state}, made as (
    insert into rounds_rounddoor
        (round, place, position, standing, settled, effective_at, record, last_at, tries, visits, people_seen, people_times, next_at)
    select of_round, of_place, stands, standing, settled, effective_at, record, last_at, tries, visits, people_seen, people_times, next_at from state
    returning round, position, standing, settled, visits, people_seen, people_times
)
insert into rounds_roundtally as t (round, building, standing, position, span, settled, doors, visits, people_seen, people_times)
select m.round, g.building, m.standing, g.building_lo, g.building_hi - g.building_lo, m.settled, count(*), sum(m.visits), sum(m.people_seen),
    sum(m.people_times)
from made m join standing_ground g on g.at = m.position
where g.building is not null
group by m.round, g.building, m.standing, g.building_lo, g.building_hi, m.settled
on conflict (round, building, standing) do update set doors = t.doors + excluded.doors, visits = t.visits + excluded.visits,
    people_seen = t.people_seen + excluded.people_seen, people_times = t.people_times + excluded.people_times;
