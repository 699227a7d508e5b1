"""Rounds that were opened by mistake and taken back before anything was recorded in them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rounds", "0005_moved_places_are_caught_up_with"),
    ]

    operations = [
        migrations.AddField(model_name="round", name="withdrawn_at", field=models.DateTimeField(null=True)),
    ]
