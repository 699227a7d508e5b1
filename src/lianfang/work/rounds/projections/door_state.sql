create temp table if not exists rounds_doorchange (change int, stream uuid, position bigint, outcome text, settled boolean) on commit delete rows;

create temp table if not exists rounds_doorvisit (
    place uuid, stream uuid, position bigint, id uuid, effective_at timestamptz, outcome text, people_seen int
) on commit delete rows;

delete from rounds_doorchange;

delete from rounds_doorvisit;

-- All standing visits of each touched door.
insert into rounds_doorvisit
select d.place, d.stream, s.position, s.id, s.effective_at, s.payload ->> 'outcome', (s.payload ->> 'people_seen')::int
from (select distinct place, stream from touched where kind = 'visit') d
cross join lateral (
    select s.id, s.position, s.effective_at, s.payload from ledger_standing s join ledger_book b on b.id = s.book
    where s.place = d.place and s.kind = 'visit' and ledger_stream(b.drill, s.incident) = d.stream
    offset 0
) s;

-- The state of each touched door: the last of its standing visits by (effective time, id); tries are those since it was last settled.
with changed as (
merge into rounds_doorstate t using (
    with door as (
        select distinct place, stream, stands from touched where kind = 'visit'
    ), visit as (
        select place, stream, id, effective_at, outcome, people_seen, outcome = any(%(settling)s) as settling,
               count(*) filter (where outcome = any(%(settling)s)) over newest_first as settled_since
        from rounds_doorvisit
        window newest_first as (partition by place, stream order by effective_at desc, id desc)
    ), counted as (
        select place, stream, count(*) filter (where settled_since = 0) as tries, count(*) as visits from visit group by place, stream
    ), latest as (
        select distinct on (place, stream) place, stream, id, effective_at, outcome, people_seen, settling
        from visit order by place, stream, effective_at desc, id desc
    )
    select d.place, d.stream, d.stands as position, l.id as record, l.effective_at, l.outcome, l.people_seen, l.settling, c.tries, c.visits
    from door d
    left join latest l on l.place = d.place and l.stream = d.stream
    left join counted c on c.place = d.place and c.stream = d.stream
) s on t.stream = s.stream and t.place = s.place
when matched and s.record is null then delete
when matched and (t.position, t.outcome, t.settled, t.effective_at, t.record, t.tries, t.people_seen, t.visits)
    is distinct from (s.position, s.outcome, s.settling, s.effective_at, s.record, s.tries, s.people_seen, s.visits) then
    update set position = s.position, outcome = s.outcome, settled = s.settling, effective_at = s.effective_at, record = s.record,
        tries = s.tries, people_seen = s.people_seen, visits = s.visits
when not matched and s.record is not null then
    insert (stream, place, position, outcome, settled, effective_at, record, tries, people_seen, visits)
    values (s.stream, s.place, s.position, s.outcome, s.settling, s.effective_at, s.record, s.tries, s.people_seen, s.visits)
returning old.stream as old_stream, old.position as old_position, old.outcome as old_outcome, old.settled as old_settled,
    new.stream as new_stream, new.position as new_position, new.outcome as new_outcome, new.settled as new_settled
)
insert into rounds_doorchange
select -1, old_stream, old_position, old_outcome, old_settled from changed where old_stream is not null
union all
select 1, new_stream, new_position, new_outcome, new_settled from changed where new_stream is not null;

-- How many doors of each building stand how: what the changed doors no longer add is taken off, what they add now is put on, so that a batch costs by
-- its own doors. Each door lies in one building, so that sums over buildings count no door twice.
merge into rounds_doortally t using (
    select c.stream, b.place_id as building, c.outcome, b.lo as position, b.hi - b.lo as span, c.settled, sum(c.change) as doors
    from rounds_doorchange c
    cross join lateral (
        select place_id, lo, hi from places_position where level = 'building' and lo <= c.position order by lo desc limit 1
    ) b
    where b.hi > c.position
    group by c.stream, b.place_id, b.lo, b.hi, c.outcome, c.settled
    having sum(c.change) <> 0
) s on t.stream = s.stream and t.building = s.building and t.outcome = s.outcome
when matched and t.doors + s.doors <= 0 then delete
when matched then update set position = s.position, span = s.span, settled = s.settled, doors = t.doors + s.doors
when not matched and s.doors > 0 then
    insert (stream, building, outcome, position, span, settled, doors)
    values (s.stream, s.building, s.outcome, s.position, s.span, s.settled, s.doors);

-- Doors by the days on which they were visited, each with the day of its visit before: the pairs of days that the touched doors had at the mark before
-- are taken off, those they have now are put on. A door that has moved counts at each of its positions by itself.
merge into rounds_doorday t using (
    with door as (
        select distinct on (place, stream, position) place, stream, position, community, community_lo, community_hi - community_lo as span
        from touched where kind = 'visit' and community is not null
    ), told as (
        select place, stream, position, (effective_at at time zone 'Asia/Shanghai')::date as day, count(*) as visits, 0 as more
        from rounds_doorvisit group by place, stream, position, day
        union all
        select place, stream, position, (effective_at at time zone 'Asia/Shanghai')::date as day, 0, sum(change)
        from touched_change where kind = 'visit' group by place, stream, position, day
    ), visited as (
        select place, stream, position, day, sum(visits) as visits, sum(visits) - sum(more) as before
        from told group by place, stream, position, day
    ), pair as (
        select place, stream, position, 1 as change, day, lag(day) over (partition by place, stream, position order by day) as previous
        from visited where visits > 0
        union all
        select place, stream, position, -1, day, lag(day) over (partition by place, stream, position order by day)
        from visited where before > 0
    )
    select d.stream, d.community_lo as position, p.day, coalesce(p.previous, date '0001-01-01') as previous, d.span, d.community as place,
        sum(p.change) as doors
    from pair p join door d on d.place = p.place and d.stream = p.stream and d.position = p.position
    group by d.stream, d.community_lo, p.day, p.previous, d.span, d.community
    having sum(p.change) <> 0
) s on t.stream = s.stream and t.position = s.position and t.day = s.day and t.previous = s.previous
when matched and t.doors + s.doors = 0 then delete
when matched then update set span = s.span, place = s.place, doors = t.doors + s.doors
when not matched then
    insert (stream, position, day, previous, span, place, doors)
    values (s.stream, s.position, s.day, s.previous, s.span, s.place, s.doors);
