-- How doors stand in rounds, from what was `said` of them (said_in_round.sql), the lists of households and the hours in which one may call.
held as materialized (
    select d.*, d.settled and not exists (
        select from people_household h
        where h.door_id = d.place and h.valid_from <= d.day and (h.valid_to is null or h.valid_to > d.day)
            and h.valid_from >= d.covered_on and (h.valid_from > d.covered_on or uuid_extract_timestamp(h.id) > d.covered_at)
            and h.id <> all(array_remove(d.households, null))
            and not exists (select from people_residence r where r.household_id = h.id and r.person_id = any(d.subjects))
            and (d.outcome in ({empty}) or exists (
                select from people_household o
                where o.door_id = d.place and (o.valid_to is null or o.valid_to > d.covered_on)
                    and (o.valid_from < d.covered_on or (o.valid_from = d.covered_on and uuid_extract_timestamp(o.id) <= d.covered_at))
            ))
        offset 0) as closed
    from (select *, (covered_at at time zone 'Asia/Shanghai')::date as covered_on from said) d
), planned as (
    select round, place, stands, case when closed or not settling then outcome else 'household' end as standing, closed as settled, effective_at,
        record, last_at, tries, visits, people_seen, people_times, next_try
    from held
), tried as (
    select *, case {planned} end as try_at from planned
), state as (
    select round as of_round, place as of_place, stands, standing, settled, effective_at, record, last_at, tries, visits, people_seen, people_times,
        case when not settled then coalesce(next_try, case
            when extract(hour from try_at at time zone 'Asia/Shanghai') between 8 and 20 then try_at
            else {evening_of_try} end) end as next_at
    from tried
)
