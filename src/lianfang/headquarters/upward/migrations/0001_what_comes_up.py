"""What comes up from nodes below. Empty where nothing does."""

from pathlib import Path

from django.db import migrations, models

from lianfang.kernel import roles

TABLES = ("upward_figure", "upward_round", "upward_organisation")


class Migration(migrations.Migration):
    """Creates the tables, readable by position, each row only by the node that it is of."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Day",
            fields=[
                ("pk", models.CompositePrimaryKey("node", "day", blank=True, editable=False, primary_key=True, serialize=False)),
                ("node", models.TextField()),
                ("day", models.DateField()),
                ("name", models.TextField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("form", models.IntegerField()),
                ("as_of", models.DateTimeField()),
                ("keys", models.TextField()),
            ],
            options={
                "db_table": "upward_day",
            },
        ),
        migrations.CreateModel(
            name="DayFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "node", "day", "lo", "hi", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("node", models.TextField()),
                ("day", models.DateField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("key", models.TextField()),
                ("value", models.BigIntegerField()),
            ],
            options={
                "db_table": "upward_figure",
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("slot", models.TextField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "db_table": "upward_node",
            },
        ),
        migrations.CreateModel(
            name="RoundRow",
            fields=[
                ("pk", models.CompositePrimaryKey("node", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("node", models.TextField()),
                ("id", models.UUIDField()),
                ("name", models.TextField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("opens_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "db_table": "upward_round",
            },
        ),
        migrations.CreateModel(
            name="OrganisationRow",
            fields=[
                ("pk", models.CompositePrimaryKey("node", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("node", models.TextField()),
                ("id", models.UUIDField()),
                ("parent", models.UUIDField(null=True)),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "upward_organisation",
                "indexes": [models.Index(fields=["lo"], name="upward_organisation_position")],
            },
        ),
        *(roles.grant(table, web="select", intake="", folder="select") for table in ("upward_node", "upward_day", *TABLES)),
        *(roles.protect(table, "lo") for table in TABLES),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), migrations.RunSQL.noop),
    ]
