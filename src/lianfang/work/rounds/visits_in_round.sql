-- The standing visits of each round's time to the doors that `rounds_touched` names, in the reach of the round; of a door without any, one empty row.
reach as materialized (
    select h.round, h.excluded, h.lo, h.hi from (select distinct round from rounds_touched) d join rounds_reach h on h.round = d.round
), visit as materialized (
    select d.round, d.place, d.stands, d.ends_at, v.*, v.outcome = any(%(settling)s) as settling
    from rounds_touched d
    left join lateral (
        select s.id, s.effective_at, s.payload ->> 'outcome' as outcome, coalesce((s.payload ->> 'people_seen')::int, 0) as people,
            (s.payload ->> 'household')::uuid as household, (s.payload ->> 'households')::int as households,
            (s.payload ->> 'next_try_at')::timestamptz as next_try, s.subject
        from ledger_standing s join ledger_book b on b.id = s.book
        where s.place = d.place and s.kind = 'visit' and s.effective_at >= d.opens_at and s.effective_at < d.ends_at
            and ledger_stream(b.drill, s.incident) = d.stream
            and coalesce((s.payload ->> 'round')::uuid, d.round) = d.round
            and exists (select from reach h where h.round = d.round and not h.excluded and s.position >= h.lo and s.position < h.hi)
            and not exists (select from reach h where h.round = d.round and h.excluded and s.position >= h.lo and s.position < h.hi)
        offset 0
    ) v on true
)
