"""The table of matters."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    """Creates them. Reversing drops them: a rebuild fills them again."""

    initial = True

    dependencies = [("ledger", "0001_book_of_records"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("book", models.IntegerField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("about", models.TextField()),
                ("urgent", models.BooleanField()),
                ("raised_at", models.DateTimeField()),
                ("raised_by", models.UUIDField(null=True)),
                ("owner", models.UUIDField(null=True)),
                ("due_at", models.DateTimeField()),
                ("cause", models.UUIDField(null=True)),
                ("subject", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("settlement", models.TextField(null=True)),
                ("settling_record", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "matters_matter",
                "indexes": [
                    models.Index(condition=models.Q(("settled_at", None)), fields=["position"], name="matter_open"),
                    models.Index(fields=["position", "raised_at"], name="matter_position"),
                    models.Index(condition=models.Q(("settled_at", None)), fields=["owner"], name="matter_owner"),
                ],
            },
        ),
        roles.grant("matters_matter", web="select", intake="", folder="select, insert, update, delete"),
        roles.protect("matters_matter"),
        migrations.RunSQL("grant update (position) on matters_matter to lianfang_web", migrations.RunSQL.noop),  # rows follow a moved place
    ]
