"""Ranges of places and areas: what is inside, today and formerly; what lies where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.queries.standing import ancestors
from lianfang.ground.places.types import AreaKind, DoorCounts, Level, PlaceNotFound
from lianfang.kernel import clock
from lianfang.kernel.db import columns_cursor, rows
from lianfang.kernel.ids import AreaId, PlaceId
from lianfang.kernel.ranges import Range, merged, stretches, subtract

# Of what lies inside only places that once moved by themselves: the rest was carried along, and lies inside the former range of what carried it.
# (`offset 0`: few places moved, and each is looked up by its key, whatever the planner knows of tables that were just filled.)
_FORMER = """
select past.lo, past.hi from places_placepast past where past.place_id = %(id)s
union
select past.lo, past.hi
from places_placepast m cross join lateral (select lo, hi from places_placepast where place_id = m.place_id offset 0) past
where m.moved_itself and exists (
    select from places_place p where p.id = m.place_id and p.lo >= %(lo)s and p.lo < %(hi)s offset 0)
"""

_EACH_WITH_FORMER = f"""
select p.id, piece.lo, piece.hi
from places_place p
cross join lateral (select p.lo, p.hi union {_FORMER % {"id": "p.id", "lo": "p.lo", "hi": "p.hi"}}) piece
where p.id = any(%b::uuid[])
"""

# An area without any piece that day has one row of nulls; an unknown one none.
_AREA = """
select lower(pieces.piece), upper(pieces.piece)
from places_area a
left join lateral (
    select unnest(coalesce(range_agg(int8range(p.lo, p.hi)) filter (where not m.excluded), '{}'::int8multirange)
                - coalesce(range_agg(int8range(p.lo, p.hi)) filter (where m.excluded), '{}'::int8multirange)) as piece
    from places_areamember m
    join lateral (
        select here.lo, here.hi from places_place here where here.id = m.place_id and here.since <= %(day)s and coalesce(here.valid_to > %(day)s, true)
        union all
        select past.lo, past.hi from places_placepast past where past.place_id = m.place_id and past.valid_from <= %(day)s and past.valid_to > %(day)s
    ) p on true
    where m.area_id = a.id and m.valid_from <= %(day)s and coalesce(m.valid_to > %(day)s, true)
) pieces on a.valid_from <= %(day)s and coalesce(a.valid_to > %(day)s, true)
where a.id = %(area)s
order by 1
"""

_AREAS = """
select whole.area_id, lower(piece), upper(piece)
from (select m.area_id,
             coalesce(range_agg(int8range(p.lo, p.hi)) filter (where not m.excluded), '{}'::int8multirange)
           - coalesce(range_agg(int8range(p.lo, p.hi)) filter (where m.excluded), '{}'::int8multirange) as pieces
      from places_areamember m
      join places_area a on a.id = m.area_id and a.valid_to is null and a.valid_from <= %(day)s
      join places_place p on p.id = m.place_id and p.valid_to is null
      where m.area_id = any(%(areas)b::uuid[]) and m.valid_to is null and m.valid_from <= %(day)s
      group by m.area_id) whole, unnest(whole.pieces) piece
order by 1, 2
"""


# An area that holds all of a place takes it in with a place above it, or piece by piece inside its community.
_NEAR = """
select m.area_id from places_areamember m join places_area a on a.id = m.area_id and a.valid_to is null
where m.place_id = any(%(above)s) and m.valid_to is null and not m.excluded
union
select m.area_id from places_areamember m join places_area a on a.id = m.area_id and a.valid_to is null
join places_place p on p.id = m.place_id
where p.lo >= %(lo)s and p.lo < %(hi)s and m.valid_to is null and not m.excluded
"""


def ranges_of(place: Place) -> list[Range]:
    """The positions inside a place today; none once it has ended."""
    return [place.range] if place.valid_to is None else []


def reading_ranges(place: Place) -> list[Range]:
    """The positions inside a place today, those it had before, and those from which something moved into it."""
    former = rows(_FORMER, {"id": place.pk, "lo": place.lo, "hi": place.hi})
    return merged([place.range, *(Range(lo, hi) for lo, hi in former)])


def reading_ranges_each(place_ids: Collection[PlaceId]) -> dict[PlaceId, list[Range]]:
    """`reading_ranges` of several places, in one query."""
    if not place_ids:
        return {}
    found: dict[PlaceId, list[Range]] = {}
    with columns_cursor() as cursor:
        cursor.execute(_EACH_WITH_FORMER, [list(place_ids)])
        for place_id, lo, hi in cursor.fetchall():
            found.setdefault(PlaceId(place_id), []).append(Range(lo, hi))
    return {place_id: merged(pieces) for place_id, pieces in found.items()}


def area_ranges(area_id: AreaId, on: date | None = None) -> list[Range]:
    """The positions of an area on a day: what it takes in less what it leaves out. Raises PlaceNotFound for an unknown area."""
    day = on or clock.today()
    found = rows(_AREA, {"area": area_id, "day": day})
    if not found:
        raise PlaceNotFound(text=area_id)
    return [Range(lo, hi) for lo, hi in found if lo is not None]


def area_reading_ranges(area_id: AreaId) -> list[Range]:
    """The positions of an area today, and those that the places it takes in had before, less what it leaves out."""
    members = members_of(area_id)
    kept = [piece for member in members if not member.excluded for piece in reading_ranges(member.place)]
    out = [piece for member in members if member.excluded for piece in reading_ranges(member.place)]
    return subtract(kept, out)


def area_ranges_each(area_ids: Collection[AreaId]) -> dict[AreaId, list[Range]]:
    """The positions of several areas today, in one query; of one that has ended, none."""
    found: dict[AreaId, list[Range]] = {area_id: [] for area_id in area_ids}
    with columns_cursor() as cursor:
        cursor.execute(_AREAS, {"areas": list(area_ids), "day": clock.today()})
        for area_id, lo, hi in cursor.fetchall():
            found[AreaId(area_id)].append(Range(lo, hi))
    return found


def _inside(field: str, ranges: Sequence[Range]) -> Q:
    condition = Q(pk__in=())
    for piece in ranges:
        condition |= Q(**{f"{field}__gte": piece.lo, f"{field}__lt": piece.hi})
    return condition


def areas_within(ranges: Sequence[Range], kind: AreaKind | None = None) -> list[Area]:
    """Areas in force that are administered inside the ranges, by kind and name."""
    found = Area.objects.filter(_inside("home__lo", ranges), valid_to=None).select_related("home")
    if kind is not None:
        found = found.filter(kind=kind)
    return list(found.order_by("kind", "name", "id"))


def areas_of(place: Place, path: Sequence[Place] | None = None) -> list[Area]:
    """Areas in force today that hold all of a place; `path` is what lies above it, where that is known already."""
    above = [place, *(ancestors(place) if path is None else path)]
    community = next((one for one in above if one.at_level is Level.COMMUNITY), None)
    inside = (community.lo, community.hi) if community else (0, 0)
    near = [row[0] for row in rows(_NEAR, {"above": [one.pk for one in above], "lo": inside[0], "hi": inside[1]})]
    found = list(Area.objects.filter(pk__in=near).select_related("home").order_by("kind", "name", "id")) if near else []
    ranges = area_ranges_each([area.area_id for area in found])
    return [area for area in found if any(piece.holds(place.range) for piece in ranges[area.area_id])]


def members_of(area_id: AreaId, on: date | None = None) -> list[AreaMember]:
    """What an area takes in and leaves out on a day, with the places."""
    day = on or clock.today()
    return list(
        AreaMember.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), area_id=area_id, valid_from__lte=day)
        .select_related("place")
        .order_by("place__lo")
    )


def door_counts(ranges: Sequence[Range]) -> DoorCounts:
    """Doors in force and dwellings among them, in any ranges: whole buildings from the tally, parts of one door by door."""
    if not ranges:
        return DoorCounts(0, 0)
    return door_counts_each([ranges])[0]


# Buildings are read once however many lists ask for them; one that a range cuts is taken off again, and its doors inside are counted.
# Which are cut is asked of the positions ever given: none was given twice, so that the last one begun before an edge is the only one there.
_COUNTS = """
with wanted as (
    select * from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) as w(lo, hi)
), cut as (
    select distinct p.n, p.lo as from_lo, p.hi as to_hi, b.id, b.lo, b.hi
    from unnest(%(n)s::int[], %(from_lo)s::bigint[], %(to_hi)s::bigint[]) p(n, lo, hi) cross join lateral (values (p.lo), (p.hi)) edge(at)
    join lateral (
        select b.place_id, b.lo, b.hi from places_position b where b.level = 'building' and b.lo < edge.at order by b.lo desc limit 1
    ) g on g.hi > edge.at
    join places_place b on b.id = g.place_id and b.lo = g.lo
)
select 'stretch', width_bucket(t.position, %(bounds)s::bigint[]), sum(t.doors), sum(t.dwellings)
from wanted w join places_tally t on t.position >= w.lo and t.position < w.hi
group by 2
union all
select 'list', c.n, -sum(t.doors), -sum(t.dwellings)
from cut c join places_tally t on t.place_id = c.id
where c.lo >= c.from_lo
group by 2
union all
select 'list', c.n, count(*), count(*) filter (where d.kind = 'dwelling')
from cut c
join places_place d on d.level = 'door' and d.lo >= greatest(c.lo, c.from_lo) and d.lo < least(c.hi, c.to_hi) and d.valid_to is null
group by 2
"""


def door_counts_each(many: Sequence[Collection[Range]]) -> list[DoorCounts]:
    """Counts for several lists of ranges in one query, in their order."""
    asked = stretches(many)
    pieces = [(number, piece.lo, piece.hi) for number, ranges in enumerate(many) for piece in merged(ranges)]
    values = {
        "bounds": asked.bounds, "lo": [span.lo for span in asked.spans], "hi": [span.hi for span in asked.spans],
        **{name: [piece[column] for piece in pieces] for column, name in enumerate(("n", "from_lo", "to_hi"))},
    }  # fmt: skip
    doors, dwellings = [0] * len(many), [0] * len(many)
    for of, number, some, lived_in in rows(_COUNTS, values):
        for at in asked.among(number) if of == "stretch" else [number]:
            doors[at] += int(some)
            dwellings[at] += int(lived_in)
    return [DoorCounts(*both) for both in zip(doors, dwellings, strict=True)]
