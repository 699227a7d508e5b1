-- Each touched matter: as it was raised, and the last of its standing settlements by (effective time, id). A settlement counts only where
-- its place is the matter's, and only within the same stream: a drill settles no real matter.
merge into matters_matter t using (
    with key as (
        select id from touched where kind = 'matter_raised'
        union
        select subject from touched where kind = 'matter_settled'
    ), raised as (
        select s.*, ledger_stream(b.drill, s.incident) as stream
        from key k
        join ledger_receipt r on r.id = k.id
        cross join lateral (select s.* from ledger_standing s where s.book = r.book and s.id = r.id and s.kind = 'matter_raised' offset 0) s
        join ledger_book b on b.id = s.book
    ), settled as (
        select distinct on (m.id) m.id, s.id as record, s.effective_at, s.actor, s.payload ->> 'settlement' as settlement
        from raised m
        cross join lateral (
            select s.* from ledger_standing s join ledger_book b on b.id = s.book
            where s.subject = m.id and s.kind = 'matter_settled' and s.place = m.place and ledger_stream(b.drill, s.incident) = m.stream
            offset 0
        ) s
        order by m.id, s.effective_at desc, s.id desc
    )
    select k.id, m.stream, m.book, m.place, p.lo as position, m.payload ->> 'about' as about, (m.payload ->> 'urgent')::boolean as urgent,
           m.effective_at as raised_at, m.actor as raised_by, (m.payload ->> 'owner')::uuid as owner, (m.payload ->> 'due_at')::timestamptz as due_at,
           (m.payload ->> 'cause')::uuid as cause, m.subject, s.effective_at as settled_at, s.actor as settled_by, s.settlement, s.record as settling_record
    from key k
    left join raised m on m.id = k.id
    left join places_place p on p.id = m.place
    left join settled s on s.id = k.id
) s on t.id = s.id
when matched and s.book is null then delete
when matched and (t.stream, t.book, t.place, t.position, t.about, t.urgent, t.raised_at, t.raised_by, t.owner, t.due_at, t.cause, t.subject,
        t.settled_at, t.settled_by, t.settlement, t.settling_record)
    is distinct from (s.stream, s.book, s.place, s.position, s.about, s.urgent, s.raised_at, s.raised_by, s.owner, s.due_at, s.cause, s.subject,
        s.settled_at, s.settled_by, s.settlement, s.settling_record) then
    update set stream = s.stream, book = s.book, place = s.place, position = s.position, about = s.about, urgent = s.urgent, raised_at = s.raised_at,
        raised_by = s.raised_by, owner = s.owner, due_at = s.due_at, cause = s.cause, subject = s.subject, settled_at = s.settled_at,
        settled_by = s.settled_by, settlement = s.settlement, settling_record = s.settling_record
when not matched and s.book is not null then
    insert (id, stream, book, place, position, about, urgent, raised_at, raised_by, owner, due_at, cause, subject,
        settled_at, settled_by, settlement, settling_record)
    values (s.id, s.stream, s.book, s.place, s.position, s.about, s.urgent, s.raised_at, s.raised_by, s.owner, s.due_at, s.cause, s.subject,
        s.settled_at, s.settled_by, s.settlement, s.settling_record);
