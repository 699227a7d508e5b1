"""Offices of a body that is taken over: whose they were, and whose they are for a time."""

from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("playbooks", "0001_plans_and_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandIn",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("takeover", models.UUIDField()),
                ("grant_before", models.UUIDField()),
                ("account_before", models.UUIDField()),
                ("grant_now", models.UUIDField(null=True)),
                ("account_now", models.UUIDField()),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "playbooks_standin",
                "indexes": [
                    models.Index(fields=["takeover"], name="standin_takeover"),
                    models.Index(condition=models.Q(("ended_at", None)), fields=["account_before"], name="standin_before"),
                    models.Index(condition=models.Q(("ended_at", None)), fields=["account_now"], name="standin_now"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("grant_before",), name="office_stood_in_for_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account_before", models.F("account_now")), _negated=True),
                        name="nobody_stands_in_for_themselves",
                    ),
                ],
            },
        ),
        roles.grant("playbooks_standin", web="select, insert, update", intake="", folder=""),
        track("playbooks_standin"),
    ]
