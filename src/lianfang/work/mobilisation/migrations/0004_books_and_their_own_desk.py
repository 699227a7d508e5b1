"""The pool and calls go with a book; what is said of somebody elsewhere is seen, and taken back, by the desk of their home."""

from __future__ import annotations

from django.db import migrations, models

from lianfang.kernel import roles

FORCE = "exists (select from mobilisation_force f where f.id = {table}.{column})"
OF_SOMEBODY = {"assignment": "force", "line": "force_id", "wish": "force_id", "summons": "force_id"}
HERE = roles.in_scope("position")


def _seen_at_home(table: str, about: str) -> migrations.RunSQL:
    """Reading, changing and deleting where the row lies in the scope, or whoever it is about; adding as before."""

    def said(condition: str) -> str:
        return (
            f"alter policy in_scope_read on {table} using ({condition}); "
            f"alter policy in_scope_update on {table} using ({condition}) with check ({condition}); "
            f"alter policy in_scope_delete on {table} using ({condition})"
        )

    return migrations.RunSQL(said(f"{HERE} or {about}"), said(HERE))


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0003_calls")]

    operations = [
        migrations.AddField("force", "book", models.IntegerField(null=True)),
        migrations.AddField("call", "book", models.IntegerField(null=True)),
        migrations.AddIndex("force", models.Index(fields=["book"], name="force_book")),
        migrations.AddIndex("call", models.Index(fields=["book"], name="call_book")),
        *(
            _seen_at_home(f"mobilisation_{table}", FORCE.format(table=f"mobilisation_{table}", column=column))
            for table, column in OF_SOMEBODY.items()
        ),
        _seen_at_home("mobilisation_dispatch", "exists (select from mobilisation_summons s where s.id = mobilisation_dispatch.summons_id)"),
    ]
