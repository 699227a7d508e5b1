"""A place that moves while a round takes in its earlier visits is gone over again: its doors may lie behind what was walked already."""

from django.db import migrations

# Positions are given once for ever and only added, so that every move adds its rows here, whoever moves.
_STEP_BACK = """
create function rounds_step_back() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update rounds_earlier set upto = given.lo - 1 from (select min(lo) as lo from new_rows) given where upto >= given.lo;
    return null;
end $$;
create trigger rounds_place_moved after insert on places_position referencing new table as new_rows
    for each statement execute function rounds_step_back();
"""
_FORGET = """
drop trigger rounds_place_moved on places_position;
drop function rounds_step_back();
"""


class Migration(migrations.Migration):
    """Adds the trigger; reversing takes it away."""

    dependencies = [
        ("places", "0003_moved_doors_by_position"),
        ("rounds", "0004_lines_somebody_has_settled"),
    ]

    operations = [migrations.RunSQL(_STEP_BACK, _FORGET)]
