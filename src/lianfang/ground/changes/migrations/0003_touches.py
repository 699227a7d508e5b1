"""Where master data that phones take along was touched, by which transaction: what was put together before is true until then.

A statement leaves the ranges of positions that it touched, or from a few hundred on one that covers them. Nothing else is told of it.
"""

from django.db import migrations

from lianfang.ground.changes.tracking import touching
from lianfang.kernel import roles

TABLE = """
create table changes_touch (
    xact xid8 not null default pg_current_xact_id(),
    at timestamptz not null default now(),
    lo bigint not null,
    hi bigint not null
);
create index changes_touch_by_xact on changes_touch (xact);
create function changes_touched() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    said text := 'insert into changes_touch (lo, hi) select lo, hi from (%s) r (lo, hi) where lo is not null group by lo, hi';
    many text := 'insert into changes_touch (lo, hi) select min(lo), max(hi) from (%s) r (lo, hi) having count(lo) > 0';
    few constant bigint := 300;
    rows bigint;
begin
    if tg_op <> 'INSERT' then
        select count(*) into rows from old_rows;
        execute format(case when rows > few then many else said end, format(tg_argv[0], 'old_rows'));
    end if;
    if tg_op <> 'DELETE' then
        select count(*) into rows from new_rows;
        execute format(case when rows > few then many else said end, format(tg_argv[0], 'new_rows'));
    end if;
    return null;
end $$;
"""
# Where a row lies. What has no position of its own, or whose name is read from afar, touches everything: it changes seldom.
_AT = "select position, position + 1 from %I"
_EVERYWHERE = "select 0, 9223372036854775807 from %I limit 1"
_OF_PERSON = "select r.position, r.position + 1 from people_residence r join %I p on p.id = r.person_id where r.valid_to is null"


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0002_owner_erases_what_ended"),
        ("places", "0003_moved_doors_by_position"),
        ("people", "0006_reasons_of_looks_end"),
        ("accounts", "0004_grants_of_incidents"),
        ("organisations", "0004_reporting_needs_and_takeover"),
    ]

    operations = [
        migrations.RunSQL(TABLE, "drop table changes_touch; drop function changes_touched()"),
        roles.grant("changes_touch", web="select, delete", intake="", folder=""),
        touching("places_place", "select lo, hi from %I"),
        touching("places_area", _EVERYWHERE),
        touching("accounts_dutyphone", _EVERYWHERE),
        touching("people_household", _AT),
        touching("people_residence", _AT),
        # Nobody is told of a person before the first residence is there.
        touching("people_person", _OF_PERSON, operations=("update",)),
        touching("organisations_post", _AT),
    ]
