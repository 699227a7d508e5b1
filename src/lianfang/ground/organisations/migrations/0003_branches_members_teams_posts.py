"""Branches and their life, members and offices, teams, posts and responsibility areas; the rules they keep, held by triggers."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lianfang.ground.organisations.branch_types
import lianfang.ground.organisations.member_types
import lianfang.ground.organisations.models.dated
from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

RULES = Path(__file__).with_suffix(".sql").read_text()
DROP = """
drop function organisations_body_approved, organisations_ended, organisations_incident_ended, organisations_branch_ended, organisations_post_has_hours, organisations_team_led,
    organisations_kept, organisations_issued_above, organisations_act_allowed, organisations_appointment_fits, organisations_membership_fits,
    organisations_three_full, organisations_branch_step cascade;
drop function organisations_end_with_host, organisations_close, organisations_without_relation, organisations_refuse
"""


def living(table: str) -> str:
    """SQL: the person of a row lives, or lived until lately, in the scope (O7: a community sees all members who live there)."""
    return (
        f"exists (select 1 from people_residence r where r.person_id = {table}.person_id "
        "and (r.valid_to is null or r.valid_to > current_date - 30) offset 0)"
    )


def either(table: str) -> str:
    """SQL: the organisation of a row has its seat in the scope, or its person lives there."""
    return f"({roles.in_scope('position')} or {living(table)})"


def serving(table: str) -> str:
    """SQL over people_person: somebody serves in the scope, wherever they live."""
    return (
        f"exists (select 1 from {table} s where s.person_id = people_person.id and s.valid_to is null and "
        f"{roles.in_scope('s.position')} offset 0)"
    )


SERVING = (
    "organisations_membership",
    "organisations_postholder",
    "organisations_teammember",
    "organisations_responsibility",
    "organisations_appointment",
)
LIVES_HERE = living("people_person").replace("people_person.person_id", "people_person.id")
SEEN = " or ".join((LIVES_HERE, *map(serving, SERVING)))


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_incidents"),
        ("organisations", "0002_sponsorship"),
        ("people", "0003_further_phones"),
        ("places", "0002_rules_held_by_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("study", "study"),
                            ("meeting", "meeting"),
                            ("supervision", "supervision"),
                            ("cultivation", "cultivation"),
                            ("task", "task"),
                            ("huddle", "huddle"),
                            ("admit", "admit"),
                            ("discipline", "discipline"),
                            ("collect_dues", "collect_dues"),
                            ("elect_delegates", "elect_delegates"),
                            ("re_elect", "re_elect"),
                        ]
                    ),
                ),
                ("on", models.DateField()),
                ("subject", models.TextField(blank=True)),
                ("present", models.IntegerField(null=True)),
                ("position", models.BigIntegerField()),
                ("case", models.TextField(blank=True, choices=[("a", "a"), ("b", "b")])),
                ("studied_on", models.DateField(null=True)),
                ("document", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "organisations_act",
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "office",
                    models.TextField(
                        choices=[
                            ("secretary", "secretary"),
                            ("deputy", "deputy"),
                            ("committee", "committee"),
                            ("group_leader", "group_leader"),
                            ("household_head", "household_head"),
                            ("first_secretary", "first_secretary"),
                        ]
                    ),
                ),
                ("position", models.BigIntegerField()),
                (
                    "way",
                    models.TextField(
                        choices=[("designated", "designated"), ("elected", "elected")],
                        default=lianfang.ground.organisations.member_types.Way["DESIGNATED"],
                    ),
                ),
                ("document", models.TextField(blank=True)),
                ("duties", models.TextField(blank=True)),
                ("term_until", models.DateField(null=True)),
                ("handover", models.TextField(blank=True)),
                ("shown", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_appointment",
            },
        ),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("document", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_authorisation",
            },
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("temporary_branch", "temporary_branch"),
                            ("action_branch", "action_branch"),
                            ("functional_branch", "functional_branch"),
                            ("joint_branch", "joint_branch"),
                        ]
                    ),
                ),
                ("purpose", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("applied", "applied"),
                            ("approved", "approved"),
                            ("active", "active"),
                            ("dissolved", "dissolved"),
                            ("converted", "converted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=lianfang.ground.organisations.branch_types.BranchState["APPLIED"],
                    ),
                ),
                ("applied_on", models.DateField()),
                ("until", models.DateField(null=True)),
                ("document", models.TextField(blank=True)),
                ("approved_on", models.DateField(null=True)),
                ("founded_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("end_document", models.TextField(blank=True)),
            ],
            options={
                "db_table": "organisations_branch",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("home", "home"), ("attached", "attached"), ("grouped", "grouped")])),
                ("standing", models.TextField(choices=[("full", "full"), ("probationary", "probationary")])),
                ("position", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_membership",
            },
        ),
        migrations.CreateModel(
            name="OrganisationPast",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("party_committee", "party_committee"),
                            ("party_branch", "party_branch"),
                            ("temporary_branch", "temporary_branch"),
                            ("action_branch", "action_branch"),
                            ("functional_branch", "functional_branch"),
                            ("joint_branch", "joint_branch"),
                            ("party_group", "party_group"),
                            ("member_household", "member_household"),
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
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
            options={
                "db_table": "organisations_past",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("pioneer", "pioneer"),
                            ("model", "model"),
                            ("checkpoint", "checkpoint"),
                            ("sampling", "sampling"),
                            ("service", "service"),
                            ("patrol", "patrol"),
                            ("other", "other"),
                        ]
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("duty", models.TextField()),
                ("needed", models.IntegerField(default=1)),
                ("takeover", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_post",
            },
        ),
        migrations.CreateModel(
            name="PostHolder",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("shown", models.BooleanField(default=False)),
                ("position", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_postholder",
            },
        ),
        migrations.CreateModel(
            name="PostHours",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("days", models.SmallIntegerField()),
                ("begins", models.SmallIntegerField()),
                ("lasts", models.SmallIntegerField()),
            ],
            options={
                "db_table": "organisations_posthours",
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_responsibility",
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("applied", "applied"),
                            ("approved", "approved"),
                            ("founded", "founded"),
                            ("adjusted", "adjusted"),
                            ("dissolved", "dissolved"),
                            ("converted", "converted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ]
                    ),
                ),
                ("on", models.DateField()),
                ("document", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "organisations_step",
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("pioneer", "pioneer"),
                            ("commando", "commando"),
                            ("volunteer", "volunteer"),
                            ("guard", "guard"),
                            ("supervisors", "supervisors"),
                            ("other", "other"),
                        ]
                    ),
                ),
                ("of_party", models.BooleanField(default=False)),
                ("position", models.BigIntegerField()),
                ("skills", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("tasks", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("takeover", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_team",
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("leads", models.BooleanField(default=False)),
                ("position", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "organisations_teammember",
            },
        ),
        migrations.RemoveConstraint(
            model_name="sponsorship",
            name="sponsorship_of_one_thing",
        ),
        migrations.RemoveConstraint(
            model_name="sponsorship",
            name="sponsorship_of_place_once",
        ),
        migrations.RemoveConstraint(
            model_name="sponsorship",
            name="sponsorship_of_area_once",
        ),
        migrations.AddField(
            model_name="organisation",
            name="phone",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="organisation",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="sponsorship",
            name="sponsored",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="sponsorship",
            name="takeover",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.TextField(
                choices=[
                    ("party_committee", "party_committee"),
                    ("party_branch", "party_branch"),
                    ("temporary_branch", "temporary_branch"),
                    ("action_branch", "action_branch"),
                    ("functional_branch", "functional_branch"),
                    ("joint_branch", "joint_branch"),
                    ("party_group", "party_group"),
                    ("member_household", "member_household"),
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
        migrations.AddIndex(
            model_name="sponsorship",
            index=models.Index(
                condition=models.Q(("valid_to__isnull", True), ("takeover__isnull", False)),
                fields=["takeover"],
                name="sponsorship_by_takeover",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area", None), ("place__isnull", False), ("sponsored", None)),
                    models.Q(("area__isnull", False), ("place", None), ("sponsored", None)),
                    models.Q(("area", None), ("place", None), ("sponsored__isnull", False)),
                    _connector="OR",
                ),
                name="sponsorship_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=models.CheckConstraint(
                condition=models.Q(("sponsored", None), models.Q(("sponsored", models.F("organisation")), _negated=True), _connector="OR"),
                name="sponsorship_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("place__isnull", False)),
                expressions=[
                    ("organisation", "="),
                    ("place", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="sponsorship_of_place_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("area__isnull", False)),
                expressions=[
                    ("organisation", "="),
                    ("area", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="sponsorship_of_area_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("sponsored__isnull", False)),
                expressions=[
                    ("organisation", "="),
                    ("sponsored", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="sponsorship_of_body_once_a_day",
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="approver",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.AddField(
            model_name="act",
            name="person",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="appointed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="area",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="place",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="incident",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="issuer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.AddField(
            model_name="act",
            name="authorisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authorisation"
            ),
        ),
        migrations.AddField(
            model_name="branch",
            name="applicant",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="branch",
            name="approver",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="branch",
            name="area",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
        ),
        migrations.AddField(
            model_name="branch",
            name="host",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="branch",
            name="incident",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="branch",
            name="organisation",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="branch",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.AddField(
            model_name="membership",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="organisationpast",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.AddField(
            model_name="post",
            name="area",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
        ),
        migrations.AddField(
            model_name="post",
            name="incident",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="post",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddField(
            model_name="postholder",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="postholder",
            name="post",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"),
        ),
        migrations.AddField(
            model_name="posthours",
            name="post",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.post"),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="area",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="incident",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="step",
            name="branch",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.branch"),
        ),
        migrations.AddField(
            model_name="step",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="incident",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"),
        ),
        migrations.AddField(
            model_name="team",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddField(
            model_name="teammember",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="teammember",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.team"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="appointment_by_position"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="appointment_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("office", "first_secretary"), ("organisation", None), models.Q(("place", None), ("area", None), _connector="XOR")
                    ),
                    models.Q(
                        models.Q(("office", "first_secretary"), _negated=True),
                        ("area", None),
                        ("organisation__isnull", False),
                        ("place", None),
                    ),
                    _connector="OR",
                ),
                name="appointment_to_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("office", "first_secretary"), _negated=True),
                    models.Q(
                        ("appointed_by__isnull", False), models.Q(("document", ""), _negated=True), models.Q(("duties", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="first_secretary_appointed_by_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("organisation__isnull", False)),
                expressions=[
                    ("person", "="),
                    ("office", "="),
                    ("organisation", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="appointment_of_a_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("office", "secretary")),
                expressions=[("organisation", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="one_secretary_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("office", "group_leader")),
                expressions=[("organisation", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="one_group_leader_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("office", "first_secretary"), ("place__isnull", False)),
                expressions=[("place", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="one_first_secretary_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("area__isnull", False), ("office", "first_secretary")),
                expressions=[("area", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="one_first_secretary_of_an_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(condition=models.Q(("document", ""), _negated=True), name="authorisation_has_a_document"),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="authorisation_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["organisation", "on"], name="act_by_organisation"),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(("present", None), ("present__gte", 0), _connector="OR"), name="act_presence_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "admit"), _negated=True),
                    models.Q(
                        ("approver__isnull", False),
                        ("person__isnull", False),
                        ("studied_on__isnull", False),
                        ("studied_on__lte", models.F("on")),
                        models.Q(("case", ""), _negated=True),
                        models.Q(("document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="act_of_admission_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="branch",
            index=models.Index(condition=models.Q(("incident__isnull", False)), fields=["incident"], name="branch_by_incident"),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("purpose", ""), _negated=True)),
                name="branch_has_a_name_and_a_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("temporary_branch", "action_branch")), _negated=True),
                    ("host__isnull", False),
                    ("incident__isnull", False),
                    _connector="OR",
                ),
                name="branch_for_a_task_has_a_host",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("applied", "refused", "withdrawn")),
                    models.Q(("approved_on__isnull", False), ("approver__isnull", False), models.Q(("document", ""), _negated=True)),
                    _connector="OR",
                ),
                name="branch_approved_by_whom_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("founded_on__isnull", False), ("organisation__isnull", False), ("state__in", ("active", "dissolved", "converted"))
                    ),
                    models.Q(("founded_on", None), ("organisation", None), ("state__in", ("applied", "approved", "refused", "withdrawn"))),
                    _connector="OR",
                ),
                name="branch_founded_is_an_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state__in", ("dissolved", "converted"))),
                    models.Q(models.Q(("state__in", ("dissolved", "converted")), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="branch_ended_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_on", None), ("approved_on__gte", models.F("applied_on")), _connector="OR"),
                    models.Q(("founded_on", None), ("founded_on__gte", models.F("approved_on")), _connector="OR"),
                    models.Q(("ended_on", None), ("ended_on__gte", models.F("founded_on")), _connector="OR"),
                ),
                name="branch_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="membership_live_by_position"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["organisation", "valid_to"], name="membership_by_organisation"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="membership_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "home")),
                expressions=[("person", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="membership_one_home_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("organisation", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="membership_of_a_body_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationpast",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="former_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationpast",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("organisation", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="organisation_was_one_thing_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="post_by_position"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="post_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("duty", ""), _negated=True)),
                name="post_has_a_name_and_a_duty",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(condition=models.Q(("needed__gte", 1), ("needed__lte", 99)), name="post_needs_somebody"),
        ),
        migrations.AddIndex(
            model_name="postholder",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="post_holder_by_position"),
        ),
        migrations.AddIndex(
            model_name="postholder",
            index=models.Index(fields=["post", "valid_to"], name="post_holder_by_post"),
        ),
        migrations.AddConstraint(
            model_name="postholder",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="post_holder_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="postholder",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("person", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="one_post_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="posthours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("begins__gte", 0), ("begins__lt", 1440), ("days__gte", 1), ("days__lte", 127), ("lasts__gte", 1), ("lasts__lte", 1440)
                ),
                name="hours_of_a_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="posthours",
            constraint=models.UniqueConstraint(fields=("post", "days", "begins"), name="hours_once"),
        ),
        migrations.AddIndex(
            model_name="responsibility",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="responsibility_by_position"),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="responsibility_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("area", "="),
                    ("person", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="responsibility_once",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["branch", "recorded_at"], name="step_by_branch"),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="team_by_position"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="team_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="team_has_a_name"),
        ),
        migrations.AddIndex(
            model_name="teammember",
            index=models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["position"], name="team_member_by_position"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="team_member_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("team", "="),
                    ("person", "="),
                    (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&"),
                ],
                name="team_member_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("leads", True)),
                expressions=[("team", "="), (lianfang.ground.organisations.models.dated.Period("valid_from", "valid_to"), "&&")],
                name="team_led_by_one",
            ),
        ),
        migrations.RunSQL(RULES, DROP),
        # SECOND LOCK. Organisations, branches, teams and posts tell of nobody; who belongs to them does.
        *(roles.grant(f"organisations_{table}", intake="") for table in ("past", "branch", "authorisation", "team", "post")),
        *(roles.grant(f"organisations_{table}", web="select, insert", intake="") for table in ("step", "act")),
        roles.grant("organisations_posthours", web="select, insert, delete", intake=""),
        *(
            roles.grant(f"organisations_{table}", intake="")
            for table in ("membership", "appointment", "teammember", "postholder", "responsibility")
        ),
        roles.grant_sequence("organisations_past_id_seq"),
        roles.grant_sequence("organisations_posthours_id_seq"),
        *(
            roles.protect(f"organisations_{table}", visible=either(f"organisations_{table}"))
            for table in ("membership", "appointment", "teammember", "postholder", "responsibility")
        ),
        roles.protect("organisations_act"),
        migrations.RunSQL(
            f"alter policy in_scope_read on people_person using ({SEEN})",
            f"alter policy in_scope_read on people_person using ({LIVES_HERE})",
        ),
        track("organisations_branch", place="place_id"),
        track("organisations_authorisation"),
        track("organisations_act", position="position", redact=("person_id",)),
        track("organisations_membership", position="position", redact=("person_id", "standing")),
        track("organisations_appointment", place="place_id", position="position", redact=("person_id",)),
        track("organisations_team", place="place_id", position="position"),
        track("organisations_teammember", position="position", redact=("person_id",)),
        track("organisations_post", place="place_id", position="position"),
        track("organisations_postholder", position="position", redact=("person_id",)),
        track("organisations_responsibility", position="position", redact=("person_id",)),
    ]
