"""The recount of a building goes from its doors to their rows, whatever the planner believes of tables that have just been filled."""

from django.db import migrations

# `offset 0` keeps each door to the index over doors. Left to itself the planner, whose statistics lag behind a large roster, joins it with
# the index over positions: every entry of the community, for each door again.
RECOUNT = """
create or replace function people_recount(buildings uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
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
        from door cross join lateral (select h.valid_to from people_household h where h.door_id = door.id offset 0) h
        where h.valid_to is null group by 1
    ), person as (
        select door.building_id, count(*) filter (where r.kind = 'registered') as registered, count(*) filter (where r.kind = 'actual') as living
        from door cross join lateral (select r.kind, r.valid_to from people_residence r where r.door_id = door.id offset 0) r
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
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_persons_and_residence")]

    operations = [migrations.RunSQL(RECOUNT, migrations.RunSQL.noop)]
