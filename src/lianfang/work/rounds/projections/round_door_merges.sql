create temp table if not exists rounds_roundchange (
    change int, round uuid, position bigint, standing text, settled boolean, visits int, people_seen int, people_times int
) on commit delete rows;

delete from rounds_roundchange;

-- How the chosen doors stand in their rounds: rounds_touched names them.
with changed as (
merge into rounds_rounddoor t using (
    with {state in round}
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
        s.people_times, s.next_at)
returning old.round as old_round, old.position as old_position, old.standing as old_standing, old.settled as old_settled,
    old.visits as old_visits, old.people_seen as old_people_seen, old.people_times as old_people_times,
    new.round as new_round, new.position as new_position, new.standing as new_standing, new.settled as new_settled,
    new.visits as new_visits, new.people_seen as new_people_seen, new.people_times as new_people_times
)
insert into rounds_roundchange
select -1, old_round, old_position, old_standing, old_settled, old_visits, old_people_seen, old_people_times from changed where old_round is not null
union all
select 1, new_round, new_position, new_standing, new_settled, new_visits, new_people_seen, new_people_times from changed where new_round is not null;

-- How many doors of each building stand how in the round, from what the changed doors no longer add and add now. Each door lies in one building,
-- so that sums count no door twice.
merge into rounds_roundtally t using (
    select c.round, b.place_id as building, c.standing, b.lo as position, b.hi - b.lo as span, c.settled, sum(c.change) as doors,
        sum(c.change * c.visits) as visits, sum(c.change * c.people_seen) as people_seen, sum(c.change * c.people_times) as people_times
    from rounds_roundchange c
    cross join lateral (
        select place_id, lo, hi from places_position where level = 'building' and lo <= c.position order by lo desc limit 1
    ) b
    where b.hi > c.position
    group by c.round, b.place_id, b.lo, b.hi, c.standing, c.settled
    having (sum(c.change), sum(c.change * c.visits), sum(c.change * c.people_seen), sum(c.change * c.people_times)) <> (0, 0, 0, 0)
) s on t.round = s.round and t.building = s.building and t.standing = s.standing
when matched and t.doors + s.doors <= 0 then delete
when matched then
    update set position = s.position, span = s.span, settled = s.settled, doors = t.doors + s.doors, visits = t.visits + s.visits,
        people_seen = t.people_seen + s.people_seen, people_times = t.people_times + s.people_times
when not matched and s.doors > 0 then
    insert (round, building, standing, position, span, settled, doors, visits, people_seen, people_times)
    values (s.round, s.building, s.standing, s.position, s.span, s.settled, s.doors, s.visits, s.people_seen, s.people_times);
