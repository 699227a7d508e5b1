"""Plans, who is bound to them, runs with every single thing they do, and service as it was."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    initial = True

    dependencies = [("changes", "0001_change_log"), ("ledger", "0001_book_of_records")]

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "playbooks_plan",
                "indexes": [models.Index(fields=["position"], name="plan_position")],
                "constraints": [models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="plan_has_a_name")],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("written_at", models.DateTimeField()),
                ("written_by", models.UUIDField(null=True)),
                ("note", models.TextField(default="")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.plan")),
            ],
            options={
                "db_table": "playbooks_version",
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("activation", "activation"), ("standing_down", "standing_down")])),
                (
                    "state",
                    models.TextField(
                        choices=[("running", "running"), ("held", "held"), ("done", "done"), ("undoing", "undoing"), ("undone", "undone")]
                    ),
                ),
                ("incident", models.UUIDField()),
                ("name", models.TextField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("drill", models.BooleanField(default=False)),
                ("choices", models.JSONField(default=dict)),
                ("undoing", models.JSONField(default=list)),
                ("found", models.JSONField(default=dict)),
                ("why", models.JSONField(null=True)),
                ("begun_by", models.UUIDField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.version"),
                ),
            ],
            options={
                "db_table": "playbooks_run",
            },
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("part", models.TextField()),
                ("site", models.UUIDField()),
                ("person", models.UUIDField()),
                ("leads", models.BooleanField(default=False)),
                ("position", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.plan")),
            ],
            options={
                "db_table": "playbooks_holder",
                "indexes": [models.Index(fields=["position"], name="holder_position")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="holder_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("plan", "part", "site", "person"), name="holder_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("leads", True), ("valid_to", None)), fields=("plan", "part", "site"), name="holder_led_by_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("section", models.TextField()),
                ("step", models.IntegerField()),
                ("number", models.IntegerField()),
                ("part", models.TextField(default="")),
                ("name", models.TextField()),
                ("place", models.UUIDField()),
                ("area", models.UUIDField(null=True)),
                ("position", models.BigIntegerField()),
                ("people", models.JSONField(default=list)),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("refused", "refused"), ("undone", "undone")], default="waiting"
                    ),
                ),
                ("made", models.UUIDField(null=True)),
                ("told", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField(null=True)),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.run")),
            ],
            options={
                "db_table": "playbooks_item",
                "indexes": [models.Index(fields=["position"], name="item_position")],
                "constraints": [models.UniqueConstraint(fields=("run", "step", "number"), name="item_once")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("incident", models.UUIDField()),
                ("person", models.UUIDField()),
                ("organisation", models.UUIDField(null=True)),
                ("position", models.BigIntegerField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("days", models.IntegerField()),
                ("minutes", models.IntegerField()),
                ("places", models.JSONField(default=list)),
                ("duties", models.JSONField(default=list)),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.run")),
            ],
            options={
                "db_table": "playbooks_service",
                "indexes": [models.Index(fields=["position"], name="service_position")],
                "constraints": [models.UniqueConstraint(fields=("run", "person"), name="service_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="version_once"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["position", "begun_at"], name="run_position"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(condition=models.Q(("state__in", ("running", "undoing"))), fields=["begun_at"], name="run_in_hand"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(fields=("incident", "kind"), name="run_once_for_an_incident"),
        ),
        *(
            roles.grant(f"playbooks_{table}", web=web, intake="", folder="")
            for table, web in (
                ("plan", "select, insert, update"),
                ("version", "select, insert"),
                ("holder", "select, insert, update"),
                ("run", "select, insert, update"),
                ("item", "select, insert, update"),
                ("service", "select, insert, delete"),
            )
        ),
        *(roles.protect(f"playbooks_{table}") for table in ("plan", "holder", "run", "item", "service")),
        track("playbooks_plan", place="place", position="position"),
        track("playbooks_holder", position="position", redact=("person",)),
    ]
