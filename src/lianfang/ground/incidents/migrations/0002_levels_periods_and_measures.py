"""Incidents state level, phase, period, ground and rules; the decisions about them; measures and the decisions about those."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_incidents"),
        ("places", "0002_rules_held_by_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("step", models.TextField()),
                ("at", models.DateTimeField()),
                ("level", models.TextField(null=True)),
                ("phase", models.TextField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("rule_set", models.TextField(default="")),
                ("authority", models.TextField()),
                ("document", models.TextField()),
                ("reason", models.TextField()),
                ("decided_by", models.UUIDField(null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "incidents_decision",
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("rule_set", models.TextField()),
                ("begins_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("lifting_published_at", models.DateTimeField(null=True)),
                ("authority", models.TextField()),
                ("document", models.TextField()),
                ("beyond", models.TextField(default="")),
            ],
            options={
                "db_table": "incidents_measure",
            },
        ),
        migrations.CreateModel(
            name="MeasureDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("step", models.TextField()),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("authority", models.TextField()),
                ("document", models.TextField()),
                ("reason", models.TextField()),
                ("beyond", models.TextField(default="")),
                ("decided_by", models.UUIDField(null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "incidents_measuredecision",
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="authority",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="incident",
            name="document",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="incident",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="incident",
            name="level",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="incident",
            name="phase",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="incident",
            name="rule_set",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("level", None), ("level__in", ["I", "II", "III", "IV"]), _connector="OR"), name="incident_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phase", None), ("phase__in", ["first_case", "restricted", "raised", "clearing", "lifting"]), _connector="OR"
                ),
                name="incident_phase",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="incident",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="measure",
            name="area",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
        ),
        migrations.AddField(
            model_name="measure",
            name="incident",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="measure",
            name="place",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddField(
            model_name="measuredecision",
            name="measure",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.measure"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["opened", "level", "phase", "renewed", "rules", "ended"])), name="incident_decision_step"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["begins_at", "expires_at"], name="measure_time"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area__isnull", False), ("place__isnull", True)),
                    models.Q(("area__isnull", True), ("place__isnull", False)),
                    _connector="OR",
                ),
                name="measure_over_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(condition=models.Q(("expires_at__gt", models.F("begins_at"))), name="measure_has_an_end"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifted_at", None), ("lifted_at__gte", models.F("begins_at")), _connector="OR"),
                name="measure_lifted_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="measuredecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["raised", "published", "renewed", "lifted", "lifting_published"])),
                name="measure_decision_step",
            ),
        ),
        roles.grant("incidents_decision", web="select, insert"),
        roles.grant("incidents_measure"),
        roles.grant("incidents_measuredecision", web="select, insert"),
        track("incidents_measure", place="place_id"),
    ]
