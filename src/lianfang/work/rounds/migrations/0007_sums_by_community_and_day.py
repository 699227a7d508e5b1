"""Visits and doors visited by community and day: what the figures of larger places add up. Sums by hour, which nothing read, go."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("rounds", "0006_rounds_taken_back"),
    ]

    operations = [
        migrations.DeleteModel(name="VisitHour"),
        migrations.RunSQL("delete from ledger_cursor where name = 'rounds.visit_hour'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="VisitDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "book", "position", "begins", "outcome", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("book", models.IntegerField()),
                ("position", models.BigIntegerField()),
                ("begins", models.DateTimeField()),
                ("outcome", models.TextField()),
                ("span", models.BigIntegerField()),
                ("place", models.UUIDField()),
                ("visits", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_visitday",
                "indexes": [models.Index(fields=["position", "begins"], name="visitday_position")],
            },
        ),
        migrations.CreateModel(
            name="DoorDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream", "position", "day", "previous", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stream", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("day", models.DateField()),
                ("previous", models.DateField()),
                ("span", models.BigIntegerField()),
                ("place", models.UUIDField()),
                ("doors", models.IntegerField()),
            ],
            options={"db_table": "rounds_doorday"},
        ),
        roles.grant("rounds_visitday", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_visitday"),
        roles.grant("rounds_doorday", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_doorday"),
        # Doors that left a position in a period are few; doors visited in it are corrected by them.
        migrations.RunSQL(
            "create index rounds_moved_doors on places_placepast (valid_to, lo) where level = 'door'", "drop index rounds_moved_doors"
        ),
    ]
