"""What a record brought, what was served under a book, and which incident a waiting record is of: so that all of it can end with the book."""

from django.db import migrations, models

from lianfang.kernel import roles

# Those who came before this was noted: somebody whose row was made with the very record that names them.
BEFORE = """
insert into ledger_brought (id, what, book, position)
select distinct on (p.id) p.id, 'person', r.book, r.position from people_person p
join ledger_record r on r.subject = p.id and r.recorded_at between p.created_at - interval '2 seconds' and p.created_at + interval '2 seconds'
order by p.id, r.recorded_at
"""
# Nobody else's receipts change: only an ended book's lose the fingerprint of what was said.
RECEIPT = """
create or replace function ledger_receipt_once() returns trigger language plpgsql as $$
begin
    {unless}if old.digest is not null or new.digest is null or new.id <> old.id then
        raise exception 'a receipt is given once';
    end if;
    return new;
end $$
"""
UNLESS = "if changes_erasing(tg_relid) then return new; end if; "


# A look at a photo stays; which record it was of, and the words of its reason, end with the book.
REFUSE = """
create or replace function ledger_refuse() returns trigger language plpgsql as $$
begin
    {unless}raise exception 'the ledger is append-only: % is refused', lower(tg_op);
end $$
"""
LOOKS = "if tg_table_name = 'ledger_photo_look' and tg_op = 'UPDATE' and changes_erasing(tg_relid) then return null; end if; "


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_looks_at_photos"),
        ("changes", "0002_owner_erases_what_ended"),
        ("people", "0001_persons_and_residence"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brought",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("what", models.TextField()),
                ("book", models.IntegerField()),
                ("position", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_brought",
                "indexes": [models.Index(fields=["book", "what"], name="ledger_brought_book")],
                "constraints": [models.CheckConstraint(condition=models.Q(("what__in", ("person", "door"))), name="ledger_brought_what")],
            },
        ),
        migrations.CreateModel(
            name="Served",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "book", "actor", "kind", "day", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("book", models.IntegerField()),
                ("actor", models.UUIDField()),
                ("kind", models.TextField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField()),
                ("records", models.IntegerField()),
            ],
            options={"db_table": "ledger_served", "indexes": [models.Index(fields=["actor", "day"], name="ledger_served_actor")]},
        ),
        migrations.AddField(model_name="quarantined", name="incident", field=models.UUIDField(null=True)),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(RECEIPT.format(unless=UNLESS), RECEIPT.format(unless="")),
        migrations.RunSQL(REFUSE.format(unless=LOOKS), REFUSE.format(unless="")),
        roles.grant("ledger_brought", web="select, insert", intake="select, insert", folder="select, insert"),
        roles.grant("ledger_served", web="select", intake="", folder="select"),
        roles.protect("ledger_brought"),
        roles.protect(
            "ledger_served",
            visible=f"{roles.in_scope('position')} or actor = nullif(current_setting('lianfang.actor', true), '')::uuid",
            writable="false",
        ),
    ]
