"""Differences at doors of which somebody has said that both records are right."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("rounds", "0003_doors_taken_up_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettledLine",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("settled_by", models.UUIDField()),
                ("settled_at", models.DateTimeField()),
            ],
            options={
                "db_table": "rounds_settledline",
                "indexes": [models.Index(fields=["position"], name="settledline_position")],
            },
        ),
        roles.grant("rounds_settledline", web="select, insert", intake="", folder="select"),
        roles.protect("rounds_settledline"),
    ]
