"""A person may have several telephone numbers: those beside the first, sealed and indexed as it is; pairs that may be one know them."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

# Visible with the person: the policy on persons decides.
WITH_THE_PERSON = "exists (select 1 from people_person p where p.id = people_phone.person_id offset 0)"
MATCHES = """
create or replace function people_note_matches() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into people_match (one_id, other_id, basis, found_at)
    select least(n.id, p.id), greatest(n.id, p.id), 'paper', clock_timestamp()
    from new_rows n join people_person p on p.paper_index = n.paper_index and p.id <> n.id
    where p.ended_at is null
    union
    select least(n.id, p.id), greatest(n.id, p.id), 'phone', clock_timestamp()
    from new_rows n join people_person p on p.phone_index = n.phone_index and p.name = n.name and p.id <> n.id
    where p.ended_at is null and p.paper_index is distinct from n.paper_index
    union
    select least(n.id, p.id), greatest(n.id, p.id), 'phone', clock_timestamp()
    from new_rows n join people_phone f on f.index = n.phone_index
    join people_person p on p.id = f.person_id and p.name = n.name and p.id <> n.id
    where p.ended_at is null and p.paper_index is distinct from n.paper_index
    on conflict (one_id, other_id) do nothing;
    return null;
end $$
"""
PHONE_MATCHES = """
create function people_note_phone_matches() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into people_match (one_id, other_id, basis, found_at)
    select least(n.id, p.id), greatest(n.id, p.id), 'phone', clock_timestamp()
    from new_rows f join people_person n on n.id = f.person_id
    join people_person p on p.phone_index = f.index and p.name = n.name and p.id <> n.id
    where p.ended_at is null and n.ended_at is null and p.paper_index is distinct from n.paper_index
    union
    select least(n.id, p.id), greatest(n.id, p.id), 'phone', clock_timestamp()
    from new_rows f join people_person n on n.id = f.person_id
    join people_phone o on o.index = f.index and o.person_id <> f.person_id
    join people_person p on p.id = o.person_id and p.name = n.name
    where p.ended_at is null and n.ended_at is null and p.paper_index is distinct from n.paper_index
    on conflict (one_id, other_id) do nothing;
    return null;
end $$;
create trigger people_phone_added after insert on people_phone referencing new table as new_rows
    for each statement execute function people_note_phone_matches()
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_recount_by_door")]

    operations = [
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("index", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"),
                ),
            ],
            options={"db_table": "people_phone"},
        ),
        migrations.AddConstraint(
            model_name="phone", constraint=models.UniqueConstraint(fields=("person", "index"), name="phone_of_a_person_once")
        ),
        migrations.AddIndex(model_name="phone", index=models.Index(fields=["index"], name="phone_by_index")),
        migrations.RunSQL(MATCHES, migrations.RunSQL.noop),
        migrations.RunSQL(PHONE_MATCHES, "drop function people_note_phone_matches cascade"),
        roles.grant("people_phone", web="select, insert, delete", intake="select, insert"),
        roles.protect("people_phone", visible=WITH_THE_PERSON, writable="true"),
        track("people_phone", redact=("sealed", "index")),
    ]
