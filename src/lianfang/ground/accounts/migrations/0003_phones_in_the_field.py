"""Phones that join in the field: their keys, codes that carry a login to another browser, wrong codes counted."""

import django.db.models.deletion
from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_public_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "accounts_wrongcode",
            },
        ),
        migrations.AddField(
            model_name="device",
            name="moved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="public_key",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="wiped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="joining",
            name="purpose",
            field=models.TextField(choices=[("join", "join"), ("reset", "reset"), ("field", "field")]),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code_index", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("device", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.device")),
            ],
            options={
                "db_table": "accounts_handover",
            },
        ),
        roles.grant("accounts_handover", web="select, insert, update, delete", intake="", folder=""),
        roles.grant("accounts_wrongcode", web="select, insert, delete", intake="", folder=""),
        roles.grant_sequence("accounts_wrongcode_id_seq"),
    ]
