-- Doors of a stretch whose records all lie where the door stands today: the others follow by the door (whole.py).
with visit as (
    select place, stream, position, id, effective_at, payload ->> 'outcome' as outcome, (payload ->> 'people_seen')::int as people_seen,
        payload ->> 'outcome' = any(%(settling)s) as settling
    from standing where kind = 'visit' and position = stands
), placed as (
    select *, row_number() over newest_first as nth, count(*) filter (where settling) over newest_first as settled_since
    from visit window newest_first as (partition by stream, place order by effective_at desc, id desc)
), made as (
    insert into rounds_doorstate (stream, place, position, outcome, settled, effective_at, record, tries, people_seen, visits)
    select stream, place, position, max(outcome) filter (where nth = 1), bool_or(settling) filter (where nth = 1), max(effective_at),
        (array_agg(id) filter (where nth = 1))[1], count(*) filter (where settled_since = 0), max(people_seen) filter (where nth = 1), count(*)
    from placed group by stream, place, position
    returning stream, position, outcome, settled
)
insert into rounds_doortally as t (stream, building, outcome, position, span, settled, doors)
select m.stream, g.building, m.outcome, g.building_lo, g.building_hi - g.building_lo, m.settled, count(*)
from made m join standing_ground g on g.at = m.position
where g.building is not null
group by m.stream, g.building, m.outcome, g.building_lo, g.building_hi, m.settled
on conflict (stream, building, outcome) do update set doors = t.doors + excluded.doors;

-- Doors by the days on which they were visited, wherever they stand today.
insert into rounds_doorday as t (stream, position, day, previous, span, place, doors)
select d.stream, g.community_lo, d.day, coalesce(d.previous, date '0001-01-01'), g.community_hi - g.community_lo, g.community, count(*)
from (
    select stream, position, day, lag(day) over (partition by stream, place, position order by day) as previous
    from (
        select distinct stream, place, position, (effective_at at time zone 'Asia/Shanghai')::date as day from standing where kind = 'visit'
    ) days
) d
join standing_ground g on g.at = d.position
where g.community is not null
group by d.stream, g.community_lo, d.day, d.previous, g.community_hi, g.community
on conflict (stream, position, day, previous) do update set doors = t.doors + excluded.doors;
