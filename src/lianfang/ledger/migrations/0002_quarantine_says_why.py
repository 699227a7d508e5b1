"""A quarantined record says why it waits, and whoever sent it sees that it does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_book_of_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="quarantined",
            name="cause",
            field=models.TextField(db_default="outside_grant", default="outside_grant"),
        ),
        migrations.AddIndex(
            model_name="quarantined",
            index=models.Index(fields=["author", "received_at"], name="ledger_quarantine_own"),
        ),
        migrations.RunSQL(
            "create policy own_read on ledger_quarantine for select to lianfang_web "
            "using (author = nullif(current_setting('lianfang.actor', true), '')::uuid)",
            "drop policy own_read on ledger_quarantine",
        ),
    ]
