"""The pool of those who can be sent, what places need, drafts of an assignment, and assignments."""

from typing import Any

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lianfang.work.mobilisation.models.forces
import lianfang.work.mobilisation.types
from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

# Who offers themselves is known to those who may see the offer.
OFFER = "exists (select 1 from mobilisation_force f where f.person = people_person.id{only} offset 0)"
OFFERS: list[Any] = [
    f"create policy offers_here on people_person for select to lianfang_web using ({OFFER.format(only='')})",
    f"create policy offers_blanked on people_person for update to lianfang_web using ({OFFER.format(only=' and f.own_person')})",
]
# For the process of jobs, which sees nothing by itself: which drafts wait or were broken off, and who asked for them.
WAITING = """
create function mobilisation_waiting(abandoned timestamptz) returns table (id uuid, asked_by uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    select d.id, d.asked_by from mobilisation_draft d
    where d.state = 'asked' or (d.state = 'solving' and d.changed_at < abandoned) order by d.asked_at limit 5
$$
"""
TABLES = ("force", "withdrawal", "need", "wish", "assignment", "draft", "line", "shortage")


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0001_presence"), ("people", "0003_further_phones"), ("changes", "0001_change_log")]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("withdrawn_at", models.DateTimeField()),
                ("channel", models.TextField()),
            ],
            options={
                "db_table": "mobilisation_withdrawal",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("asked", "asked"),
                            ("solving", "solving"),
                            ("ready", "ready"),
                            ("confirmed", "confirmed"),
                            ("empty", "empty"),
                        ]
                    ),
                ),
                ("asked_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("turns", models.IntegerField(default=0)),
                ("gap", models.BigIntegerField(null=True)),
                ("weights", models.JSONField(default=dict)),
                ("cost", models.JSONField(default=dict)),
                ("without_point", models.IntegerField(default=0)),
                ("confirmed_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "mobilisation_draft",
                "indexes": [
                    models.Index(fields=["position", "asked_at"], name="draft_position"),
                    models.Index(condition=models.Q(("state__in", ("asked", "solving"))), fields=["changed_at"], name="draft_waiting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Force",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("came", models.TextField(choices=[("member", "member"), ("cadre", "cadre"), ("volunteer", "volunteer")])),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("organisation", models.UUIDField(null=True)),
                ("able", models.BigIntegerField()),
                ("near_lo", models.BigIntegerField(default=0)),
                ("near_hi", models.BigIntegerField(default=9223372036854775807)),
                ("channel", models.TextField()),
                ("consent_at", models.DateTimeField(null=True)),
                ("own_person", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "mobilisation_force",
                "indexes": [models.Index(fields=["position"], name="force_position")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="force_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came", lianfang.work.mobilisation.types.Came["VOLUNTEER"]), _negated=True),
                            ("consent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="volunteers_consent",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), (lianfang.work.mobilisation.models.forces.Period("valid_from", "valid_to"), "&&")],
                        name="force_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("grouped", models.UUIDField()),
                ("name", models.TextField()),
                ("kind", models.TextField(choices=[("area", "area"), ("post", "post")])),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("floor", models.IntegerField()),
                ("cap", models.IntegerField()),
                ("require", models.BigIntegerField(default=0)),
                ("risky", models.BooleanField(default=False)),
                ("subject", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "mobilisation_need",
                "indexes": [models.Index(fields=["position"], name="need_position"), models.Index(fields=["grouped"], name="need_grouped")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="need_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("floor__gte", 0), ("cap__gte", models.F("floor")), ("cap__gt", 0)), name="need_floor_and_cap"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shortage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("missing", models.IntegerField()),
                ("why", models.TextField()),
                ("fitting", models.IntegerField()),
                ("wanted", models.IntegerField()),
                ("free", models.IntegerField()),
                ("nearest", models.IntegerField(null=True)),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.draft")),
                (
                    "need",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.need"
                    ),
                ),
            ],
            options={
                "db_table": "mobilisation_shortage",
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.draft"
                    ),
                ),
                ("force", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.force")),
                (
                    "need",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.need"
                    ),
                ),
            ],
            options={
                "db_table": "mobilisation_line",
                "indexes": [models.Index(fields=["draft", "need"], name="line_by_need")],
                "constraints": [models.UniqueConstraint(fields=("draft", "force"), name="line_once")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("force", models.UUIDField()),
                ("person", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("draft", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("need", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mobilisation.need")),
            ],
            options={
                "db_table": "mobilisation_assignment",
                "indexes": [
                    models.Index(fields=["position"], name="assignment_position"),
                    models.Index(fields=["force"], name="assignment_force"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="assignment_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), (lianfang.work.mobilisation.models.forces.Period("valid_from", "valid_to"), "&&")],
                        name="sent_to_one_place_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("pinned", "pinned"), ("kept_away", "kept_away")])),
                ("position", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("force", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.force")),
                ("need", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mobilisation.need")),
            ],
            options={
                "db_table": "mobilisation_wish",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", lianfang.work.mobilisation.types.WishKind["PINNED"])),
                        fields=("force",),
                        name="pinned_once",
                    ),
                    models.UniqueConstraint(fields=("force", "need", "kind"), name="wish_once"),
                ],
            },
        ),
        migrations.AddIndex("force", models.Index(fields=["person"], name="force_person")),
        *(roles.grant(f"mobilisation_{table}", web="select, insert, update, delete", intake="", folder="select") for table in TABLES),
        *(roles.protect(f"mobilisation_{table}") for table in TABLES),
        migrations.RunSQL(OFFERS, ["drop policy offers_here on people_person", "drop policy offers_blanked on people_person"]),
        migrations.RunSQL(WAITING, "drop function mobilisation_waiting"),
        track("mobilisation_force", place="place", position="position", redact=("able",)),
        track("mobilisation_need", place="place", position="position"),
        track("mobilisation_wish", position="position"),
    ]
