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
