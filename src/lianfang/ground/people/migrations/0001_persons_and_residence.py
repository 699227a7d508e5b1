"""Persons, households, residence, looks, counts; their rights and row security."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lianfang.ground.people.models.residence
import lianfang.ground.people.types
from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

TRIGGERS = Path(__file__).with_suffix(".sql").read_text()
# A person is seen through a residence in the scope that holds, or ended in the last 30 days (queries.persons.AFTER_LEAVING).
# "offset 0" keeps the planner from reading all residences into a hash when it expects many persons: 2 s instead of 10 ms.
THROUGH_RESIDENCE = (
    "exists (select 1 from people_residence r where r.person_id = people_person.id "
    "and (r.valid_to is null or r.valid_to > current_date - 30) offset 0)"
)
OWN_LOOKS = "account_id = nullif(current_setting('lianfang.actor', true), '')::uuid"
DROP = """
drop function people_recount, people_lock_tallies, people_buildings_of, people_looks_since, people_has_no_home;
drop function people_follow_inserts, people_follow_updates, people_follow_deletes, people_note_matches, people_refuse_change cascade
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changes", "0001_change_log"),
        ("places", "0001_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("name", models.TextField(blank=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("door", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
            options={
                "db_table": "people_household",
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("account_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("field", models.TextField()),
                ("reason", models.TextField()),
                ("position", models.BigIntegerField()),
                (
                    "channel",
                    models.TextField(choices=[("desk", "desk"), ("field", "field"), ("cli", "cli"), ("api", "api"), ("export", "export")]),
                ),
            ],
            options={
                "db_table": "people_look",
                "indexes": [
                    models.Index(fields=["position", "at"], name="look_by_position"),
                    models.Index(fields=["person_id", "at"], name="look_by_person"),
                    models.Index(fields=["account_id", "at"], name="look_by_account"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="look_has_a_reason")],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("name_key", models.TextField()),
                ("name_initials", models.TextField()),
                (
                    "sex",
                    models.TextField(
                        choices=[("female", "female"), ("male", "male"), ("unknown", "unknown")],
                        default=lianfang.ground.people.types.Sex["UNKNOWN"],
                    ),
                ),
                ("birth_sealed", models.BinaryField(null=True)),
                (
                    "paper_kind",
                    models.TextField(
                        choices=[
                            ("resident_id", "resident_id"),
                            ("hk_macau_taiwan", "hk_macau_taiwan"),
                            ("foreigner", "foreigner"),
                            ("hkm_travel", "hkm_travel"),
                            ("taiwan_travel", "taiwan_travel"),
                            ("passport", "passport"),
                            ("other", "other"),
                            ("none", "none"),
                        ],
                        default=lianfang.ground.people.types.PaperKind["NONE"],
                    ),
                ),
                ("paper_sealed", models.BinaryField(null=True)),
                ("paper_index", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_index", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "people_person",
                "indexes": [
                    models.Index(condition=models.Q(("paper_index__isnull", False)), fields=["paper_index"], name="person_by_paper"),
                    models.Index(condition=models.Q(("phone_index__isnull", False)), fields=["phone_index"], name="person_by_phone"),
                    models.Index(fields=["name"], name="person_by_name"),
                    models.Index(fields=["name_key"], name="person_by_name_key"),
                    models.Index(fields=["name_initials"], name="person_by_name_initials"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="person_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paper_index__isnull", True), ("paper_sealed__isnull", True)),
                            models.Q(("paper_index__isnull", False), ("paper_sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_paper_sealed_and_indexed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phone_index__isnull", True), ("phone_sealed__isnull", True)),
                            models.Q(("phone_index__isnull", False), ("phone_sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_phone_sealed_and_indexed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("basis", models.TextField(choices=[("paper", "paper"), ("phone", "phone")])),
                ("found_at", models.DateTimeField()),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
            options={
                "db_table": "people_match",
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("kind", models.TextField(choices=[("registered", "registered"), ("actual", "actual")])),
                ("relation", models.TextField(blank=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("door", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
                ("household", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.household")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
            ],
            options={
                "db_table": "people_residence",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "building",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="places.place"
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("span", models.BigIntegerField()),
                ("households", models.IntegerField(default=0)),
                ("registered", models.IntegerField(default=0)),
                ("living", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "people_tally",
                "indexes": [
                    models.Index(fields=["position"], include=("span", "households", "registered", "living"), name="tally_by_position")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="household_live_by_position"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="household_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="match_of_two_once"),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(
                condition=models.Q(("valid_to__isnull", True)), fields=["position", "kind"], name="residence_live_by_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="residence_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("kind", "="),
                    (lianfang.ground.people.models.residence.Period("valid_from", "valid_to"), "&&"),
                ],
                name="residence_one_of_a_kind_at_a_time",
            ),
        ),
        # SECOND LOCK: rights of the logins, row security, the change log.
        migrations.RunSQL(TRIGGERS, DROP),
        roles.grant("people_person", intake="select, insert"),
        roles.grant("people_household", intake="select, insert, update"),
        roles.grant("people_residence", intake="select, insert, update"),
        roles.grant("people_look", web="select, insert", intake="", folder="select"),
        roles.grant("people_tally", web="select", intake="select", folder="select"),
        roles.grant("people_match", web="", intake="", folder="select"),
        roles.protect("people_person", visible=THROUGH_RESIDENCE, writable="true"),
        roles.protect("people_household"),
        roles.protect("people_residence"),
        roles.protect(
            "people_look", visible=f"{roles.in_scope('position')} or {OWN_LOOKS}", writable=f"{roles.in_scope('position')} or position = 0"
        ),
        roles.protect("people_tally"),
        roles.protect("people_match", visible="false"),
        track(
            "people_person",
            redact=("name", "birth_sealed", "paper_sealed", "paper_index", "phone_sealed", "phone_index", "name_key", "name_initials"),
        ),
        track("people_household", place="door_id", position="position"),
        track("people_residence", place="door_id", position="position"),
    ]
