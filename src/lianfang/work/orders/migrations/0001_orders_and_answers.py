"""The words of orders, orders and answers as folded from the book, and which were chased."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_book_of_records"), ("places", "0001_places")]

    operations = [
        migrations.CreateModel(
            name="Chased",
            fields=[
                ("order", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "orders_chased",
            },
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("document", models.TextField()),
            ],
            options={
                "db_table": "orders_words",
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("order", models.UUIDField()),
                ("place", models.UUIDField()),
                ("book", models.IntegerField()),
                ("position", models.BigIntegerField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.UUIDField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("completed_by", models.UUIDField(null=True)),
                ("hindered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "orders_answer",
                "indexes": [models.Index(fields=["order", "place"], name="order_answer")],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("book", models.IntegerField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("area", models.UUIDField(null=True)),
                ("incident", models.UUIDField(null=True)),
                ("down_to", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.UUIDField(null=True)),
                ("acknowledge_by", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "db_table": "orders_order",
                "indexes": [models.Index(fields=["issued_at"], name="order_issued_at")],
            },
        ),
        roles.grant("orders_words", web="select, insert", intake=""),
        roles.grant("orders_order", web="select", intake="", folder="select, insert, update, delete"),
        roles.grant("orders_answer", web="select", intake="", folder="select, insert, update, delete"),
        roles.grant("orders_chased", web="select", intake="", folder="select, insert"),
    ]
