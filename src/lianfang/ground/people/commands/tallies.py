"""Recounting the buildings' tallies."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from lianfang.kernel.db import acting
from lianfang.kernel.ids import PlaceId


def recount(buildings: Sequence[PlaceId], *, at_once: int = 500) -> None:
    """Count households and people of some buildings anew from the rows, in short transactions."""
    for start in range(0, len(buildings), at_once):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select people_recount(%s::uuid[])", [list(buildings[start : start + at_once])])


def recount_all() -> int:
    """Count every building anew; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("select id from places_place where level = 'building' order by id")
        buildings = [PlaceId(row[0]) for row in cursor.fetchall()]
    recount(buildings)
    return len(buildings)


def mend_positions() -> int:
    """Give live households and residences the position of their door; how many were wrong. The change log keeps it."""
    mended = 0
    with acting(None, "positions"), connection.cursor() as cursor:
        for table in ("people_household", "people_residence"):
            cursor.execute(
                f"update {table} x set position = d.lo from places_place d "
                "where d.id = x.door_id and x.valid_to is null and x.position <> d.lo",
            )
            mended += cursor.rowcount
    return mended
