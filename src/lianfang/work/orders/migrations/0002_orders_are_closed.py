"""Orders that nobody has to answer any more."""

from django.db import migrations, models

from lianfang.kernel import roles


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_orders_and_answers")]

    operations = [
        migrations.CreateModel(
            name="Closed",
            fields=[
                ("order", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("by", models.UUIDField(null=True)),
            ],
            options={"db_table": "orders_closed"},
        ),
        roles.grant("orders_closed", web="select, insert", intake="", folder="select"),
    ]
