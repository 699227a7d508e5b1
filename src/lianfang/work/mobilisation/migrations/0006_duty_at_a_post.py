"""Duty names the post that is manned."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0005_needs_of_incidents_and_drills")]

    operations = [
        migrations.AddField("presence", "post", models.UUIDField(null=True)),
        migrations.AddIndex(
            "presence", models.Index(fields=["post"], name="presence_at_post", condition=models.Q(ended_at=None, post__isnull=False))
        ),
    ]
