"""Rosters: files that came in, their rows with verdicts, questions, remembered layouts; rights and row security."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.kernel import roles

# The process that works rosters off runs as the web role and sees nothing by itself: it is told which wait, and for whom, then enters the
# scope of whoever brought them.
WAITING = """
create function rosters_waiting() returns table (id uuid, brought_by uuid, state text)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.id, r.brought_by, r.state from rosters_roster r
    where r.state in ('received', 'reading', 'again', 'ordered', 'loading') and r.brought_by is not null order by r.changed_at limit 20
$$
"""
TABLES = ("rosters_roster", "rosters_content", "rosters_row", "rosters_question", "rosters_remembered")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0002_rules_held_by_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("book", models.BigIntegerField(null=True)),
                ("name", models.TextField()),
                ("form", models.TextField()),
                ("digest", models.BinaryField()),
                ("size", models.IntegerField()),
                ("signature", models.TextField(blank=True)),
                ("layouts", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("received", "received"),
                            ("reading", "reading"),
                            ("tried", "tried"),
                            ("again", "again"),
                            ("ordered", "ordered"),
                            ("loading", "loading"),
                            ("loaded", "loaded"),
                            ("refused", "refused"),
                            ("dropped", "dropped"),
                        ]
                    ),
                ),
                ("refusal", models.JSONField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("brought_by", models.UUIDField(null=True)),
                ("brought_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("loaded_at", models.DateTimeField(null=True)),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "rosters_roster",
            },
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("part", models.IntegerField()),
                ("sealed", models.BinaryField()),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rosters.roster")),
            ],
            options={
                "db_table": "rosters_content",
            },
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                ("sheet", models.SmallIntegerField()),
                ("line", models.IntegerField()),
                ("person", models.BooleanField()),
                ("sealed", models.BinaryField(null=True)),
                ("content", models.BinaryField()),
                (
                    "verdict",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("added", "added"),
                            ("merged", "merged"),
                            ("changed", "changed"),
                            ("unchanged", "unchanged"),
                            ("waiting", "waiting"),
                            ("refused", "refused"),
                        ],
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("said_sealed", models.BinaryField(null=True)),
                ("door_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rosters.roster")),
            ],
            options={
                "db_table": "rosters_row",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                (
                    "kind",
                    models.TextField(
                        choices=[("two_doors", "two_doors"), ("differs", "differs"), ("other_name", "other_name"), ("left_out", "left_out")]
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("door_id", models.UUIDField(null=True)),
                ("other_door_id", models.UUIDField(null=True)),
                ("settlement", models.TextField(blank=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("changes", models.JSONField(null=True)),
                ("before_sealed", models.BinaryField(null=True)),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rosters.roster")),
                ("row", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rosters.row")),
            ],
            options={
                "db_table": "rosters_question",
            },
        ),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("signature", models.TextField()),
                ("columns", models.JSONField()),
                ("said_by", models.UUIDField(null=True)),
                ("said_at", models.DateTimeField()),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "rosters_remembered",
                "constraints": [models.UniqueConstraint(fields=("community", "signature"), name="remembered_once")],
            },
        ),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(fields=["position", "brought_at"], name="roster_by_position"),
        ),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(fields=["community", "digest"], name="roster_by_digest"),
        ),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "reading", "again", "ordered", "loading"])),
                fields=["changed_at"],
                name="roster_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.UniqueConstraint(fields=("roster", "part"), name="content_part_once"),
        ),
        migrations.AddIndex(
            model_name="row",
            index=models.Index(fields=["roster", "verdict", "ordinal"], name="row_by_verdict"),
        ),
        migrations.AddConstraint(
            model_name="row",
            constraint=models.UniqueConstraint(fields=("roster", "ordinal"), name="row_once"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["roster", "kind", "id"], name="question_by_kind"),
        ),
        # SECOND LOCK: all rows carry the position of their community.
        migrations.RunSQL(WAITING, "drop function rosters_waiting"),
        *(roles.grant(table, web="select, insert, update, delete", intake="", folder="") for table in TABLES),
        *(roles.protect(table) for table in TABLES),
    ]
