"""Contents go when their time is over, whosever they are; loads that were broken off are taken up, those of the local administrator too."""

from django.db import migrations, models

# The process that does this runs as the web role and sees nothing by itself. It can erase what is overdue and nothing else, a piece at a
# time, so that no transaction holds the others back. The number of days is that of commands.erasing.KEPT.
ERASE = """
create function rosters_erase_some(at_once int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare overdue uuid; gone int;
begin
    select id into overdue from rosters_roster where brought_at < now() - interval '30 days' and erased_at is null
    order by brought_at limit 1 for update skip locked;
    if overdue is null then
        return 0;
    end if;
    delete from rosters_content where roster_id = overdue;
    with piece as (
        select id from rosters_row where roster_id = overdue and (sealed is not null or said_sealed is not null) limit at_once
    )
    update rosters_row r set sealed = null, said_sealed = null from piece where r.id = piece.id;
    get diagnostics gone = row_count;
    if gone < at_once then
        update rosters_question set before_sealed = null where roster_id = overdue and before_sealed is not null;
        update rosters_roster r
        set erased_at = now(), state = case when state in ('loaded', 'refused') then state else 'dropped' end,
            layouts = (
                select coalesce(jsonb_agg(jsonb_set(sheet, '{samples}', (
                    select coalesce(jsonb_agg('[]'::jsonb), '[]') from jsonb_array_elements(sheet -> 'samples')
                ))), '[]') from jsonb_array_elements(r.layouts) sheet
            )
        where r.id = overdue;
    end if;
    return gone + 1;
end $$
"""
WAITING = """
create or replace function rosters_waiting() returns table (id uuid, brought_by uuid, state text)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.id, r.brought_by, r.state from rosters_roster r
    where r.state in ('received', 'reading', 'again', 'ordered', 'loading') and (r.brought_by is not null or r.options ? 'then')
    order by r.changed_at limit 20
$$
"""
BEFORE = """
create or replace function rosters_waiting() returns table (id uuid, brought_by uuid, state text)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.id, r.brought_by, r.state from rosters_roster r
    where r.state in ('received', 'reading', 'again', 'ordered', 'loading') and r.brought_by is not null order by r.changed_at limit 20
$$
"""


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_rows_indexed_once")]

    operations = [
        migrations.AddField(model_name="roster", name="erased_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(condition=models.Q(("erased_at__isnull", True)), fields=["brought_at"], name="roster_not_erased"),
        ),
        migrations.RunSQL(ERASE, "drop function rosters_erase_some"),
        migrations.RunSQL(WAITING, BEFORE),
    ]
