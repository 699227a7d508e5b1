-- The spells of duty of each touched person (an account; for somebody without one the person whom the record is about): one begins with a record "on" and
-- ends with the person's next presence record, wherever that is (one person stands at one post at a time).
merge into mobilisation_presence t using (
    with person as (
        select distinct coalesce(subject, actor) as actor, stream from touched where kind = 'presence'
    ), said as (
        select a.actor, a.stream, s.id, s.book, s.place, s.position, s.effective_at, s.payload ->> 'duty' as duty, (s.payload ->> 'post')::uuid as post,
               lead(s.effective_at) over in_order as ended_at, lead(s.id) over in_order as ended_by
        from person a
        cross join lateral (
            select s.* from ledger_standing s join ledger_book b on b.id = s.book
            where s.actor = a.actor and s.subject is null and s.kind = 'presence' and ledger_stream(b.drill, s.incident) = a.stream
            union all
            select s.* from ledger_standing s join ledger_book b on b.id = s.book
            where s.subject = a.actor and s.kind = 'presence' and ledger_stream(b.drill, s.incident) = a.stream
            offset 0
        ) s
        window in_order as (partition by a.actor, a.stream order by s.effective_at, s.id)
    ), spell as (
        select * from said where duty = 'on'
    ), held as (
        select t.record from person a join mobilisation_presence t on t.actor = a.actor and t.stream = a.stream
    )
    select coalesce(s.id, h.record) as record, s.stream, s.book, s.actor, s.place, s.position, s.post, s.effective_at as began_at, s.ended_at, s.ended_by
    from spell s full join held h on h.record = s.id
) s on t.record = s.record
when matched and s.actor is null then delete
when matched and (t.stream, t.book, t.actor, t.place, t.position, t.post, t.began_at, t.ended_at, t.ended_by)
    is distinct from (s.stream, s.book, s.actor, s.place, s.position, s.post, s.began_at, s.ended_at, s.ended_by) then
    update set stream = s.stream, book = s.book, actor = s.actor, place = s.place, position = s.position, post = s.post,
        began_at = s.began_at, ended_at = s.ended_at, ended_by = s.ended_by
when not matched and s.actor is not null then
    insert (record, stream, book, actor, place, position, post, began_at, ended_at, ended_by)
    values (s.record, s.stream, s.book, s.actor, s.place, s.position, s.post, s.began_at, s.ended_at, s.ended_by);
