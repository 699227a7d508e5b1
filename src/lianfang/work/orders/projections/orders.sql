-- Each touched order as it was issued; one that was withdrawn is no more.
merge into orders_order t using (
    with key as (
        select distinct id from touched where kind = 'order_issued'
    ), issued as (
        select s.*, ledger_stream(b.drill, s.incident) as stream
        from key k
        join ledger_receipt r on r.id = k.id
        cross join lateral (select s.* from ledger_standing s where s.book = r.book and s.id = r.id and s.kind = 'order_issued' offset 0) s
        join ledger_book b on b.id = s.book
    )
    select k.id, i.stream, i.book, i.place, i.position, (i.payload ->> 'area')::uuid as area, i.incident, i.payload ->> 'down_to' as down_to,
           i.effective_at as issued_at, i.actor as issued_by, (i.payload ->> 'acknowledge_by')::timestamptz as acknowledge_by,
           (i.payload ->> 'due_at')::timestamptz as due_at
    from key k left join issued i on i.id = k.id
) s on t.id = s.id
when matched and s.book is null then delete
when matched and (t.stream, t.book, t.place, t.position, t.area, t.incident, t.down_to, t.issued_at, t.issued_by, t.acknowledge_by, t.due_at)
    is distinct from (s.stream, s.book, s.place, s.position, s.area, s.incident, s.down_to, s.issued_at, s.issued_by, s.acknowledge_by, s.due_at) then
    update set stream = s.stream, book = s.book, place = s.place, position = s.position, area = s.area, incident = s.incident, down_to = s.down_to,
        issued_at = s.issued_at, issued_by = s.issued_by, acknowledge_by = s.acknowledge_by, due_at = s.due_at
when not matched and s.book is not null then
    insert (id, stream, book, place, position, area, incident, down_to, issued_at, issued_by, acknowledge_by, due_at)
    values (s.id, s.stream, s.book, s.place, s.position, s.area, s.incident, s.down_to, s.issued_at, s.issued_by, s.acknowledge_by, s.due_at);
