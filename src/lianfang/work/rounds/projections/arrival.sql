-- Each touched arrival as it stands.
merge into rounds_arrival t using (
    with key as (select distinct id, book, stands from touched where kind = 'arrival')
    select k.id, a.book, a.stream, a.place, k.stands as position, a.subject, a.arrived_on, a.follow_until, a.origin, a.means, a.rule
    from key k
    left join lateral (
        select s.book, ledger_stream(b.drill, s.incident) as stream, s.place, s.subject, (s.payload ->> 'arrived_on')::date as arrived_on,
            case when (s.payload ->> 'days')::int > 0 then (s.payload ->> 'arrived_on')::date + (s.payload ->> 'days')::int end as follow_until,
            coalesce(s.payload ->> 'from_code', s.payload ->> 'from_country') as origin, s.payload ->> 'means' as means, s.payload ->> 'rule' as rule
        from ledger_standing s join ledger_book b on b.id = s.book where s.book = k.book and s.id = k.id offset 0
    ) a on true
) s on t.record = s.id
when matched and s.place is null then delete
when matched and (t.position, t.arrived_on, t.follow_until, t.origin, t.means, t.rule)
    is distinct from (s.position, s.arrived_on, s.follow_until, s.origin, s.means, s.rule) then
    update set position = s.position, arrived_on = s.arrived_on, follow_until = s.follow_until, origin = s.origin, means = s.means, rule = s.rule
when not matched and s.place is not null then
    insert (record, stream, book, place, position, subject, arrived_on, follow_until, origin, means, rule)
    values (s.id, s.stream, s.book, s.place, s.position, s.subject, s.arrived_on, s.follow_until, s.origin, s.means, s.rule);
