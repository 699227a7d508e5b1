"""Frozen figures: by community and day, so that none of them is about one household."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_published_issues")]

    operations = [
        migrations.CreateModel(
            name="FrozenSpan",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("certificate", models.IntegerField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("communities", models.JSONField()),
                ("frozen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "bulletins_frozenspan",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("first__lte", models.F("last"))), name="frozenspan_days_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "span", "figure", "day", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("span", models.UUIDField()),
                ("figure", models.TextField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField()),
                ("value", models.BigIntegerField()),
            ],
            options={"db_table": "bulletins_frozenfigure"},
        ),
        roles.grant("bulletins_frozenspan", web="select", intake="", folder="select"),
        roles.grant("bulletins_frozenfigure", web="select", intake="", folder="select"),
    ]
