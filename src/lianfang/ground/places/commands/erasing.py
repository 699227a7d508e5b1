"""Doors that came through an incident alone: a door is a thing and stays on the list; words that are no number go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.places.models import Place
from lianfang.ground.places.rules.door_labels import is_number, unnamed
from lianfang.kernel import db


def unname_doors(asked: Sequence[UUID]) -> int:
    """Take away what somebody wrote at doors that is no number, with its spellings, its past and its lines in the log; how many doors."""
    doors = [door for door in Place.objects.filter(pk__in=list(asked), level="door") if not is_number(door.name)]
    with db.erasing(), connection.cursor() as cursor:
        ids = [door.pk for door in doors]
        for door in doors:
            names: dict[str, Any] = {"door": door.pk, "name": unnamed(door.lo)}
            cursor.execute("update places_place set name = %(name)s where id = %(door)s", names)
            cursor.execute("update places_placepast set name = %(name)s where place_id = %(door)s", names)
        cursor.execute("delete from places_alias where place_id = any(%s)", [ids])
        cursor.execute("delete from places_searchkey where place_id = any(%s)", [ids])
        logged = "delete from changes_change where \"table\" like 'places%%' and (row_id = any(%s) or place_id = any(%s))"
        cursor.execute(logged, [[str(one) for one in ids], ids])
    return len(doors)
