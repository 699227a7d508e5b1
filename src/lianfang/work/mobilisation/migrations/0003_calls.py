"""Calls: who was called, what they answered, what has still to be sent."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("mobilisation", "0002_pool_and_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("words", models.TextField()),
                ("wanted", models.IntegerField()),
                ("able", models.BigIntegerField(default=0)),
                ("organisation", models.UUIDField(null=True)),
                ("test", models.BooleanField(default=False)),
                ("wave", models.IntegerField(default=1)),
                ("wait_minutes", models.IntegerField()),
                ("called_by", models.UUIDField(null=True)),
                ("called_at", models.DateTimeField()),
                ("wave_at", models.DateTimeField()),
                ("enough_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "mobilisation_call",
                "indexes": [
                    models.Index(fields=["position", "called_at"], name="call_position"),
                    models.Index(condition=models.Q(("closed_at", None), ("enough_at", None)), fields=["wave_at"], name="call_open"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("wanted__gt", 0)), name="call_wants_somebody")],
            },
        ),
        migrations.CreateModel(
            name="Summons",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("wave", models.IntegerField()),
                (
                    "answer",
                    models.TextField(
                        choices=[("yes", "yes"), ("no", "no"), ("later", "later"), ("on_the_way", "on_the_way"), ("here", "here")],
                        null=True,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.TextField(blank=True)),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.call"
                    ),
                ),
                ("force", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.force")),
            ],
            options={
                "db_table": "mobilisation_summons",
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("channel", models.TextField(choices=[("sms", "sms"), ("paper", "paper")])),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("no_number", "no_number"), ("given_up", "given_up")],
                        default="waiting",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("summons", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.summons")),
            ],
            options={
                "db_table": "mobilisation_dispatch",
            },
        ),
        migrations.AddConstraint(
            model_name="summons",
            constraint=models.UniqueConstraint(fields=("call", "force"), name="called_once"),
        ),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="dispatch_due"),
        ),
        *(
            roles.grant(f"mobilisation_{table}", web="select, insert, update, delete", intake="", folder="select")
            for table in ("call", "summons", "dispatch")
        ),
        *(roles.protect(f"mobilisation_{table}") for table in ("call", "summons", "dispatch")),
    ]
