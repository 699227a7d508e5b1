-- What the database itself holds about places, whoever writes.

-- A position is given once for ever. Divisions stand on a raster, so that a unique start is enough; blocks below are of several sizes.
alter table places_position add constraint position_on_raster check (
    case level when 'province' then hi - lo = 100000000000000000 and lo % 100000000000000000 = 0
               when 'city' then hi - lo = 1000000000000000 and lo % 1000000000000000 = 0
               when 'county' then hi - lo = 10000000000000 and lo % 10000000000000 = 0
               when 'street' then hi - lo = 10000000000 and lo % 10000000000 = 0
               when 'community' then hi - lo = 10000000 and lo % 10000000 = 0
               else level in ('building', 'unit') end);
alter table places_position add constraint position_of_building_once exclude using gist (int8range(lo, hi) with &&) where (level = 'building');
alter table places_position add constraint position_of_unit_once exclude using gist (int8range(lo, hi) with &&) where (level = 'unit');

-- A place has one past at a time; a period may be empty (a position given and taken away within a day).
alter table places_placepast add constraint past_one_at_a_time exclude using gist (place_id with =, daterange(valid_from, valid_to) with &&);
alter table places_areamember add constraint member_one_at_a_time exclude using gist (area_id with =, place_id with =, daterange(valid_from, valid_to) with &&);

create function places_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'positions are given once for ever';
end $$;
create trigger places_position_append_only before update or delete on places_position
    for each statement execute function places_refuse_change();

create function places_level_above(level text) returns text language sql immutable parallel safe as $$
    select case level when 'city' then 'province' when 'county' then 'city' when 'street' then 'county' when 'community' then 'street'
                      when 'building' then 'community' when 'unit' then 'building' end
$$;

-- Each range given lies inside one given to the level above. Ranges of a level are disjoint, so that the last one that starts before is the only one that may hold it.
-- (In the transaction of a first load the planner takes the tables for empty: sequential scans are off in these functions, and
-- `offset 0` keeps each new row to one look into an index, where a join might read the whole table once for every row.)
create function places_position_nested() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
declare
    stray record;
begin
    select n.level, n.lo into stray from new_rows n
    where n.level <> 'province' and n.hi > coalesce((
        select o.hi from places_position o
        where o.level = places_level_above(n.level) and o.lo <= n.lo order by o.lo desc limit 1), 0)
    limit 1;
    if found then
        raise exception 'position % of a % lies inside no %', stray.lo, stray.level, places_level_above(stray.level);
    end if;
    return null;
end $$;
create trigger places_position_is_nested after insert on places_position referencing new table as new_rows
    for each statement execute function places_position_nested();

-- A place stands where it was given a position; a door inside its building or unit, where no door ever stood.
create function places_place_stands() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
declare
    stray record;
begin
    select n.level, n.lo into stray from new_rows n
    where n.level <> 'door' and not exists (
        select from places_position g where g.place_id = n.id and g.level = n.level and g.lo = n.lo and g.hi = n.hi offset 0)
    limit 1;
    if found then
        raise exception 'a % stands at %, which it was never given', stray.level, stray.lo;
    end if;
    select n.level, n.lo into stray
    from new_rows n left join lateral (select lo, hi, level from places_place where id = n.parent_id offset 0) p on true
    where n.valid_to is null and n.level <> 'province' and not coalesce(
        p.lo <= n.lo and n.hi <= p.hi and (n.level <> 'door' or (n.hi = n.lo + 1 and p.lo < n.lo))
        and p.level in (places_level_above(n.level), case n.level when 'door' then 'unit' end, case n.level when 'door' then 'building' end), false)
    limit 1;
    if found then
        raise exception 'the % at % does not lie inside its parent', stray.level, stray.lo;
    end if;
    select n.level, n.lo into stray
    from new_rows n
    where n.level = 'door' and exists (
        select from places_placepast past where past.lo = n.lo and past.level = 'door' and past.place_id <> n.id offset 0)
    limit 1;
    if found then
        raise exception 'position % belonged to another door', stray.lo;
    end if;
    return null;
end $$;
create trigger places_place_stands_insert after insert on places_place referencing new table as new_rows
    for each statement execute function places_place_stands();
create trigger places_place_stands_update after update on places_place referencing new table as new_rows
    for each statement execute function places_place_stands();

-- The tally of doors by building: the buildings touched by a statement are counted anew.
create function places_count_doors(buildings uuid[]) returns void language sql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
    insert into places_tally (place_id, position, doors, dwellings)
    select b.id, b.lo, count(d.id), count(d.id) filter (where d.kind = 'dwelling')
    from places_place b
    left join places_place d on d.level = 'door' and d.lo >= b.lo and d.lo < b.hi and d.valid_to is null
    where b.id = any(buildings)
    group by b.id, b.lo
    on conflict (place_id) do update set position = excluded.position, doors = excluded.doors, dwellings = excluded.dwellings
    where (places_tally.position, places_tally.doors, places_tally.dwellings) is distinct from (excluded.position, excluded.doors, excluded.dwellings)
$$;

create function places_tally_follows() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
declare
    touched uuid[];
begin
    select array_agg(distinct case n.level when 'building' then n.id when 'unit' then n.parent_id else case p.level when 'unit' then p.parent_id else p.id end end)
    into touched
    from new_rows n cross join lateral (select id, level, parent_id from places_place where id = n.parent_id offset 0) p
    where n.level in ('building', 'unit', 'door');
    if touched is not null then
        perform places_count_doors(touched);
    end if;
    return null;
end $$;
create trigger places_place_tally_insert after insert on places_place referencing new table as new_rows
    for each statement execute function places_tally_follows();
create trigger places_place_tally_update after update on places_place referencing new table as new_rows
    for each statement execute function places_tally_follows();
