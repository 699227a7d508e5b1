"""Accounts, grants, devices, links; their rights, and the policy by which a worker is known everywhere."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lianfang.ground.accounts.types
from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

# Names of workers are known to those who work with them: a person with an account is seen whatever the scope.
WORKERS = (
    "create policy works_here on people_person for select to lianfang_web "
    "using (exists (select 1 from accounts_account a where a.person_id = people_person.id offset 0))"
)
SECRETS = ("password", "phone_sealed", "phone_index", "totp_sealed", "name_key", "name_initials")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changes", "0001_change_log"),
        ("people", "0001_persons_and_residence"),
        ("places", "0001_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoorLink",
            fields=[
                (
                    "door",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="places.place"
                    ),
                ),
                ("generation", models.IntegerField(default=1)),
                ("token_index", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("failed", models.IntegerField(default=0)),
                ("locks", models.IntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_doorlink",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("login", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("name_key", models.TextField()),
                ("name_initials", models.TextField()),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_index", models.BinaryField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[("active", "active"), ("closed", "closed")], default=lianfang.ground.accounts.types.AccountState["ACTIVE"]
                    ),
                ),
                ("failed", models.IntegerField(default=0)),
                ("locks", models.IntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("totp_sealed", models.BinaryField(null=True)),
                ("totp_confirmed", models.BooleanField(default=False)),
                ("totp_step", models.BigIntegerField(default=0)),
                ("must_set_password", models.BooleanField(default=False)),
                ("session_epoch", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
            ],
            options={
                "db_table": "accounts_account",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("token_hash", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("cut_off_at", models.DateTimeField(null=True)),
                ("stolen", models.BooleanField(default=False)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "accounts_device",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("administrator", "administrator"),
                            ("city_command", "city_command"),
                            ("district_command", "district_command"),
                            ("street_duty", "street_duty"),
                            ("community_secretary", "community_secretary"),
                            ("community_worker", "community_worker"),
                            ("grid_worker", "grid_worker"),
                            ("compound_leader", "compound_leader"),
                            ("building_leader", "building_leader"),
                            ("unit_leader", "unit_leader"),
                            ("group_leader", "group_leader"),
                            ("data_protection", "data_protection"),
                            ("volunteer", "volunteer"),
                        ]
                    ),
                ),
                ("scope", models.TextField(choices=[("place", "place"), ("area", "area"), ("organisation", "organisation")])),
                ("organisation_id", models.UUIDField(null=True)),
                ("organisation_lo", models.BigIntegerField(null=True)),
                ("organisation_hi", models.BigIntegerField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("given_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("area", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "accounts_grant",
            },
        ),
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("purpose", models.TextField(choices=[("join", "join"), ("reset", "reset")])),
                ("token_hash", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "accounts_joining",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code_hash", models.BinaryField()),
                ("used_at", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "accounts_recoverycode",
            },
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["name_key"], name="account_by_name_key"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["name"], name="account_by_name"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", lianfang.ground.accounts.types.AccountState["ACTIVE"])),
                fields=("phone_index",),
                name="account_phone_of_one_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone_index__isnull", True), ("phone_sealed__isnull", True)),
                    models.Q(("phone_index__isnull", False), ("phone_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="account_phone_sealed_and_indexed",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("stolen", False), ("cut_off_at__isnull", False), _connector="OR"), name="device_stolen_is_cut_off"
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("organisation_id__isnull", False)), fields=["organisation_id"], name="grant_by_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="grant_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("area__isnull", True),
                        ("organisation_hi__isnull", True),
                        ("organisation_id__isnull", True),
                        ("organisation_lo__isnull", True),
                        ("place__isnull", False),
                        ("scope", lianfang.ground.accounts.types.ScopeKind["PLACE"]),
                    ),
                    models.Q(
                        ("area__isnull", False),
                        ("organisation_hi__isnull", True),
                        ("organisation_id__isnull", True),
                        ("organisation_lo__isnull", True),
                        ("place__isnull", True),
                        ("scope", lianfang.ground.accounts.types.ScopeKind["AREA"]),
                    ),
                    models.Q(
                        ("area__isnull", True),
                        ("organisation_hi__gt", models.F("organisation_lo")),
                        ("organisation_id__isnull", False),
                        ("organisation_lo__isnull", False),
                        ("place__isnull", True),
                        ("scope", lianfang.ground.accounts.types.ScopeKind["ORGANISATION"]),
                    ),
                    _connector="OR",
                ),
                name="grant_covers_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("account", "code_hash"), name="recovery_code_once"),
        ),
        # SECOND LOCK: rights of the logins, the change log.
        migrations.RunSQL(WORKERS, "drop policy works_here on people_person"),
        roles.grant("accounts_account"),
        roles.grant("accounts_recoverycode", intake="", folder=""),
        roles.grant_sequence("accounts_recoverycode_id_seq"),
        roles.grant("accounts_grant"),
        roles.grant("accounts_device", intake="select, update"),
        roles.grant("accounts_joining", intake="", folder=""),
        roles.grant("accounts_doorlink", intake="", folder=""),
        track("accounts_account", redact=SECRETS),
        track("accounts_grant", place="place_id"),
        track("accounts_device", redact=("token_hash",)),
    ]
