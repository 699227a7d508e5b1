-- Visits by {level} and local day: what the touched visits no longer add is taken off, what they add now is put on. Both sides stand in the ledger
-- (touched_change), so that the sums follow from the mark alone, in whatever batches it was reached. Positions are those of the record's time.
merge into {table} t using (
    select book, {level}_lo as position, date_trunc('day', effective_at, 'Asia/Shanghai') as begins, payload ->> 'outcome' as outcome,
        {level}_hi - {level}_lo as span, {level} as place, sum(change) as visits
    from touched_change where kind = 'visit' and {level} is not null
    group by book, {level}_lo, {level}_hi, {level}, date_trunc('day', effective_at, 'Asia/Shanghai'), payload ->> 'outcome'
    having sum(change) <> 0
) s on t.book = s.book and t.position = s.position and t.begins = s.begins and t.outcome = s.outcome
when matched and t.visits + s.visits = 0 then delete
when matched then
    update set span = s.span, place = s.place, visits = t.visits + s.visits
when not matched then
    insert (book, position, begins, outcome, span, place, visits)
    values (s.book, s.position, s.begins, s.outcome, s.span, s.place, s.visits);
