"""A need says for which incident it is, and whether it is only practised; a draft works out the one kind or the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0004_books_and_their_own_desk")]

    operations = [
        migrations.AddField("need", "incident", models.UUIDField(null=True)),
        migrations.AddField("need", "drill", models.BooleanField(default=False)),
        migrations.AddField("draft", "drill", models.BooleanField(default=False)),
        migrations.AddIndex("need", models.Index(fields=["incident"], name="need_incident")),
    ]
