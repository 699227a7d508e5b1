-- How doors stand in rounds, from the standing visits of each round's time: given `visit`, a row of `spoken` for
-- each round and door in it, without a record where nobody was there. A visit to the whole door speaks for all its households; one to
-- a household for that one, from then on. The door is settled when all that speak settle, and nobody is left out: somebody spoke for the whole
-- door, or as many households as it has were named; and no household has come to the list since (its day is later than that visit's, or it
-- was entered later that day) that no visit speaks for. The first list of a door where people were met names those who were met: it opens
-- nothing; a household comes where another was on the list already, or where the door was said to be empty.
-- One pass over the visits and no joins between them: thousands of doors stay linear. Whether a household has come since: state_in_round.sql.
placed as (
    select *, row_number() over (partition by round, place, household order by effective_at desc, id desc) as nth,
        row_number() over (partition by round, place, household order by people desc, id) = 1 as most,
        count(*) filter (where household is null) over (partition by round, place order by effective_at desc, id desc) as whole_since,
        count(*) filter (where settling) over (partition by round, place order by effective_at desc, id desc) as settled_since
    from visit
), named as (
    select *, household is null and nth = 1 as whole, household is not null and nth = 1 and whole_since = 0 as of_one from placed
), counted as (
    select *, count(*) filter (where of_one) over (partition by round, place) as spoken,
        first_value(households) over (partition by round, place order by of_one desc, effective_at desc, id desc) as there
    from named
), speaking as (
    select *, of_one or (whole and (spoken = 0 or spoken < there)) as speaks from counted
), ordered as (
    select *, row_number() over (partition by round, place order by speaks desc, settling, effective_at desc, id desc) = 1 as deciding
    from speaking
), spoken as (
    select round, place, stands, ((ends_at - interval '1 microsecond') at time zone 'Asia/Shanghai')::date as day,
        bool_and(settling) filter (where speaks) and (bool_or(whole and speaks) or bool_and(spoken >= there)) as settled,
        coalesce(max(effective_at) filter (where whole and speaks), max(effective_at) filter (where of_one)) as covered_at,
        array_agg(household) as households, array_agg(subject) as subjects,
        (array_agg(id) filter (where deciding))[1] as record, max(effective_at) filter (where deciding) as effective_at,
        max(outcome) filter (where deciding) as outcome, bool_or(settling) filter (where deciding) as settling,
        max(next_try) filter (where deciding) as next_try, max(effective_at) as last_at, count(*) filter (where settled_since = 0) as tries,
        count(*) as visits, sum(people) as people_times,
        coalesce(greatest(max(people) filter (where household is null), sum(people) filter (where household is not null and most)), 0) as people_seen
    from ordered group by round, place, stands, ends_at
)
