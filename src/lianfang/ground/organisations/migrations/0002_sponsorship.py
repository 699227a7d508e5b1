"""Sponsorship of streets, communities and compounds."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_organisations"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Sponsorship",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("document", models.TextField(blank=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("area", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
                ),
                ("place", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "organisations_sponsorship",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place", None), ("area", None), _connector="XOR"), name="sponsorship_of_one_thing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="sponsorship_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("organisation", "place"), name="sponsorship_of_place_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("organisation", "area"), name="sponsorship_of_area_once"
                    ),
                ],
            },
        ),
        roles.grant("organisations_sponsorship"),
        track("organisations_sponsorship", place="place_id"),
    ]
