"""Calls go out by e-mail too: the address lies sealed in the pool, and never in the log of changes."""

from __future__ import annotations

from django.db import migrations, models

from lianfang.ground.changes.tracking import track

_BEFORE = track("mobilisation_force", place="place", position="position", redact=("able",))
_NOW = track("mobilisation_force", place="place", position="position", redact=("able", "mail_sealed"))


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0006_duty_at_a_post")]

    operations = [
        migrations.AddField("force", "mail_sealed", models.BinaryField(null=True)),
        migrations.AlterField("dispatch", "channel", models.TextField(choices=[("sms", "sms"), ("email", "email"), ("paper", "paper")])),
        migrations.RunSQL(_BEFORE.reverse_sql or migrations.RunSQL.noop, _BEFORE.sql),
        migrations.RunSQL(_NOW.sql, _NOW.reverse_sql),
    ]
