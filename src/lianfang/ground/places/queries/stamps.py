"""Where many places stood on which day, asked once for a whole batch of records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lianfang.kernel.columns import column_of
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.ids import PlaceId

_SQL = """
select p.id, p.level, p.lo, p.since, former.since, former.positions
from places_place p
cross join lateral (
    select array_agg(w.valid_from order by w.valid_from, w.id) as since, array_agg(w.lo order by w.valid_from, w.id) as positions
    from places_placepast w where w.place_id = p.id
) former
where p.id = any(%b::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A place as a record needs it: its level, its position since when, and the positions it had before, oldest first."""

    level: str
    position: int
    since: date
    former: tuple[tuple[date, int], ...]

    def position_on(self, day: date) -> int:
        """The position on a day; before it was first known, the first it had."""
        if day >= self.since or not self.former:
            return self.position
        held = [position for begins, position in self.former if begins <= day]
        return held[-1] if held else self.former[0][1]


def standings(place_ids: Collection[PlaceId]) -> dict[PlaceId, Standing]:
    """The places of these ids that exist or existed."""
    with columns_cursor() as cursor:
        cursor.execute(_SQL, [column_of(list(place_ids))])
        return {
            PlaceId(row[0]): Standing(row[1], row[2], row[3], tuple(zip(row[4] or (), row[5] or (), strict=True)))
            for row in cursor.fetchall()
        }
