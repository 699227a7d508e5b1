"""Pairs that may be one person are taken up by the system, each once: those who stand in two places become matters."""

from django.db import migrations, models

from lianfang.kernel.roles import FOLDER


class Migration(migrations.Migration):
    """Pairs found before are taken up after the next start. Reversing forgets which were."""

    dependencies = [("people", "0003_further_phones")]

    operations = [
        migrations.AddField(model_name="match", name="taken_up", field=models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            model_name="match", index=models.Index(condition=models.Q(("taken_up", False)), fields=["id"], name="match_to_take_up")
        ),
        migrations.RunSQL(
            f"grant update (taken_up) on people_match to {FOLDER}", f"revoke update (taken_up) on people_match from {FOLDER}"
        ),
    ]
