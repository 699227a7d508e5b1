"""Rounds, how doors stand in them, what was open at their end, and arrivals."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

# Every position a round reaches: those that the places it takes in (or leaves out) have or ever had. A position is given once for ever, so that
# what was stamped with it was made inside; the round follows what moves.
_REACH = """
create view rounds_reach with (security_invoker = true) as
select m.round_id as round, p.lo, p.hi, m.excluded from rounds_member m join places_place p on p.id = m.place_id
union all
select m.round_id, w.lo, w.hi, m.excluded from rounds_member m join places_placepast w on w.place_id = m.place_id
"""
_FOLDED = ("rounds_rounddoor", "rounds_roundtally", "rounds_arrival", "rounds_unreached", "rounds_statement")


class Migration(migrations.Migration):
    """Creates them. Reversing drops them: folded tables are filled again by a rebuild, the rounds themselves are not."""

    dependencies = [
        ("places", "0002_rules_held_by_triggers"),
        ("rounds", "0001_doors_and_visits"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArrivalRow",
            fields=[
                ("record", models.UUIDField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("book", models.IntegerField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("subject", models.UUIDField(null=True)),
                ("arrived_on", models.DateField()),
                ("follow_until", models.DateField(null=True)),
                ("origin", models.TextField()),
                ("means", models.TextField()),
                ("rule", models.TextField(null=True)),
            ],
            options={
                "db_table": "rounds_arrival",
                "indexes": [models.Index(fields=["position", "arrived_on"], name="arrival_position")],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("series", models.UUIDField()),
                ("number", models.IntegerField()),
                ("name", models.TextField()),
                ("form", models.TextField()),
                ("incident", models.UUIDField(null=True)),
                ("stream", models.UUIDField()),
                ("legal_basis", models.TextField(blank=True)),
                ("purpose", models.TextField(blank=True)),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("repeat_days", models.IntegerField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                ("opened_by", models.UUIDField(null=True)),
                ("area", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area")),
                ("home", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
                ("place", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "rounds_round",
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("pk", models.CompositePrimaryKey("round_id", "place_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("excluded", models.BooleanField(default=False)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rounds.round")),
            ],
            options={
                "db_table": "rounds_member",
            },
        ),
        migrations.CreateModel(
            name="RoundDoor",
            fields=[
                ("pk", models.CompositePrimaryKey("round", "place", blank=True, editable=False, primary_key=True, serialize=False)),
                ("round", models.UUIDField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("standing", models.TextField()),
                ("settled", models.BooleanField()),
                ("effective_at", models.DateTimeField()),
                ("record", models.UUIDField()),
                ("last_at", models.DateTimeField()),
                ("tries", models.IntegerField()),
                ("visits", models.IntegerField()),
                ("people_seen", models.IntegerField()),
                ("people_times", models.IntegerField()),
                ("next_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "rounds_rounddoor",
                "indexes": [
                    models.Index(fields=["round", "position"], name="rounddoor_position"),
                    models.Index(
                        condition=models.Q(("settled", False)), fields=["round", "next_at"], include=("position",), name="rounddoor_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "round", "building", "standing", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.UUIDField()),
                ("building", models.UUIDField()),
                ("standing", models.TextField()),
                ("position", models.BigIntegerField()),
                ("span", models.BigIntegerField()),
                ("settled", models.BooleanField()),
                ("doors", models.IntegerField()),
                ("visits", models.IntegerField()),
                ("people_seen", models.IntegerField()),
                ("people_times", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_roundtally",
                "indexes": [models.Index(fields=["round", "position"], name="roundtally_position")],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("pk", models.CompositePrimaryKey("round", "building", blank=True, editable=False, primary_key=True, serialize=False)),
                ("round", models.UUIDField()),
                ("building", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("span", models.BigIntegerField()),
                ("doors", models.IntegerField()),
                ("settled", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_statement",
                "indexes": [models.Index(fields=["round", "position"], name="statement_position")],
            },
        ),
        migrations.CreateModel(
            name="Unreached",
            fields=[
                ("pk", models.CompositePrimaryKey("round", "place", blank=True, editable=False, primary_key=True, serialize=False)),
                ("round", models.UUIDField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("tries", models.IntegerField()),
            ],
            options={
                "db_table": "rounds_unreached",
                "indexes": [models.Index(fields=["round", "position"], name="unreached_position")],
            },
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["stream", "ends_at"], name="round_by_end"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__isnull", True), ("area__isnull", True), _connector="XOR"), name="round_over_one_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="round_closes_after_it_opens"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__lte", models.F("closes_at"))), name="round_ends_by_its_deadline"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("repeat_days__isnull", True), ("repeat_days__gte", 1), _connector="OR"), name="round_repeats_in_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("series", "number"), name="round_numbered_once"),
        ),
        migrations.RunSQL(_REACH, "drop view rounds_reach"),
        roles.grant("rounds_round", web="select, insert, update", intake="", folder="select, insert, update"),
        roles.grant("rounds_member", web="select, insert", intake="", folder="select, insert"),
        roles.grant("rounds_reach", web="select", intake="", folder="select"),
        track("rounds_round", place="home_id"),
        *(roles.grant(table, web="select", intake="", folder="select, insert, update, delete") for table in _FOLDED),
        *(roles.protect(table) for table in _FOLDED),
        # Rows follow a moved place.
        *(migrations.RunSQL(f"grant update (position) on {table} to lianfang_web", migrations.RunSQL.noop) for table in _FOLDED),
    ]
