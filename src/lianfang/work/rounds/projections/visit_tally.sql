-- Visits by {level} and local {unit}. Touched keys are all {unit}s at which a touched visit stands, stood, or was ever moved to; each is counted
-- anew: the visits first kept in it, and those that a correction moved into it. Positions are those of the record's time.
merge into {table} t using (
    with key as (
        select book, {level} as place, {level}_lo as lo, {level}_hi as hi, begins, begins + interval '{length}' as ends
        from (select distinct book, {level}, {level}_lo, {level}_hi, date_trunc('{unit}', moment, 'Asia/Shanghai') as begins
              from touched_moment where kind = 'visit' and {level} is not null) days
    ), visit as (
        select k.book, k.lo, k.begins, v.outcome
        from key k
        cross join lateral (
            select s.payload ->> 'outcome' as outcome from ledger_standing s
            where s.book = k.book and s.kind = 'visit' and s.position >= k.lo and s.position < k.hi
                and s.first_effective_at >= k.begins and s.first_effective_at < k.ends
                and s.effective_at >= k.begins and s.effective_at < k.ends
            offset 0
        ) v
        union all
        select k.book, k.lo, k.begins, v.outcome
        from key k
        cross join lateral (
            select distinct c.corrects from ledger_record c
            where c.book = k.book and c.corrects is not null
                and ledger_moved_to(c.payload, c.recorded_at) >= k.begins and ledger_moved_to(c.payload, c.recorded_at) < k.ends
        ) moved
        cross join lateral (
            select s.payload ->> 'outcome' as outcome from ledger_standing s
            where s.book = k.book and s.id = moved.corrects and s.kind = 'visit' and s.position >= k.lo and s.position < k.hi
                and s.effective_at >= k.begins and s.effective_at < k.ends
                and not (s.first_effective_at >= k.begins and s.first_effective_at < k.ends)
            offset 0
        ) v
    ), counted as (
        select book, lo as position, begins, outcome, count(*) as visits from visit group by book, lo, begins, outcome
    ), held as (
        select t.book, t.position, t.begins, t.outcome
        from key k join {table} t on t.book = k.book and t.position = k.lo and t.begins = k.begins
    )
    select k.book, k.lo as position, k.begins, h.outcome, k.hi - k.lo as span, k.place, h.visits
    from (held full join counted using (book, position, begins, outcome)) h
    join key k on k.book = h.book and k.lo = h.position and k.begins = h.begins
) s on t.book = s.book and t.position = s.position and t.begins = s.begins and t.outcome = s.outcome
when matched and s.visits is null then delete
when matched and (t.span, t.place, t.visits) is distinct from (s.span, s.place, s.visits) then
    update set span = s.span, place = s.place, visits = s.visits
when not matched and s.visits is not null then
    insert (book, position, begins, outcome, span, place, visits)
    values (s.book, s.position, s.begins, s.outcome, s.span, s.place, s.visits);
