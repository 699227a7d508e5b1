"""Rows of a roster lose an index that another one begins with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_rosters")]

    operations = [
        migrations.AlterField(
            model_name="row",
            name="roster",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rosters.roster"),
        ),
    ]
