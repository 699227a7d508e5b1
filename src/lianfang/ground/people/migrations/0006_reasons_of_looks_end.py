"""The log of looks stays; the words of its reasons go with the person they are about, by the owner of the table alone."""

from django.db import migrations

REFUSE = """
create or replace function people_refuse_change() returns trigger language plpgsql as $$
begin
    {unless}raise exception 'the log of looks is append-only';
end $$
"""
UNLESS = "if tg_op = 'UPDATE' and changes_erasing(tg_relid) then return null; end if; "


class Migration(migrations.Migration):
    dependencies = [("people", "0005_persons_told_apart"), ("changes", "0002_owner_erases_what_ended")]

    operations = [migrations.RunSQL(REFUSE.format(unless=UNLESS), REFUSE.format(unless=""))]
