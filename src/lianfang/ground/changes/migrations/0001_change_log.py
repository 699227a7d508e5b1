"""The table of changes and the function its triggers call."""

from pathlib import Path

from django.db import migrations, models

from lianfang.kernel import roles

FUNCTIONS = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    """Creates the change log. Reversing drops it with all it holds."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("table", models.TextField()),
                ("row_id", models.TextField(null=True)),
                ("place_id", models.UUIDField(null=True)),
                ("position", models.BigIntegerField(null=True)),
                ("action", models.TextField()),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
            ],
            options={
                "db_table": "changes_change",
                "indexes": [
                    models.Index(fields=["position", "at"], name="change_by_position"),
                    models.Index(fields=["table", "row_id"], name="change_by_row"),
                    models.Index(fields=["at"], name="change_by_time"),
                ],
            },
        ),
        migrations.RunSQL(
            FUNCTIONS,
            "drop trigger changes_append_only on changes_change; drop function changes_log(), changes_redact(jsonb, text[]), changes_refuse()",
        ),
        roles.grant("changes_change", web="select", intake="", folder="select"),
        roles.protect("changes_change", visible="position is null or " + roles.in_scope("position")),
    ]
