"""Published bulletins and their withdrawals: added, never changed."""

from pathlib import Path

from django.db import migrations, models

from lianfang.kernel import roles

WHOLE = (
    "("
    + " or ".join(
        f"(lo >= current_setting('lianfang.lo{n}')::bigint and hi <= current_setting('lianfang.hi{n}')::bigint)" for n in range(1, 5)
    )
    + ")"
)
"""Only who may read all of the place reads its bulletins: the whole range lies in one of the four of the scope."""


class Migration(migrations.Migration):
    """Creates them."""

    initial = True

    dependencies = [("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("definition", models.TextField()),
                ("version", models.IntegerField()),
                ("subject", models.UUIDField()),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.UUIDField(null=True)),
                ("xact", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("content", models.JSONField()),
                (
                    "area",
                    models.ForeignKey(db_index=False, null=True, on_delete=models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
                ("place", models.ForeignKey(db_index=False, on_delete=models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "bulletins_issue",
                "indexes": [models.Index(fields=["lo", "published_at"], name="bulletins_issue_position")],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "definition", "number"), name="bulletins_issue_number_once"),
                    models.CheckConstraint(condition=models.Q(("first__lte", models.F("last"))), name="bulletins_issue_days_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "issue",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="bulletins.issue",
                    ),
                ),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("withdrawn_at", models.DateTimeField()),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("reason", models.TextField()),
            ],
            options={"db_table": "bulletins_withdrawal"},
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), migrations.RunSQL.noop),
        roles.grant("bulletins_issue", web="select, insert", intake="", folder=""),
        roles.protect("bulletins_issue", visible=WHOLE),
        roles.grant("bulletins_withdrawal", web="select, insert", intake="", folder=""),
        roles.protect("bulletins_withdrawal", visible=WHOLE),
    ]
