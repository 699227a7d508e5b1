"""What the reading of addresses needs to know, read set-based: names, what is above and below them, buildings and doors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.places.queries.reach import area_ranges_each
from lianfang.ground.places.queries.search_keys import MOST_KEYS, Reach, keyed, nearly
from lianfang.ground.places.rules.address_bases import Nearby
from lianfang.ground.places.rules.address_doors import Building, Compound, Door, Unit
from lianfang.ground.places.rules.address_names import Named, Spelling
from lianfang.ground.places.rules.similar import bare
from lianfang.ground.places.types import DIVISIONS, AreaKind, Level
from lianfang.kernel.ids import AreaId
from lianfang.kernel.ranges import EVERYWHERE, Range, merged

_SPELT = """
select k.key, k.kind, k.place_id, k.area_id
from places_searchkey k left join places_area a on a.id = k.area_id
where k.key = any(%s) and k.kind in ('name', 'stem', 'alias', 'former') and (k.area_id is null or a.valid_to is null)
order by k.key, k.kind, k.place_id, k.area_id
"""
# `offset 0` keeps each row to the index: the planner, who cannot know how few are asked for, would otherwise read all places.
_PLACES = """
with recursive up(id) as (
    select unnest(%s::uuid[])
    union
    select p.parent_id
    from up cross join lateral (select parent_id from places_place where id = up.id offset 0) p
    where p.parent_id is not null
)
select p.id, p.name, p.level, p.kind, p.parent_id, p.lo, p.hi, p.valid_to is not null, w.lo, w.hi
from up cross join lateral (select * from places_place where id = up.id offset 0) p
cross join lateral (
    select array_agg(past.lo order by past.lo, past.hi) as lo, array_agg(past.hi order by past.lo, past.hi) as hi
    from places_placepast past where past.place_id = up.id
) w
"""
_AREAS = "select id, name, kind, home_id from places_area where id = any(%s)"
_IN_RANGES = """
from unnest(%(lo)s::bigint[], %(hi)s::bigint[]) r(lo, hi)
cross join lateral (
    select * from places_place p
    where p.level <> 'door' and p.lo >= r.lo and p.lo < r.hi and p.valid_to is null and p.level = any(%(levels)s) offset 0
) p
"""
_NAMES = f"select p.id, p.name {_IN_RANGES}"
_ALIASES = f"select p.id, a.name {_IN_RANGES} join places_alias a on a.place_id = p.id and a.valid_to is null"
_AREA_NAMES = f"select a.id, a.name {_IN_RANGES} join places_area a on a.home_id = p.id and a.valid_to is null"
_NAMED_BUILDINGS = f"select p.id, p.name {_IN_RANGES} where exists (select from places_searchkey k where k.place_id = p.id)"
_BUILDINGS = f"select p.id, p.level, p.kind, p.name, p.parent_id, p.lo, p.hi {_IN_RANGES} order by p.lo, p.hi desc"
_HOLDING = """
select b.lo, b.hi from unnest(%s::bigint[]) r(lo)
join places_position g on g.level = 'building' and int8range(g.lo, g.hi) @> r.lo
join places_place b on b.id = g.place_id and b.valid_to is null
"""
_COMPOUNDS = """
select m.place_id, a.name from places_areamember m join places_area a on a.id = m.area_id
where m.place_id = any(%s) and m.valid_to is null and not m.excluded and a.kind = %s and a.valid_to is null order by a.name
"""
_DOORS = """
select d.id, d.name, d.floor, d.parent_id from places_place d
where d.parent_id = any(%s) and d.level = 'door' and d.valid_to is null order by d.lo
"""
_MISSPELT = (Level.COUNTY, Level.STREET, Level.COMMUNITY)


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _inside(sql: str, ranges: Iterable[Range], levels: Sequence[Level]) -> list[tuple[Any, ...]]:
    """The rows of a query over the places of some levels that begin in some ranges."""
    pieces = merged(ranges)
    if not pieces:
        return []
    values: dict[str, Any] = {"lo": [piece.lo for piece in pieces], "hi": [piece.hi for piece in pieces]}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "levels": [level.value for level in levels]})
        return list(cursor.fetchall())


class Register:
    """Every place and area met in one reading, each once, with all that is above them."""

    def __init__(self) -> None:
        self.named: dict[UUID, Named] = {}

    def take(self, places: Collection[UUID], areas: Collection[UUID] = ()) -> None:
        """Read some places and areas, and what is above them, unless they are known."""
        new_areas = [area for area in areas if area not in self.named]
        rows = _rows(_AREAS, new_areas) if new_areas else []
        pieces = area_ranges_each([AreaId(area) for area in new_areas]) if new_areas else {}
        for area, name, kind, home in rows:
            self.named[area] = Named(area, name, None, kind, home, tuple(pieces[AreaId(area)]))
        new = {place for place in (*places, *(home for *_, home in rows)) if place not in self.named}
        for place, name, level, kind, parent, lo, hi, ended, former_lo, former_hi in _rows(_PLACES, list(new)) if new else ():
            if place not in self.named:
                former = tuple(Range(*piece) for piece in zip(former_lo or (), former_hi or (), strict=True))
                self.named[place] = Named(place, name, Level(level), kind, parent, (Range(lo, hi),), former, ended)

    def spelt(self, keys: Collection[str]) -> dict[str, list[Spelling]]:
        """The names that pieces of text spell, by piece."""
        rows = _rows(_SPELT, list(keys)) if keys else []
        self.take({row[2] for row in rows if row[2]}, {row[3] for row in rows if row[3]})
        found: defaultdict[str, list[Spelling]] = defaultdict(list)
        for key, how, place, area in rows:
            found[key].append(Spelling(how, self.named[place or area]))
        return found

    def below(self, upper: Collection[Named]) -> dict[UUID | None, list[Nearby]]:
        """For each of some places the names inside it, to look for one that is misspelt."""
        if not upper:
            return {}
        ranges = [piece for named in upper for piece in named.ranges]
        places = _inside(_NAMES, ranges, _MISSPELT) + _inside(_ALIASES, ranges, _MISSPELT)
        communities = [piece for named in upper if named.level is Level.COMMUNITY for piece in named.ranges]
        places += _inside(_NAMED_BUILDINGS, communities, [Level.BUILDING])
        areas = _inside(_AREA_NAMES, ranges, DIVISIONS)
        self.take({place for place, _ in places}, {area for area, _ in areas})
        near = [Nearby(bare(name, self.named[one].level), self.named[one]) for one, name in dict.fromkeys([*places, *areas])]
        return {named.id: [one for one in near if named.holds(one.named)] for named in upper}

    def alike(self, words: Collection[str]) -> list[Nearby]:
        """Names of the whole nation that may be meant by some words: those that begin, go on or sound alike."""
        found: set[tuple[UUID, bool]] = set()
        if not words:
            return []
        everywhere = Reach([EVERYWHERE])
        for word in sorted(words):
            condition, values = nearly(word.lower())
            for hit in keyed(condition, values, everywhere, most=MOST_KEYS):
                if hit.place_id and not hit.ended:
                    found.add((hit.place_id, False))
                elif hit.area_id:
                    found.add((hit.area_id, True))
        self.take({one for one, area in found if not area}, {one for one, area in found if area})
        return [Nearby(bare(self.named[one].name, self.named[one].level), self.named[one]) for one, _ in sorted(found)]


class Estate:
    """The buildings on some grounds, and the doors of those that are asked for."""

    def __init__(self, grounds: Collection[Named]) -> None:
        self._buildings: dict[UUID, Building] = {}
        self._units: dict[UUID, tuple[UUID, Unit]] = {}
        self._filled: set[UUID] = set()
        self._spans: list[tuple[Range, Building]] = []
        self.compounds: dict[UUID, Compound] = {}
        if grounds:
            self._read(grounds)
            self.compounds = {ground.id: self._compound(ground) for ground in grounds}

    def _read(self, grounds: Collection[Named]) -> None:
        ranges = [piece for ground in grounds for piece in ground.ranges]
        # Of a ground inside a building (a unit, an area of doors) the whole building is read.
        ranges += [Range(lo, hi) for lo, hi in _rows(_HOLDING, [piece.lo for piece in ranges])]
        rows = _inside(_BUILDINGS, ranges, [Level.BUILDING, Level.UNIT])
        ids = [row[0] for row in rows if row[1] == Level.BUILDING]
        compounds: defaultdict[UUID, list[str]] = defaultdict(list)
        for building, name in _rows(_COMPOUNDS, ids, AreaKind.COMPOUND.value):
            compounds[building].append(name)
        for place, level, kind, name, parent, lo, hi in rows:
            if level == Level.BUILDING:
                self._buildings[place] = Building.called(place, name, kind, tuple(compounds[place]))
                self._spans.append((Range(lo, hi), self._buildings[place]))
            else:
                unit = Unit.named(place, name)
                self._units[place] = (parent, unit)
                self._buildings[parent].units.append(unit)

    def _compound(self, ground: Named) -> Compound:
        inside = [building for span, building in self._spans if any(piece.meets(span) for piece in ground.ranges)]
        if ground.level is Level.UNIT:
            return Compound(inside, inside=ground.above, unit=ground.id)
        return Compound(inside, inside=ground.id if ground.level is Level.BUILDING else None)

    def fill(self, buildings: Collection[UUID]) -> None:
        """Read the doors of some buildings, in one query."""
        wanted = set(buildings) - self._filled
        if not wanted:
            return
        self._filled |= wanted
        parents = [*wanted, *(unit for unit, (building, _) in self._units.items() if building in wanted)]
        for door, label, floor, parent in _rows(_DOORS, parents):
            building, unit = self._units.get(parent, (parent, None))
            self._buildings[building].doors.append(Door.labelled(door, label, floor, unit))
