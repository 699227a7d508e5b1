"""Doors that ever moved can be found by position: past days are counted as today, but for what has changed since."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of its own; the table of places is large, and few doors ever move."""

    dependencies = (("places", "0002_rules_held_by_triggers"),)

    operations = (
        migrations.AddIndex(
            model_name="place",
            index=models.Index(
                fields=["lo"],
                name="place_moved_doors",
                condition=models.Q(level="door", valid_to=None, since__gt=models.F("valid_from")),
            ),
        ),
    )
