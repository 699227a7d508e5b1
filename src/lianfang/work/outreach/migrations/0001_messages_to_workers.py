"""Messages to workers and their receipts."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.kernel import roles

_MINE = "account = nullif(current_setting('lianfang.actor'), '')::uuid"


class Migration(migrations.Migration):
    """Creates them."""

    initial = True

    dependencies = [("ledger", "0001_book_of_records"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("book", models.IntegerField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("area", models.UUIDField(null=True)),
                ("sender", models.UUIDField(null=True)),
                ("title", models.TextField()),
                ("words", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outreach_message",
                "indexes": [
                    models.Index(fields=["position", "id"], name="message_position"),
                    models.Index(fields=["book"], name="message_book"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("pk", models.CompositePrimaryKey("account", "message_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("role", models.TextField()),
                ("place_in_list", models.IntegerField()),
                ("got_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="outreach.message"),
                ),
            ],
            options={"db_table": "outreach_receipt"},
        ),
        roles.grant("outreach_message", intake="", folder="select"),
        roles.grant("outreach_receipt", intake="", folder="select"),
        # The desk of the place sees a message and all its receipts; a recipient, whose grid may be a part of the place, their own.
        roles.protect("outreach_receipt", visible=f"({roles.in_scope('position')} or {_MINE})"),
        roles.protect(
            "outreach_message",
            visible=f"({roles.in_scope('position')} or exists "
            f"(select from outreach_receipt r where r.message_id = outreach_message.id and r.{_MINE}))",
            writable=roles.in_scope("position"),
        ),
    ]
