"""The book, its receipts, sealed remarks, quarantine and cursors, with rights and row security."""

from pathlib import Path

from django.db import migrations, models

from lianfang.ground.changes.tracking import track
from lianfang.kernel import roles

BOOK = Path(__file__).with_suffix(".sql").read_text()
BACK = """
drop view ledger_standing; drop view ledger_bound; drop table ledger_cursor; drop function ledger_first_beyond(xid8, bigint); drop function ledger_open_book(text, uuid, text, text, boolean);
drop trigger ledger_receipt_given_once on ledger_receipt; drop function ledger_receipt_once();
drop table ledger_record; drop function ledger_refuse(), ledger_moved_to(jsonb, timestamptz), ledger_stream(boolean, uuid);
"""


class Migration(migrations.Migration):
    """Creates the ledger. Reversing drops it with all it holds."""

    initial = True
    dependencies = [
        ("changes", "0001_change_log"),
        ("places", "0001_places"),
        ("people", "0001_persons_and_residence"),
    ]
    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(unique=True)),
                ("incident", models.UUIDField(null=True)),
                ("retention", models.TextField()),
                ("period", models.TextField()),
                ("drill", models.BooleanField()),
                ("state", models.TextField(default="open")),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "ledger_book",
                "constraints": [models.CheckConstraint(condition=models.Q(state__in=("open", "ended")), name="ledger_book_state")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("book", models.IntegerField()),
                ("digest", models.BinaryField(null=True)),
            ],
            options={"db_table": "ledger_receipt"},
        ),
        migrations.CreateModel(
            name="SealedRemark",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("book", models.IntegerField()),
                ("position", models.BigIntegerField()),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "ledger_remark", "indexes": [models.Index(fields=["book"], name="ledger_remark_book")]},
        ),
        migrations.CreateModel(
            name="Quarantined",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                ("author", models.UUIDField()),
                ("device", models.UUIDField(null=True)),
                ("kind", models.TextField()),
                ("place", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("effective_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("sealed", models.BinaryField(null=True)),
                ("state", models.TextField(default="waiting")),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "ledger_quarantine",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sealed__isnull", False), ("state", "waiting"))
                        | models.Q(("sealed__isnull", True), ("state__in", ("released", "rejected"))),
                        name="ledger_quarantine_body_only_while_waiting",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["position", "received_at"], name="ledger_quarantine_waiting"
                    ),
                    models.Index(condition=models.Q(("state", "waiting")), fields=["author"], name="ledger_quarantine_author"),
                ],
            },
        ),
        migrations.RunSQL(BOOK, BACK),
        roles.grant("ledger_book", web="select", intake="select", folder="select"),
        roles.grant("ledger_record", web="select, insert", intake="select, insert", folder="select, insert"),
        roles.grant("ledger_receipt", web="select, insert, update", intake="select, insert, update", folder="select, insert, update"),
        roles.grant("ledger_remark", web="select, insert", intake="select, insert", folder="select, insert"),
        roles.grant("ledger_quarantine", web="select, insert, update", intake="select, insert", folder="select"),
        roles.grant("ledger_cursor", web="select", intake="select", folder="select, insert, update"),
        roles.grant("ledger_standing", web="select", intake="", folder="select"),
        roles.grant("ledger_bound", web="select", intake="", folder="select"),
        roles.grant_sequence("ledger_record_seq"),
        migrations.RunSQL(
            f"grant execute on function ledger_open_book(text, uuid, text, text, boolean) to {', '.join(roles.LOGINS)}",
            migrations.RunSQL.noop,
        ),
        roles.protect("ledger_record"),
        roles.protect("ledger_remark"),
        roles.protect("ledger_quarantine"),
        track("ledger_quarantine", place="place", position="position", redact=("sealed", "digest")),
        # What an envelope brings is added to a building or household, whose row is locked meanwhile: that needs the right to update a column.
        migrations.RunSQL(
            "grant update (ordinal) on places_place to lianfang_intake; grant update (name) on people_household to lianfang_intake",
            migrations.RunSQL.noop,
        ),
    ]
