"""Rules of places that the database holds: positions once for ever, nested, one past at a time, the tally of doors; rights and the change log."""

from pathlib import Path

from django.db import migrations

from lianfang.ground.changes import tracking
from lianfang.kernel import roles

RULES = Path(__file__).with_suffix(".sql").read_text()

UNDO = """
drop trigger places_place_tally_insert on places_place; drop trigger places_place_tally_update on places_place;
drop trigger places_place_stands_insert on places_place; drop trigger places_place_stands_update on places_place;
drop trigger places_position_is_nested on places_position; drop trigger places_position_append_only on places_position;
drop function places_tally_follows(), places_count_doors(uuid[]), places_place_stands(), places_position_nested(), places_refuse_change();
drop function places_level_above(text);
alter table places_areamember drop constraint member_one_at_a_time;
alter table places_placepast drop constraint past_one_at_a_time;
alter table places_position drop constraint position_of_unit_once;
alter table places_position drop constraint position_of_building_once;
alter table places_position drop constraint position_on_raster;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_places"), ("changes", "0001_change_log")]
    operations = [
        migrations.RunSQL(RULES, UNDO),
        tracking.track("places_place", place="id", position="lo"),
        tracking.track("places_alias", place="place_id"),
        tracking.track("places_area", place="home_id"),
        tracking.track("places_areamember", place="place_id"),
        # Phones find doors: intake adds places, never changes them.
        roles.grant("places_place", intake="select, insert"),
        roles.grant("places_position", web="select, insert", intake="select, insert"),
        roles.grant("places_placepast", web="select, insert"),
        roles.grant("places_alias"),
        roles.grant("places_searchkey", web="select, insert, delete", intake="select, insert"),
        roles.grant("places_area"),
        roles.grant("places_areamember"),
        roles.grant("places_listing", web="select", intake="", folder=""),
        roles.grant("places_tally", web="select"),
    ]
