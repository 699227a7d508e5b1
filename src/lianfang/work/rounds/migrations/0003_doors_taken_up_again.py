"""Visits that came before their round, and households that came to a door after it was closed: what the folder takes up bit by bit.

And the deadline a round was opened with, where it was given more time.
"""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.kernel import roles

# Every door at which a household came, left or moved, while any round has not ended by then: noted where the row changes, whoever changes it.
_NOTE = """
create function rounds_note_households() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into rounds_changeddoor (place, since)
        select door_id, min(valid_from) from new_rows n
        where exists (select from rounds_round r where r.ends_at >= n.valid_from::timestamp at time zone 'Asia/Shanghai')
        group by door_id order by door_id
        on conflict (place) do update set since = least(rounds_changeddoor.since, excluded.since);
    else
        insert into rounds_changeddoor (place, since)
        select door_id, min(valid_from) from (
            select n.door_id, least(n.valid_from, o.valid_from) as valid_from from new_rows n join old_rows o on o.id = n.id
            where (n.door_id, n.valid_from, n.valid_to) is distinct from (o.door_id, o.valid_from, o.valid_to)
            union all
            select o.door_id, o.valid_from from new_rows n join old_rows o on o.id = n.id where n.door_id <> o.door_id
        ) changed
        where exists (select from rounds_round r where r.ends_at >= changed.valid_from::timestamp at time zone 'Asia/Shanghai')
        group by door_id order by door_id
        on conflict (place) do update set since = least(rounds_changeddoor.since, excluded.since);
    end if;
    return null;
end $$;
create trigger rounds_household_came after insert on people_household referencing new table as new_rows
    for each statement execute function rounds_note_households();
create trigger rounds_household_changed after update on people_household referencing old table as old_rows new table as new_rows
    for each statement execute function rounds_note_households();
"""
_FORGET = """
drop trigger rounds_household_changed on people_household;
drop trigger rounds_household_came on people_household;
drop function rounds_note_households();
"""


class Migration(migrations.Migration):
    """Adds them. Reversing forgets only what still waits to be taken up; a rebuild finds it again."""

    dependencies = [
        ("people", "0001_persons_and_residence"),
        ("rounds", "0002_rounds_and_arrivals"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedDoor",
            fields=[
                ("place", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateField()),
            ],
            options={
                "db_table": "rounds_changeddoor",
            },
        ),
        migrations.CreateModel(
            name="Earlier",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="earlier",
                        serialize=False,
                        to="rounds.round",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("upto", models.BigIntegerField(default=-1)),
            ],
            options={
                "db_table": "rounds_earlier",
            },
        ),
        migrations.AddField(
            model_name="round",
            name="first_closes_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(_NOTE, _FORGET),
        roles.grant("rounds_earlier", web="select, insert, update", intake="", folder="select, insert, update, delete"),
        roles.grant("rounds_changeddoor", web="", intake="", folder="select, delete"),
    ]
