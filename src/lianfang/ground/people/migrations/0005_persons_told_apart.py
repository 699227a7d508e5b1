"""Two persons who look alike may be told apart by somebody: their pair is no matter any more."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

# Visible to whoever sees both.
WITH_BOTH = " and ".join(
    f"exists (select 1 from people_person p where p.id = people_apart.{side} offset 0)" for side in ("one_id", "other_id")
)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_pairs_taken_up")]

    operations = [
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("said_by", models.UUIDField(null=True)),
                ("said_at", models.DateTimeField()),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
            options={"db_table": "people_apart"},
        ),
        migrations.AddConstraint(model_name="apart", constraint=models.UniqueConstraint(fields=("one", "other"), name="apart_once")),
        roles.grant("people_apart", web="select, insert, delete", intake=""),
        roles.protect("people_apart", visible=WITH_BOTH),
        track("people_apart"),
    ]
