"""Recounting the buildings' tallies."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from lianfang.kernel.ids import PlaceId


def recount(buildings: Sequence[PlaceId], *, at_once: int = 500) -> None:
    """Count households and people of some buildings anew from the rows, in short transactions."""
    for start in range(0, len(buildings), at_once):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select people_recount(%s::uuid[])", [list(buildings[start : start + at_once])])
