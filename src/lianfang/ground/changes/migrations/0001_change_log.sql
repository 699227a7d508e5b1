-- The one writer of the change log. Arguments: key column, place column, position column, redacted columns (comma-separated).
-- Security definer: whoever may change a followed row gets it logged, and nobody else writes here.
-- Nested loops are off: the plan is kept from the first statement, often of one row, and a later one may change thousands.
create function changes_log() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_nestloop = off as $$
declare
    key_column text := tg_argv[0];
    place_column text := tg_argv[1];
    position_column text := tg_argv[2];
    redacted text[] := string_to_array(tg_argv[3], ',');
    who uuid := nullif(current_setting('lianfang.actor', true), '')::uuid;
    why text := coalesce(current_setting('lianfang.reason', true), '');
    added bigint;
begin
    -- The same value sealed under another key is no change of it (kernel.sealed); only a session of the owner may say so.
    if session_user = 'lianfang_owner' and current_setting('lianfang.resealing', true) = 'on' then
        return null;
    end if;
    if tg_op = 'INSERT' then
        select count(*) into added from new_rows;
        if added > 100 then
            insert into changes_change (at, actor, reason, "table", row_id, place_id, position, action, old, new)
            select clock_timestamp(), who, why, tg_table_name, null, null, min((to_jsonb(n) ->> position_column)::bigint), 'insert', null, jsonb_build_object('rows', added)
            from new_rows n;
            return null;
        end if;
        insert into changes_change (at, actor, reason, "table", row_id, place_id, position, action, old, new)
        select clock_timestamp(), who, why, tg_table_name, j ->> key_column, (j ->> place_column)::uuid, (j ->> position_column)::bigint, 'insert', null,
               changes_redact(jsonb_strip_nulls(j), redacted)
        from (select to_jsonb(n) as j from new_rows n) added_rows;
    elsif tg_op = 'UPDATE' then
        insert into changes_change (at, actor, reason, "table", row_id, place_id, position, action, old, new)
        select clock_timestamp(), who, why, tg_table_name, a ->> key_column, (a ->> place_column)::uuid, (a ->> position_column)::bigint, 'update',
               changes_redact(d.old, redacted), changes_redact(d.new, redacted)
        from (select to_jsonb(n) as a, to_jsonb(o) as b
              from new_rows n join old_rows o on to_jsonb(o) ->> key_column = to_jsonb(n) ->> key_column) pairs,
             lateral (select jsonb_object_agg(f.key, b -> f.key) as old, jsonb_object_agg(f.key, f.value) as new
                      from jsonb_each(a) f where f.value is distinct from b -> f.key) d
        where d.new is not null;
    else
        insert into changes_change (at, actor, reason, "table", row_id, place_id, position, action, old, new)
        select clock_timestamp(), who, why, tg_table_name, j ->> key_column, (j ->> place_column)::uuid, (j ->> position_column)::bigint, 'delete',
               changes_redact(jsonb_strip_nulls(j), redacted), null
        from (select to_jsonb(o) as j from old_rows o) removed_rows;
    end if;
    return null;
end $$;

-- A value that must not be repeated is replaced by a mark that it was there.
create function changes_redact(facts jsonb, redacted text[]) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(f.key, case when f.key = any(redacted) and f.value <> 'null' then '"…"'::jsonb else f.value end), '{}')
    from jsonb_each(facts) f
$$;

create function changes_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the change log is append-only';
end $$;

create trigger changes_append_only before update or delete or truncate on changes_change
    for each statement execute function changes_refuse();
