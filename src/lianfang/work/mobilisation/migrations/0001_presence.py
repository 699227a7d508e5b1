"""Spells of duty."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    """Creates them. Reversing drops them: a rebuild fills them again."""

    initial = True

    dependencies = [("ledger", "0001_book_of_records"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("record", models.UUIDField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("book", models.IntegerField()),
                ("actor", models.UUIDField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "mobilisation_presence",
                "indexes": [
                    models.Index(fields=["position", "began_at"], name="presence_position"),
                    models.Index(fields=["actor", "began_at"], name="presence_actor"),
                ],
            },
        ),
        roles.grant("mobilisation_presence", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("mobilisation_presence"),
    ]
