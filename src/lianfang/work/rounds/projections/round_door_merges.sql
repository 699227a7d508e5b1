-- How the chosen doors stand in their rounds: rounds_touched names them.
merge into rounds_rounddoor t using (
    with {state}
    select of_round as round, of_place as place, stands as position, s.* from state s
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
