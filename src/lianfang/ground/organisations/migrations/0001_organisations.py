"""Organisations, and the link of grants to them."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changes", "0001_change_log"),
        ("accounts", "0001_accounts_and_grants"),
        ("places", "0001_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("party_committee", "party_committee"),
                            ("party_branch", "party_branch"),
                            ("temporary_branch", "temporary_branch"),
                            ("party_group", "party_group"),
                            ("department", "department"),
                            ("public_institution", "public_institution"),
                            ("committee", "committee"),
                            ("enterprise", "enterprise"),
                            ("property_company", "property_company"),
                            ("social", "social"),
                            ("team", "team"),
                            ("other", "other"),
                        ]
                    ),
                ),
                ("lo", models.BigIntegerField(unique=True)),
                ("hi", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                ("place", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "organisations_organisation",
                "indexes": [models.Index(fields=["name"], name="organisation_by_name")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("hi__gt", models.F("lo"))), name="organisation_has_a_range"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="organisation_ends_after_it_begins",
                    ),
                ],
            },
        ),
        # Grants stand below organisations and name them by id; the link is made here, where both are known.
        migrations.RunSQL(
            "alter table accounts_grant add constraint grant_of_organisation foreign key (organisation_id) references organisations_organisation (id) deferrable initially deferred",
            "alter table accounts_grant drop constraint grant_of_organisation",
        ),
        roles.grant("organisations_organisation"),
        track("organisations_organisation", place="place_id"),
    ]
