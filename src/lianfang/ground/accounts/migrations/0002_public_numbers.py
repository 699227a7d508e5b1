"""Numbers that may stand on public sheets: a holder's own, if they agreed, and the duty telephone of a place."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts_and_grants"), ("places", "0001_places")]

    operations = [
        migrations.AddField(model_name="account", name="phone_public", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="DutyPhone",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="places.place"
                    ),
                ),
                ("phone", models.TextField()),
                ("set_at", models.DateTimeField()),
            ],
            options={"db_table": "accounts_dutyphone"},
        ),
        roles.grant("accounts_dutyphone"),
        track("accounts_dutyphone", key="place_id", place="place_id"),
    ]
