"""What holds where and when: one query over ranges, for a page as for all doors of a city.

Areas are cut at each other's bounds and the strictest of every respect wins (`rules.strictest`). A drill has answers of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.incidents.queries.measures import measures_by_id
from lianfang.ground.incidents.rules import rulesets
from lianfang.ground.incidents.rules.strictest import Claim, strictest
from lianfang.ground.incidents.types import DoorsUnder, InForce, Stretch
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, PlaceId
from lianfang.kernel.ranges import Range, merged

_ASKED = """
with asked as (
    select lo, hi from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) a(lo, hi)
)
"""
# The measures that may lie in what is asked: those over a place, or over an area with a place, that stands or stood inside it or over it.
# Ranges of a level are disjoint, so that the last one that begins before is the only one that may lie over it.
_NEAR = """, touching as (
    select p.place_id
    from asked cross join unnest(%(levels)s::text[]) level
    cross join lateral (select place_id from places_position where level = level.level and lo >= asked.lo and lo < asked.hi offset 0) p
    union
    select p.place_id
    from asked cross join unnest(%(levels)s::text[]) level
    cross join lateral (
        select place_id, hi from places_position where level = level.level and lo < asked.lo order by lo desc limit 1
    ) p
    where p.hi > asked.lo
    union
    select p.id from asked cross join lateral (select id from places_place where level = 'door' and lo >= asked.lo and lo < asked.hi offset 0) p
    union
    select p.place_id from asked
    cross join lateral (select place_id from places_placepast where level = 'door' and lo >= asked.lo and lo < asked.hi offset 0) p
), near as (
    select m.id from touching t cross join lateral (select id from incidents_measure where place_id = t.place_id offset 0) m
    union
    select m.id
    from touching t
    cross join lateral (select area_id from places_areamember where place_id = t.place_id offset 0) n
    cross join lateral (select id from incidents_measure where area_id = n.area_id offset 0) m
)
"""
# Where each measure that holds at the moment lies within the ranges asked about, on that day: its area less what the area leaves out.
_PIECES = """, held as (
    select m.id, m.place_id, m.area_id
    from incidents_measure m {only} join incidents_incident i on i.id = m.incident_id
    where m.begins_at <= %(at)s and m.expires_at > %(at)s and coalesce(m.lifted_at > %(at)s, true)
      and case when %(drill)s::uuid is null then not i.drill else i.id = %(drill)s::uuid end
), named as (
    select h.id, h.place_id, false as excluded from held h where h.place_id is not null
    union all
    select h.id, n.place_id, n.excluded
    from held h
    join places_area a on a.id = h.area_id and a.valid_from <= %(day)s and coalesce(a.valid_to > %(day)s, true)
    join places_areamember n on n.area_id = a.id and n.valid_from <= %(day)s and coalesce(n.valid_to > %(day)s, true)
), stood as (
    select n.id, n.excluded, p.lo, p.hi
    from named n
    cross join lateral (
        select here.lo, here.hi from places_place here
        where here.id = n.place_id and here.since <= %(day)s and coalesce(here.valid_to > %(day)s, true)
        union all
        select past.lo, past.hi from places_placepast past
        where past.place_id = n.place_id and past.valid_from <= %(day)s and past.valid_to > %(day)s
    ) p
    where exists (select from asked where asked.lo < p.hi and asked.hi > p.lo)
)
select whole.id, lower(piece), upper(piece)
from (select id, (coalesce(range_agg(int8range(lo, hi)) filter (where not excluded), '{{}}'::int8multirange)
                - coalesce(range_agg(int8range(lo, hi)) filter (where excluded), '{{}}'::int8multirange))
               * (select range_agg(int8range(lo, hi)) from asked) as pieces
      from stood group by id) whole, unnest(whole.pieces) piece
"""
_OF_A_CITY = _ASKED + _PIECES.format(only="")
_OF_A_PLACE = _ASKED + _NEAR + _PIECES.format(only="join near on near.id = m.id")
_SMALL = 10**7  # as many positions as a community has: up to that, measures are reached from the places; above it, places from the measures
_LEVELS = [level.value for level in Level if level is not Level.DOOR]

# Doors where they stood on the day: those that have not moved since by their index, those that have by their past.
_DOORS = """
with stretch as (
    select n, lo, hi from unnest(%(n)s::int[], %(lo)s::bigint[], %(hi)s::bigint[]) s(n, lo, hi)
)
select d.id, s.n
from stretch s
join places_place d on d.level = 'door' and d.lo >= s.lo and d.lo < s.hi
where d.since <= %(day)s and coalesce(d.valid_to > %(day)s, true)
union all
select w.place_id, s.n
from stretch s
join places_placepast w on w.level = 'door' and w.lo >= s.lo and w.lo < s.hi and w.valid_from <= %(day)s and w.valid_to > %(day)s
"""


def in_force(ranges: Sequence[Range], at: datetime | None = None, *, drill: IncidentId | None = None) -> list[Stretch]:
    """What holds in the ranges at a moment (now), as disjoint stretches in order; where nothing holds there is none.

    `drill`: what holds in that drill instead of what really does.
    """
    moment = at or clock.now()
    asked = merged(ranges)
    if not asked:
        return []
    pieces = _pieces(asked, moment, drill)
    found = measures_by_id(pieces)
    earliest = sorted(found.values(), key=lambda one: (one.begins_at, one.measure_id))
    claims = [
        Claim(InForce(meaning.aspect, meaning, one), meaning.aspect, meaning.rank, order, pieces[one.measure_id])
        for order, one in enumerate(earliest)
        for meaning in rulesets.meanings(one.rule_set, one.meaning.key)
    ]
    shown = list(rulesets.aspects())
    return [
        Stretch(piece, tuple(sorted(holding.values(), key=lambda one: shown.index(one.aspect)))) for piece, holding in strictest(claims)
    ]


def _pieces(asked: Sequence[Range], moment: datetime, drill: IncidentId | None) -> dict[UUID, list[Range]]:
    values: dict[str, Any] = {
        "lo": [piece.lo for piece in asked],
        "hi": [piece.hi for piece in asked],
        "at": moment,
        "day": clock.local(moment).date(),
        "drill": drill,
        "levels": _LEVELS,
    }
    small = sum(piece.hi - piece.lo for piece in asked) <= _SMALL
    pieces: dict[UUID, list[Range]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_PLACE if small else _OF_A_CITY, values)
        for identifier, lo, hi in cursor.fetchall():
            pieces.setdefault(identifier, []).append(Range(lo, hi))
    return pieces


def doors_in_force(
    ranges: Sequence[Range], at: datetime | None = None, *, drill: IncidentId | None = None
) -> Iterator[tuple[PlaceId, Stretch]]:
    """Every door of the ranges at which something holds at a moment, with what holds there; of a city as of a stairwell."""
    moment = at or clock.now()
    stretches = in_force(ranges, moment, drill=drill)
    values: dict[str, Any] = {
        "n": list(range(len(stretches))),
        "lo": [one.range.lo for one in stretches],
        "hi": [one.range.hi for one in stretches],
        "day": clock.local(moment).date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, values)
        while some := cursor.fetchmany(5000):
            for door, number in some:
                yield PlaceId(door), stretches[number]


def doors_under(stretches: Sequence[Stretch]) -> list[DoorsUnder]:
    """How many doors stand under which measure of what `in_force` found, the strictest of each respect first; as they stand today."""
    held: dict[tuple[str, str], tuple[InForce, list[Range]]] = {}
    for stretch in stretches:
        for one in stretch.holding:
            held.setdefault((one.aspect, one.meaning.key), (one, []))[1].append(stretch.range)
    shown = list(rulesets.aspects())
    ordered = sorted(held.values(), key=lambda pair: (shown.index(pair[0].aspect), -pair[0].meaning.rank, pair[0].meaning.key))
    counts = places.door_counts_each([pieces for _, pieces in ordered]) if ordered else []
    return [DoorsUnder(one, count.doors, count.dwellings) for (one, _), count in zip(ordered, counts, strict=True)]
