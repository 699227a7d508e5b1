"""How many households and people: sums of the buildings' tallies, and rows where a range cuts through a building."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.people.types import PeopleCounts
from lianfang.kernel.db import rows
from lianfang.kernel.ranges import Range, merged

# Whole buildings by their tally; of a building that a range cuts, the live rows inside. At most two buildings are cut per range,
# and a building is shorter than its community's seven digits. Which are cut is asked of places: row security hides the tally of
# a building from those who see only a part of it.
_COUNTS = """
with asked as (
    select no, lo, hi from unnest(%(no)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) as a(no, lo, hi)
), whole as (
    select a.no, coalesce(sum(t.households), 0) as households,
           coalesce(sum(t.registered), 0) as registered, coalesce(sum(t.living), 0) as living
    from asked a
    left join people_tally t on t.position >= a.lo and t.position < a.hi and t.position + t.span <= a.hi
    group by a.no
), cut as (
    select a.no, greatest(a.lo, b.lo) as lo, least(a.hi, b.hi) as hi
    from asked a
    cross join lateral (
        (select p.lo, p.hi from places_place p
         where p.level <> 'door' and p.level = 'building' and p.valid_to is null and p.lo < a.lo and p.lo > a.lo - 10000000
         order by p.lo desc limit 1)
        union all
        (select p.lo, p.hi from places_place p
         where p.level <> 'door' and p.level = 'building' and p.valid_to is null and p.lo >= a.lo and p.lo < a.hi and p.lo > a.hi - 10000000
         order by p.lo desc limit 1)
    ) b
    where b.hi > a.lo and (b.lo < a.lo or b.hi > a.hi)
), household as (
    select c.no, count(*) as households
    from cut c join people_household h on h.position >= c.lo and h.position < c.hi and h.valid_to is null group by c.no
), person as (
    select c.no, count(*) filter (where r.kind = 'registered') as registered, count(*) filter (where r.kind = 'actual') as living
    from cut c join people_residence r on r.position >= c.lo and r.position < c.hi and r.valid_to is null group by c.no
)
select w.no, w.households + coalesce(h.households, 0), w.registered + coalesce(p.registered, 0), w.living + coalesce(p.living, 0)
from whole w left join household h on h.no = w.no left join person p on p.no = w.no
order by w.no
"""


def counts(ranges: Sequence[Range]) -> PeopleCounts:
    """Live households and people in the ranges, each once however the ranges overlap."""
    pieces = counts_each(merged(ranges))
    return PeopleCounts(
        households=sum(piece.households for piece in pieces),
        registered=sum(piece.registered for piece in pieces),
        living=sum(piece.living for piece in pieces),
    )


def counts_each(ranges: Sequence[Range]) -> list[PeopleCounts]:
    """The same for each range by itself, in one query: the children of a place side by side."""
    if not ranges:
        return []
    values = {"no": list(range(len(ranges))), "lo": [piece.lo for piece in ranges], "hi": [piece.hi for piece in ranges]}
    return [PeopleCounts(int(households), int(registered), int(living)) for _, households, registered, living in rows(_COUNTS, values)]
