"""Whether every building of a community belongs to one grid and one compound: what lies in none, and what in several."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId

# A building belongs to an area when the area holds its whole range; one that is cut (an area of some of its units) is counted too.
_SQL = """
with held as (
    select a.id, a.name,
           coalesce(range_agg(int8range(p.lo, p.hi)) filter (where not m.excluded), '{}'::int8multirange)
         - coalesce(range_agg(int8range(p.lo, p.hi)) filter (where m.excluded), '{}'::int8multirange) as pieces
    from places_area a join places_areamember m on m.area_id = a.id join places_place p on p.id = m.place_id
    where a.kind = %(kind)s and a.valid_to is null and a.valid_from <= %(day)s and m.valid_to is null and p.valid_to is null
      and a.id in (select n.area_id from places_areamember n join places_place q on q.id = n.place_id
                   where n.valid_to is null and q.lo < %(hi)s and q.hi > %(lo)s)
    group by a.id, a.name
)
select b.id, b.name, array_remove(array_agg(h.name order by h.name), null)
from places_place b left join held h on h.pieces && int8range(b.lo, b.hi)
where b.level <> 'door' and b.level = 'building' and b.lo >= %(lo)s and b.lo < %(hi)s and b.valid_to is null
group by b.id, b.name, b.lo, b.ordinal
having count(h.id) <> 1
order by b.ordinal, b.lo
"""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A building that lies in no area of a kind, or in several."""

    building_id: PlaceId
    name: str
    areas: tuple[str, ...]


def belonging_gaps(within: Place, kind: AreaKind) -> list[Belonging]:
    """Buildings inside a place that do not belong to exactly one area of a kind today (grid, compound): reported, never forbidden."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"kind": kind.value, "day": clock.today(), "lo": within.lo, "hi": within.hi})
        return [Belonging(PlaceId(row[0]), row[1], tuple(row[2])) for row in cursor.fetchall()]
