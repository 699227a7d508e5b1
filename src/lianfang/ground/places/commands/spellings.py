"""Keys of search, written anew for places and areas whose names changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection

from lianfang.ground.places.models import Area, SearchKey
from lianfang.ground.places.rules.names import plain
from lianfang.ground.places.rules.numerals import is_numbered
from lianfang.ground.places.rules.spelling import keys_of
from lianfang.ground.places.types import Level
from lianfang.kernel import db

_NAMES = """
    select id, level, name, 'name' from places_place where id = any(%(ids)s) and level <> 'door'
    union all
    select a.place_id, p.level, a.name, 'alias' from places_alias a join places_place p on p.id = a.place_id
    where a.place_id = any(%(ids)s) and a.valid_to is null
    union all
    select distinct past.place_id, past.level, past.name, 'former' from places_placepast past join places_place p on p.id = past.place_id
    where past.place_id = any(%(ids)s) and past.name <> p.name and past.level <> 'door'
"""


def respell(places: Sequence[UUID], *, fresh: bool = False) -> None:
    """Write the keys of places anew. `fresh` says that they had none before."""
    if not places:
        return
    with connection.cursor() as cursor:
        if not fresh:
            cursor.execute("delete from places_searchkey where place_id = any(%s)", [list(places)])
        cursor.execute(_NAMES, {"ids": list(places)})
        spell((place_id, Level(level), name, kind) for place_id, level, name, kind in cursor.fetchall())


def spell(named: Iterable[tuple[UUID, Level, str, str]]) -> None:
    """Write keys for names given as (place, level, name, kind: name, alias or former)."""

    def rows() -> Iterator[tuple[UUID, str, str]]:
        for place_id, level, name, kind in named:
            if level.is_division or not is_numbered(name):  # "3栋" stands in every compound: it is found through its compound
                for how, key in keys_of(name, level if level.is_division else None, kind=kind):
                    yield place_id, how, key

    db.copy_rows("places_searchkey", ("place_id", "kind", "key"), rows())


def respell_area(area: Area) -> None:
    """Write the keys of an area anew."""
    SearchKey.objects.filter(area=area).delete()
    SearchKey.objects.bulk_create(SearchKey(area=area, kind=how, key=key) for how, key in sorted(keys_of(plain(area.name), None)))
