"""Who looked at a photo that came with a record; append-only, like the log of looks at people's values."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_quarantine_says_why"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoLook",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("account_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("question", models.TextField()),
                ("reason", models.TextField()),
                ("position", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_photo_look",
                "indexes": [
                    models.Index(fields=["record_id"], name="photo_look_by_record"),
                    models.Index(fields=["position", "at"], name="photo_look_by_position"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="photo_look_has_a_reason")],
            },
        ),
        roles.grant("ledger_photo_look", web="select, insert", intake="", folder="select"),
        roles.protect("ledger_photo_look"),
        migrations.RunSQL(
            "create trigger ledger_photo_look_append_only before update or delete or truncate on ledger_photo_look "
            "for each statement execute function ledger_refuse()",
            "drop trigger ledger_photo_look_append_only on ledger_photo_look",
        ),
    ]
