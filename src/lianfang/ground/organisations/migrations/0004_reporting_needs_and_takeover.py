"""Reporting for duty at home, needs, claims and certified hours; take-over."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lianfang.ground.organisations.models.dated
from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

RULES = Path(__file__).with_suffix(".sql").read_text()
DROP = "drop function organisations_report_fits, organisations_claim_fits cascade"


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_branches_members_teams_posts"),
        ("people", "0003_further_phones"),
        ("places", "0003_moved_doors_by_position"),
    ]

    operations = [
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("what", models.TextField()),
                ("wanted", models.IntegerField(default=1)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "organisations_need",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("member", "member"), ("organisation", "organisation"), ("leader", "leader")])),
                ("position", models.BigIntegerField()),
                ("signed_by", models.UUIDField(null=True)),
                ("signed_on", models.DateField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
                ),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
            ],
            options={
                "db_table": "organisations_report",
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("way", models.TextField(choices=[("claimed", "claimed"), ("offered", "offered"), ("assigned", "assigned")])),
                ("claimed_on", models.DateField()),
                ("served_on", models.DateField(null=True)),
                ("minutes", models.IntegerField(null=True)),
                ("certified_by", models.UUIDField(null=True)),
                ("certified_at", models.DateTimeField(null=True)),
                ("need", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.need")),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.report")),
            ],
            options={
                "db_table": "organisations_claim",
            },
        ),
        migrations.CreateModel(
            name="Takeover",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("document", models.TextField()),
                ("until", models.DateField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "out_of_action",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
                ),
                (
                    "taken_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
                ),
            ],
            options={
                "db_table": "organisations_takeover",
            },
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="asked_need_by_position"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="asked_need_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("what", ""), _negated=True), ("wanted__gte", 1), ("wanted__lte", 999)),
                name="asked_need_of_something",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="report_by_position"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="report_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "organisation"), ("person", None)),
                    models.Q(models.Q(("kind", "organisation"), _negated=True), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="report_of_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_by", None), ("signed_on", None)),
                    models.Q(("signed_by__isnull", False), ("signed_on__gte", models.F("valid_from"))),
                    _connector="OR",
                ),
                name="report_signed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("person__isnull", False)),
                expressions=[("person", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="report_of_a_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("person", None)),
                expressions=[
                    ("organisation", "="),
                    ("community", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="report_of_an_organisation_once",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["position"], name="claim_by_position"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("need", "report", "claimed_on"), name="claim_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("certified_at", None), ("certified_by", None), ("minutes", None), ("served_on", None)),
                    models.Q(
                        ("certified_at__isnull", False),
                        ("certified_by__isnull", False),
                        ("minutes__gte", 1),
                        ("minutes__lte", 1440),
                        ("served_on__gte", models.F("claimed_on")),
                    ),
                    _connector="OR",
                ),
                name="claim_hours_are_certified",
            ),
        ),
        migrations.AddConstraint(
            model_name="takeover",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="takeover_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="takeover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("out_of_action", models.F("taken_by")), _negated=True), models.Q(("document", ""), _negated=True)
                ),
                name="takeover_by_another_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="takeover",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("out_of_action", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="taken_over_by_one",
            ),
        ),
        migrations.RunSQL(RULES, DROP),
        *(roles.grant(f"organisations_{table}", intake="") for table in ("report", "need", "claim", "takeover")),
        roles.protect("organisations_report"),
        roles.protect("organisations_claim"),
        track("organisations_report", place="community_id", position="position", redact=("person_id",)),
        track("organisations_need", place="community_id", position="position"),
        track("organisations_claim", position="position"),
        track("organisations_takeover"),
    ]
