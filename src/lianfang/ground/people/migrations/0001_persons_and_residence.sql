-- Counts of a building's live rows, and pairs of persons that may be one.
-- All functions are security definer: they see every row whoever fires them, and nobody else writes these two tables.

-- Lock the counts of some buildings, in one order, so that no two transactions wait for each other in a ring. A command
-- that changes several buildings in several statements calls this first.
create function people_lock_tallies(buildings uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into people_tally (building_id, position, span, households, registered, living)
    select b.id, b.lo, b.hi - b.lo, 0, 0, 0 from places_place b where b.id = any(buildings) order by b.id
    on conflict (building_id) do nothing;
    perform 1 from people_tally where building_id = any(buildings) order by building_id for update;
end $$;

-- Recount some buildings: locked first and counted after, in a statement of its own that sees what the transactions
-- waited for have done; so concurrent changes do not lose each other.
create function people_recount(buildings uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform people_lock_tallies(buildings);
    with door as materialized (
        select d.id, p.id as building_id from places_place p join places_place d on d.parent_id = p.id
        where p.id = any(buildings)
        union all
        select d.id, u.parent_id from places_place u join places_place d on d.parent_id = u.id
        where u.parent_id = any(buildings) and u.level = 'unit'
    ), household as (
        select door.building_id, count(*) as households
        from door join people_household h on h.door_id = door.id
        where h.valid_to is null group by 1
    ), person as (
        select door.building_id, count(*) filter (where r.kind = 'registered') as registered, count(*) filter (where r.kind = 'actual') as living
        from door join people_residence r on r.door_id = door.id
        where r.valid_to is null group by 1
    )
    update people_tally t
    set position = b.lo, span = b.hi - b.lo,
        households = coalesce(household.households, 0), registered = coalesce(person.registered, 0), living = coalesce(person.living, 0)
    from places_place b
    left join household on household.building_id = b.id
    left join person on person.building_id = b.id
    where t.building_id = b.id and b.id = any(buildings)
      and (t.position, t.span, t.households, t.registered, t.living) is distinct from
          (b.lo, b.hi - b.lo, coalesce(household.households, 0)::int, coalesce(person.registered, 0)::int, coalesce(person.living, 0)::int);
end $$;

-- The building-level places in which some doors lie.
create function people_buildings_of(doors uuid[]) returns uuid[] language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(distinct case when p.level = 'unit' then p.parent_id else p.id end), '{}')
    from places_place d join places_place p on p.id = d.parent_id
    where d.id = any(doors)
$$;

create function people_follow_inserts() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform people_recount(people_buildings_of(array(select distinct door_id from new_rows)));
    return null;
end $$;

create function people_follow_updates() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform people_recount(people_buildings_of(array(select door_id from new_rows union select door_id from old_rows)));
    return null;
end $$;

create function people_follow_deletes() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform people_recount(people_buildings_of(array(select distinct door_id from old_rows)));
    return null;
end $$;

create trigger people_household_inserted after insert on people_household referencing new table as new_rows
    for each statement execute function people_follow_inserts();
create trigger people_household_updated after update on people_household referencing old table as old_rows new table as new_rows
    for each statement execute function people_follow_updates();
create trigger people_household_deleted after delete on people_household referencing old table as old_rows
    for each statement execute function people_follow_deletes();
create trigger people_residence_inserted after insert on people_residence referencing new table as new_rows
    for each statement execute function people_follow_inserts();
create trigger people_residence_updated after update on people_residence referencing old table as old_rows new table as new_rows
    for each statement execute function people_follow_updates();
create trigger people_residence_deleted after delete on people_residence referencing old table as old_rows
    for each statement execute function people_follow_deletes();

-- Note pairs with the same paper, or the same phone and name. Whoever adds a person learns nothing of it.
create function people_note_matches() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into people_match (one_id, other_id, basis, found_at)
    select least(n.id, p.id), greatest(n.id, p.id), 'paper', clock_timestamp()
    from new_rows n join people_person p on p.paper_index = n.paper_index and p.id <> n.id
    where p.ended_at is null
    union
    select least(n.id, p.id), greatest(n.id, p.id), 'phone', clock_timestamp()
    from new_rows n join people_person p on p.phone_index = n.phone_index and p.name = n.name and p.id <> n.id
    where p.ended_at is null and p.paper_index is distinct from n.paper_index
    on conflict (one_id, other_id) do nothing;
    return null;
end $$;

create trigger people_person_added after insert on people_person referencing new table as new_rows
    for each statement execute function people_note_matches();
create trigger people_person_corrected after update on people_person referencing new table as new_rows
    for each statement execute function people_note_matches();

-- Looks stay.
create function people_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the log of looks is append-only';
end $$;

create trigger people_look_append_only before update or delete or truncate on people_look
    for each statement execute function people_refuse_change();

-- How often somebody has looked since a moment, wherever: the limit must hold across scopes.
create function people_looks_since(account uuid, since timestamptz, out looks bigint, out first_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select count(*), min(at) from people_look where account_id = account and at > since and channel <> 'export'
$$;

-- Whether a person exists and has never had a home: row security hides them until they have one, and whoever enters the first must know.
create function people_has_no_home(person uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select 1 from people_person where id = person and ended_at is null)
       and not exists (select 1 from people_residence where person_id = person)
$$;
