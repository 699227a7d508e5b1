-- How doors stand in rounds, from the standing visits of each round's time: given `rounds_touched` (round, place, stream, opens_at, ends_at),
-- the rows of `state`. A visit to the whole door speaks for all its households; one to a household for that one, from then on. The door is
-- settled when all that speak settle, and nobody is left out: somebody spoke for the whole door, or as many households as it has were named.
visit as materialized (
    select d.round, d.place, v.*, v.outcome = any(%(settling)s) as settling
    from rounds_touched d
    cross join lateral (
        select s.id, s.effective_at, s.payload ->> 'outcome' as outcome, coalesce((s.payload ->> 'people_seen')::int, 0) as people,
            (s.payload ->> 'household')::uuid as household, (s.payload ->> 'households')::int as households,
            (s.payload ->> 'next_try_at')::timestamptz as next_try
        from ledger_standing s join ledger_book b on b.id = s.book
        where s.place = d.place and s.kind = 'visit' and s.effective_at >= d.opens_at and s.effective_at < d.ends_at
            and ledger_stream(b.drill, s.incident) = d.stream
            and coalesce((s.payload ->> 'round')::uuid, d.round) = d.round
            and exists (select from rounds_reach h where h.round = d.round and not h.excluded and s.position >= h.lo and s.position < h.hi)
            and not exists (select from rounds_reach h where h.round = d.round and h.excluded and s.position >= h.lo and s.position < h.hi)
        offset 0
    ) v
), whole as (
    select distinct on (round, place) * from visit where household is null order by round, place, effective_at desc, id desc
), named as (
    select distinct on (v.round, v.place, v.household) v.*
    from visit v left join whole w on w.round = v.round and w.place = v.place
    where v.household is not null and (w.id is null or (v.effective_at, v.id) > (w.effective_at, w.id))
    order by v.round, v.place, v.household, v.effective_at desc, v.id desc
), said as (
    select distinct on (round, place) round, place, households, count(*) over (partition by round, place) as spoken
    from named order by round, place, effective_at desc, id desc
), speaking as (
    select n.*, false as for_all from named n
    union all
    select w.*, true from whole w left join said s on s.round = w.round and s.place = w.place where s.round is null or s.spoken < s.households
), held as (
    select p.round, p.place, bool_and(p.settling) and (bool_or(p.for_all) or coalesce(bool_and(s.spoken >= s.households), false)) as settled
    from speaking p left join said s on s.round = p.round and s.place = p.place group by p.round, p.place
), counted as (
    select round, place, count(*) as visits, sum(people) as people_times, max(effective_at) as last_at, count(*) filter (where settled_since = 0) as tries
    from (select round, place, people, effective_at, count(*) filter (where settling) over (
              partition by round, place order by effective_at desc, id desc) as settled_since from visit) newest_first
    group by round, place
), met as (
    select round, place, greatest(max(people) filter (where household is null), sum(people) filter (where household is not null)) as people_seen
    from (select round, place, household, max(people) as people from visit group by round, place, household) most group by round, place
), latest as (
    select distinct on (p.round, p.place) p.round, p.place, p.id, p.effective_at, p.next_try, h.settled,
        case when h.settled or not p.settling then p.outcome else 'household' end as standing
    from speaking p join held h on h.round = p.round and h.place = p.place
    order by p.round, p.place, p.settling, p.effective_at desc, p.id desc
), planned as (
    select l.*, case {planned} end as try_at from latest l
), state as (
    select l.round as of_round, l.place as of_place, l.standing, l.settled, l.effective_at, l.id as record, c.last_at, c.tries, c.visits,
        coalesce(m.people_seen, 0) as people_seen, c.people_times,
        case when not l.settled then coalesce(l.next_try, case
            when extract(hour from l.try_at at time zone 'Asia/Shanghai') between 8 and 20 then l.try_at
            else {evening_of_try} end) end as next_at
    from planned l
    join counted c on c.round = l.round and c.place = l.place
    join met m on m.round = l.round and m.place = l.place
)
