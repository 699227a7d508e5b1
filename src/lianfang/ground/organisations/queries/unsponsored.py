"""What nobody answers for on a day: streets, communities and compounds, those without management first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from lianfang.ground.organisations.reporting_types import Unsponsored
from lianfang.kernel import clock
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import Range, merged

_SQL = """
with sponsored as materialized (
    select s.place_id, s.area_id, o.kind = 'property_company' as manages
    from organisations_sponsorship s join organisations_organisation o on o.id = s.organisation_id
    where s.valid_from <= %(day)s and (s.valid_to is null or s.valid_to > %(day)s)
), wanted as (
    select * from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) as w(lo, hi)
), compound as (
    select a.id, a.name, h.name as within, h.lo
    from wanted w join places_place h on h.level <> 'door' and h.lo >= w.lo and h.lo < w.hi
    join places_area a on a.home_id = h.id and a.kind = 'compound' and a.valid_from <= %(day)s and (a.valid_to is null or a.valid_to > %(day)s)
), division as (
    select p.id, p.name, coalesce(u.name, '') as within, p.lo, p.level
    from wanted w join places_place p on p.level <> 'door' and p.level in ('street', 'community') and p.lo >= w.lo and p.lo < w.hi
    left join places_place u on u.id = p.parent_id
    where p.valid_from <= %(day)s and (p.valid_to is null or p.valid_to > %(day)s)
)
select 'compound', null::uuid, c.id, c.name, c.within, not exists (select from sponsored s where s.area_id = c.id and s.manages) as bare, c.lo
from compound c where not exists (select from sponsored s where s.area_id = c.id and not s.manages)
union all
select d.level, d.id, null, d.name, d.within, false, d.lo
from division d where not exists (select from sponsored s where s.place_id = d.id and not s.manages)
order by 6 desc, 7, 1
limit %(limit)s
"""


def unsponsored(ranges: Sequence[Range], on: date | None = None, limit: int = 1000) -> list[Unsponsored]:
    """Streets, communities and compounds in the ranges that no organisation answers for on a day; compounds without management first.

    A property company that is entered for a compound manages it; that is no sponsorship.
    """
    pieces = merged(ranges)
    values: dict[str, Any] = {
        "day": on or clock.today(), "lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces], "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return [
            Unsponsored(row[0], PlaceId(row[1]) if row[1] else None, AreaId(row[2]) if row[2] else None, row[3], row[4], row[5])
            for row in cursor.fetchall()
        ]
