"""How doors stand, and tallies of visits."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    """Creates them. Reversing drops them: a rebuild fills them again."""

    initial = True

    dependencies = [("ledger", "0001_book_of_records"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="DoorState",
            fields=[
                ("pk", models.CompositePrimaryKey("stream", "place", blank=True, editable=False, primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("outcome", models.TextField()),
                ("settled", models.BooleanField()),
                ("effective_at", models.DateTimeField()),
                ("record", models.UUIDField()),
                ("tries", models.IntegerField()),
                ("people_seen", models.IntegerField()),
                ("visits", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_doorstate",
                "indexes": [models.Index(fields=["position"], name="doorstate_position")],
            },
        ),
        migrations.CreateModel(
            name="DoorTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream", "building", "outcome", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stream", models.UUIDField()),
                ("building", models.UUIDField()),
                ("outcome", models.TextField()),
                ("position", models.BigIntegerField()),
                ("span", models.BigIntegerField()),
                ("settled", models.BooleanField()),
                ("doors", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_doortally",
                "indexes": [models.Index(fields=["position"], name="doortally_position")],
            },
        ),
        migrations.CreateModel(
            name="VisitHour",
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
                "db_table": "rounds_visithour",
                "indexes": [models.Index(fields=["position", "begins"], name="visithour_position")],
            },
        ),
        migrations.CreateModel(
            name="VisitTally",
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
                "db_table": "rounds_visittally",
                "indexes": [models.Index(fields=["position", "begins"], name="visittally_position")],
            },
        ),
        roles.grant("rounds_doorstate", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_doorstate"),
        roles.grant("rounds_doortally", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_doortally"),
        roles.grant("rounds_visittally", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_visittally"),
        roles.grant("rounds_visithour", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("rounds_visithour"),
        migrations.RunSQL(
            "grant update (position) on rounds_doorstate to lianfang_web", migrations.RunSQL.noop
        ),  # rows follow a moved place
        migrations.RunSQL(
            "grant update (position) on rounds_doortally to lianfang_web", migrations.RunSQL.noop
        ),  # rows follow a moved place
        # Doors that have ended are few; how doors stand leaves them out at reading, since ending a door is no record.
        migrations.RunSQL(
            "create index rounds_ended_doors on places_place (lo) where level = 'door' and valid_to is not null",
            "drop index rounds_ended_doors",
        ),
    ]
