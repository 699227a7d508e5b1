"""The log of changes is only added to, but for what ended with its incident: that the owner of the table erases, when it says so."""

from django.db import migrations

MAY = """
create function changes_erasing(of oid) returns boolean language sql stable set search_path = public, pg_temp as $$
    select coalesce(current_setting('lianfang.erasing', true), '') = 'on'
       and pg_has_role(session_user, (select relowner from pg_class where oid = $1), 'member')
$$;
create or replace function changes_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and changes_erasing(tg_relid) then
        return null;
    end if;
    raise exception 'the change log is append-only';
end $$;
"""
BACK = """
create or replace function changes_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the change log is append-only';
end $$;
drop function changes_erasing(oid);
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_change_log")]

    operations = [migrations.RunSQL(MAY, BACK)]
