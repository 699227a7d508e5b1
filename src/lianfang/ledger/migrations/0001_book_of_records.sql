-- The book. Append-only, partitioned by book, no default partition: a record without a book of its own cannot be kept.
create sequence ledger_record_seq;

create table ledger_record (
    id uuid not null,
    book integer not null,
    kind text not null,
    version smallint not null,
    incident uuid,
    place uuid not null,
    position bigint not null,
    actor uuid,
    entered_by uuid,
    channel text,
    subject uuid,
    occurred_at timestamptz not null,
    skew bigint,
    device uuid,
    device_seq bigint,
    recorded_at timestamptz not null,
    effective_at timestamptz not null,
    corrects uuid,
    reason text,
    payload jsonb not null,
    xact xid8 not null default pg_current_xact_id(),
    seq bigint not null default nextval('ledger_record_seq'),
    constraint ledger_record_once primary key (book, id),
    constraint ledger_record_holds_when_received check (effective_at <= recorded_at),
    constraint ledger_record_corrections_name_root_and_reason check (
        (kind = 'correction') = (corrects is not null) and (corrects is null) = (reason is null))
) partition by list (book);

alter sequence ledger_record_seq owned by ledger_record.seq;

-- What a correction moves its root to: never later than it was received. The text is of our own form (ISO 8601 with its offset), so that the
-- same moment comes out whatever the session's zone or style: immutable, and so fit for an index.
create function ledger_moved_to(payload jsonb, recorded_at timestamptz) returns timestamptz language sql immutable parallel safe as $$
    select case when payload ->> 'at' is not null then least((payload ->> 'at')::timestamptz, recorded_at) end
$$;

-- What really happened is one stream, each drill another.
create function ledger_stream(drill boolean, incident uuid) returns uuid language sql immutable parallel safe as $$
    select case when drill then incident else '00000000-0000-0000-0000-000000000000' end
$$;

-- Few indexes, each with its reader (docs/decisions/0009-indexes-of-the-book.md).
create index ledger_record_cursor on ledger_record (xact, seq);
create index ledger_record_place on ledger_record (place, effective_at);
create index ledger_record_position on ledger_record (position, effective_at);
create index ledger_record_corrections on ledger_record (corrects) where corrects is not null;
create index ledger_record_moved on ledger_record (ledger_moved_to(payload, recorded_at)) where corrects is not null;
create index ledger_record_subject on ledger_record (subject) where subject is not null;
create index ledger_record_duty on ledger_record (actor, effective_at) where kind = 'presence';

create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % is refused', lower(tg_op);
end $$;

create trigger ledger_append_only before update or delete or truncate on ledger_record
    for each statement execute function ledger_refuse();

-- A receipt without a digest waits for its root: a correction came first and chose the book. It is filled once, and nothing else changes.
create function ledger_receipt_once() returns trigger language plpgsql as $$
begin
    if old.digest is not null or new.digest is null or new.id <> old.id then
        raise exception 'a receipt is given once';
    end if;
    return new;
end $$;

create trigger ledger_receipt_given_once before update on ledger_receipt
    for each row execute function ledger_receipt_once();

-- Opens a book, or tells the one there is. Security definer: a partition is the owner's to make, and only in this form.
-- Attached rather than made in place: attaching does not lock out those who write to other books.
create function ledger_open_book(wanted text, of_incident uuid, class text, months text, is_drill boolean)
returns table (id integer, state text) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    opened integer;
    partition text;
begin
    return query select b.id, b.state from ledger_book b where b.key = wanted;
    if found then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('ledger books'));
    return query select b.id, b.state from ledger_book b where b.key = wanted;
    if found then
        return;
    end if;
    insert into ledger_book (key, incident, retention, period, drill, state, opened_at)
    values (wanted, of_incident, class, months, is_drill, 'open', clock_timestamp())
    returning ledger_book.id into opened;
    partition := 'ledger_record_b' || opened;
    execute format('create table %I (like ledger_record including defaults including constraints)', partition);
    execute format('alter table %I add constraint %I check (book = %s)', partition, partition || '_book', opened);
    execute format('alter table ledger_record attach partition %I for values in (%s)', partition, opened);
    execute format('alter table %I drop constraint %I', partition, partition || '_book');
    execute format(
        'create trigger ledger_append_only before update or delete or truncate on %I for each statement execute function ledger_refuse()',
        partition);
    return query select opened, 'open'::text;
end $$;

revoke execute on function ledger_open_book(text, uuid, text, text, boolean) from public;

-- When the first record beyond a mark was received, wherever it lies: with a heap still to be folded, looking for the first one of a small
-- scope would read the whole heap. Tells a moment and nothing else.
create function ledger_first_beyond(of_xact xid8, of_seq bigint) returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
    select recorded_at from ledger_record where (xact, seq) > (of_xact, of_seq) order by xact, seq limit 1
$$;

-- How far each projection and reaction has read, and in which cluster: (xact, seq) means nothing in another.
create table ledger_cursor (
    name text primary key,
    xact xid8 not null default '0',
    seq bigint not null default 0,
    cluster bigint not null,
    folded_until timestamptz not null,
    definition text not null,
    state text not null default 'running',
    trouble text not null default '',
    stuck_record uuid,
    failed_at timestamptz,
    constraint ledger_cursor_state check (state in ('running', 'stuck'))
);

-- Up to where the one who asks may look: a folder to its cursor, all others to the end. Read once a query, not once a row.
create view ledger_bound as
select coalesce(nullif(current_setting('lianfang.upto_xact', true), ''), '18446744073709551615')::xid8 as xact,
       coalesce(nullif(current_setting('lianfang.upto_seq', true), ''), '9223372036854775807')::bigint as seq;

-- Roots as they stand after their corrections. The last correction by its own (effective_at, id) holds, whole; one counts
-- only where its place is its root's; the root's time holds unless the time is what is corrected.
-- The bound is written as "not beyond", which no index serves: it holds nearly all records, and must not choose the plan.
-- A folder sets lianfang.upto_*: then it sees exactly the records up to its cursor, so that a table is a function of its cursor.
create view ledger_standing with (security_invoker = true) as
select r.id, r.book, r.kind, coalesce(c.version, r.version) as version, r.incident, r.place, r.position, r.actor, r.entered_by, r.channel, r.subject,
       r.occurred_at, r.recorded_at, coalesce(c.at, r.effective_at) as effective_at, coalesce(c.said, r.payload) as payload, c.id as correction,
       r.effective_at as first_effective_at
from ledger_record r
left join lateral (
    select k.id, k.payload ->> 'action' as action, ledger_moved_to(k.payload, k.recorded_at) as at, nullif(k.payload -> 'to', 'null') as said,
           case when jsonb_typeof(k.payload -> 'to') = 'object' then (k.payload ->> 'version')::smallint end as version
    from ledger_record k
    where k.corrects = r.id and k.corrects is not null and k.book = r.book and k.place = r.place and k.payload ->> 'kind' = r.kind
      and not (k.xact, k.seq) > ((select bound.xact from ledger_bound bound), (select bound.seq from ledger_bound bound))
    order by k.effective_at desc, k.id desc
    limit 1
) c on true
where r.corrects is null
  and c.action is distinct from 'withdraw'
  and not (r.xact, r.seq) > ((select bound.xact from ledger_bound bound), (select bound.seq from ledger_bound bound));
