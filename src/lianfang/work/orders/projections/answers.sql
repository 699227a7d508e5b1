-- Each touched pair of order and place: the first acknowledgement (a completion is one too), the first completion, the last hindrance before
-- it. An answer counts only within the stream of its order: a drill answers no real order.
merge into orders_answer t using (
    with key as (
        select distinct subject as "order", place from touched where kind = 'order_answered'
    ), said as (
        select k."order", k.place, s.book, s.effective_at, s.id, s.actor, s.position, s.payload ->> 'answer' as answer
        from key k
        cross join lateral (
            select s.* from ledger_standing s where s.subject = k."order" and s.kind = 'order_answered' and s.place = k.place offset 0
        ) s
        join ledger_receipt r on r.id = k."order"
        join ledger_book b on b.id = s.book
        join ledger_book o on o.id = r.book and o.drill = b.drill
    ), answered as (
        select "order", place, min(book) as book, (array_agg(position order by effective_at, id))[1] as position, min(effective_at) as acknowledged_at,
               (array_agg(actor order by effective_at, id))[1] as acknowledged_by,
               min(effective_at) filter (where answer = 'completed') as completed_at,
               (array_agg(actor order by effective_at, id) filter (where answer = 'completed'))[1] as completed_by,
               max(effective_at) filter (where answer = 'hindered') as hindered_at
        from said group by "order", place
    )
    select k."order"::text || ' ' || k.place::text as id, k."order", k.place, a.book, a.position, a.acknowledged_at, a.acknowledged_by, a.completed_at, a.completed_by,
           a.hindered_at
    from key k left join answered a on a."order" = k."order" and a.place = k.place
) s on t.id = s.id
when matched and s.book is null then delete
when matched and (t.book, t.position, t.acknowledged_at, t.acknowledged_by, t.completed_at, t.completed_by, t.hindered_at)
    is distinct from (s.book, s.position, s.acknowledged_at, s.acknowledged_by, s.completed_at, s.completed_by, s.hindered_at) then
    update set book = s.book, position = s.position, acknowledged_at = s.acknowledged_at, acknowledged_by = s.acknowledged_by, completed_at = s.completed_at,
        completed_by = s.completed_by, hindered_at = s.hindered_at
when not matched and s.book is not null then
    insert (id, "order", place, book, position, acknowledged_at, acknowledged_by, completed_at, completed_by, hindered_at)
    values (s.id, s."order", s.place, s.book, s.position, s.acknowledged_at, s.acknowledged_by, s.completed_at, s.completed_by, s.hindered_at);
