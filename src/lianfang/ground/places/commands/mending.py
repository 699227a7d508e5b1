"""Mending what is derived: tallies and keys of search, counted and written anew."""

from __future__ import annotations

from django.db import connection

from lianfang.ground.places.commands.spellings import respell, respell_area
from lianfang.ground.places.models import Area, Place, SearchKey
from lianfang.ground.places.types import Level
from lianfang.kernel import db

_CHUNK = 20_000

_DIFFERENT = """
with counted as (
    select b.id, b.lo, count(d.id) as doors, count(d.id) filter (where d.kind = 'dwelling') as dwellings
    from places_place b left join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= b.lo and d.lo < b.hi
    where b.level <> 'door' and b.level = 'building' group by b.id, b.lo)
select array_agg(c.id) from counted c left join places_tally t on t.place_id = c.id
where (t.position, t.doors, t.dwellings) is distinct from (c.lo, c.doors::int, c.dwellings::int)
"""


def recount() -> int:
    """Count the doors of all buildings anew; how many tallies were wrong."""
    with db.acting(None, "places recount"), connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        wrong = cursor.fetchone()[0] or []
        cursor.execute("select places_count_doors(%s)", [wrong])
        return len(wrong)


def respell_all() -> int:
    """Write the keys of all places and areas anew; how many there are."""
    with db.acting(None, "places respell"):
        SearchKey.objects.all().delete()
        places = list(Place.objects.exclude(level__in=(Level.DOOR, Level.UNIT)).values_list("id", flat=True))
        for start in range(0, len(places), _CHUNK):
            respell(places[start : start + _CHUNK], fresh=True)
        areas = list(Area.objects.filter(valid_to=None))
        for area in areas:
            respell_area(area)
        return len(places) + len(areas)
