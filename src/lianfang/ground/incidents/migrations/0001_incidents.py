"""Incidents and drills."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changes", "0001_change_log"),
        ("places", "0001_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("epidemic", "epidemic"),
                            ("flood", "flood"),
                            ("heat", "heat"),
                            ("cold", "cold"),
                            ("earthquake", "earthquake"),
                            ("fire", "fire"),
                            ("gas", "gas"),
                            ("outage", "outage"),
                            ("other", "other"),
                        ]
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("drill", models.BooleanField(default=False)),
                ("area", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area")),
                ("place", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "incidents_incident",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__isnull", True), ("area__isnull", True), _connector="OR"), name="incident_over_one_thing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("ended_at__gte", models.F("opened_at")), _connector="OR"),
                        name="incident_ends_after_it_begins",
                    ),
                ],
            },
        ),
        roles.grant("incidents_incident"),
        track("incidents_incident", place="place_id"),
    ]
