"""A grant may have come with an incident: it ends when that is stood down."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_phones_in_the_field")]

    operations = [
        migrations.AddField("grant", "incident", models.UUIDField(null=True)),
        migrations.AddIndex(
            "grant", models.Index(condition=models.Q(("incident__isnull", False)), fields=["incident"], name="grant_by_incident")
        ),
    ]
