"""The table of search keys, read inside some ranges with conditions that an index understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.places.rules.names import stem
from lianfang.ground.places.rules.spelling import readings
from lianfang.ground.places.types import DEPTHS, DIVISIONS, Level
from lianfang.kernel.ranges import EVERYWHERE, Range, cover, merged

MOST_PIECES = 8  # ranges that the database is asked about: more are covered by wider ones there, and told apart here
MOST_KEYS = 600  # keys looked at to choose the best from
FEW = 3000

LAST = "\U0010ffff"

_HOLDING = """
select g.place_id from places_position g where g.level = any(%s) and int8range(g.lo, g.hi) @> any(%s::bigint[])
"""
# Of few places the keys are picked out (a hash of the places); of many, the places are looked up key by key, because the planner, who
# cannot know how few divisions lie in a range full of doors, would otherwise read all of them.
_COUNT = "select count(*) from (select from places_place p where p.level <> 'door' and ({places}) limit {most}) few"
_FEW = """
with here as materialized (
    select p.id, p.level, p.lo, p.hi, p.valid_to is not null as ended from places_place p where p.level <> 'door' and ({places})
), found as (
    select k.place_id, null::uuid as area_id, k.kind, k.key, h.level, h.lo, h.hi, h.ended
    from places_searchkey k join here h on h.id = k.place_id where {keys}
    union all {areas}
)"""
_MANY = """
with found as (
    select k.place_id, null::uuid as area_id, k.kind, k.key, h.level, h.lo, h.hi, h.ended
    from places_searchkey k cross join lateral (
        select p.level, p.lo, p.hi, p.valid_to is not null as ended from places_place p where p.id = k.place_id and ({places}) offset 0
    ) h where {keys} and {brief}
    union all {areas}
)"""
_AREAS = """
    select null, k.area_id, k.kind, k.key, null, p.lo, p.hi, false
    from places_area a join places_searchkey k on k.area_id = a.id join places_place p on p.id = a.home_id
    where a.valid_to is null and {keys} and ({places})
"""
_BEST = " select * from found order by ended, kind = 'inside', length(key), key, lo, place_id, area_id limit {most}"
_CODES = """
select p.id, null::uuid, 'code', p.code, p.level, p.lo, p.hi, p.valid_to is not null from places_place p
where p.level <> 'door' and p.code >= %(first)s and p.code < %(last)s and ({places}) order by p.code, p.lo limit {most}
"""
# Two indexes over lo, chosen by these words.
_AT = """
select p.id, null::uuid, 'code', p.lo::text, p.level, p.lo, p.hi, p.valid_to is not null
from (select * from places_place where level = 'door' and lo = %(at)s
      union all select * from places_place where level <> 'door' and lo = %(at)s) p
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A key that fits, with the place or area it names."""

    place_id: UUID | None
    area_id: UUID | None
    kind: str
    key: str
    level: Level | None
    range: Range
    ended: bool
    rank: int = 0  # how well it fits, 0 best

    def order(self) -> tuple[Any, ...]:
        """Best first, and always the same way."""
        depth = DEPTHS[self.level] if self.level else len(DEPTHS)
        return (self.ended, self.rank, depth, len(self.key), self.range.lo, str(self.place_id or self.area_id))


class Reach:
    """The ranges in which is searched, as conditions of SQL that an index understands."""

    def __init__(self, within: Sequence[Range]) -> None:
        self.ranges = merged(within)
        self._pieces = cover(self.ranges, MOST_PIECES)
        self._everything = self.ranges == [EVERYWHERE]
        self.values: dict[str, Any] = {}
        self.holding: list[UUID] = []
        if self.ranges and not self._everything:
            for number, piece in enumerate(self._pieces):
                self.values[f"lo{number}"], self.values[f"hi{number}"] = piece.lo, piece.hi
            self.holding = self.values["holding"] = self._places_holding()

    def _places_holding(self) -> list[UUID]:
        """The places that hold the beginning of a range: they meet it without beginning in it."""
        with connection.cursor() as cursor:
            cursor.execute(_HOLDING, [[level.value for level in DEPTHS], [piece.lo for piece in self._pieces]])
            return [row[0] for row in cursor.fetchall()]

    @cached_property
    def condition(self) -> str:
        """That a place `p` meets the ranges."""
        if self._everything:
            return "true"
        inside = " or ".join(f"p.lo >= %(lo{number})s and p.lo < %(hi{number})s" for number in range(len(self._pieces)))
        return f"{inside} or p.id = any(%(holding)s)"

    @cached_property
    def is_small(self) -> bool:
        """Whether few places above the door lie in the ranges."""
        if self._everything:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(places=self.condition, most=FEW), self.values)
            return int(cursor.fetchone()[0]) < FEW

    def meets(self, piece: Range) -> bool:
        """Whether a range meets those searched in."""
        return any(own.meets(piece) for own in self.ranges)


def _read(sql: str, values: dict[str, Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Hit(place, area, kind, key, Level(level) if level else None, Range(lo, hi), ended)
            for place, area, kind, key, level, lo, hi, ended in cursor.fetchall()
        ]


def keyed(condition: str, values: dict[str, Any], reach: Reach, *, brief: str = "true", most: int = MOST_KEYS) -> list[Hit]:
    """The keys `k` that fulfil a condition, of places and areas in reach; `brief` is asked besides where there are very many."""
    words = {"keys": f"({condition})", "places": reach.condition, "brief": brief}
    sql = (_FEW if reach.is_small else _MANY).format(areas=_AREAS.format(**words), **words) + _BEST.format(most=most)
    return _read(sql, {**values, **reach.values})


def coded(code: str, reach: Reach) -> list[Hit]:
    """The places in reach whose code begins so."""
    return _read(_CODES.format(places=reach.condition, most=MOST_KEYS), {"first": code, "last": code + LAST, **reach.values})


def positioned(position: int) -> list[Hit]:
    """The places that begin at a position."""
    return _read(_AT, {"at": position})


def nearly(wanted: str) -> tuple[str, dict[str, Any]]:
    """The condition of keys that are worth a closer look when a text may be misspelt, and its values."""
    values: dict[str, Any] = {"first": wanted[0], "first_last": wanted[0] + LAST}
    sounding: list[str] = []
    for number, way in enumerate(readings(wanted)):
        sounding.append(f"k.kind = 'pinyin' and k.key >= %(way{number})s and k.key < %(way{number})s || '{LAST}'")
        values[f"way{number}"] = "".join(way)
    cores = sorted({wanted, *(stem(wanted, level) for level in DIVISIONS)})
    beginning: list[str] = []
    for number, core in enumerate(cores):
        # With one character off, the first is right and either the second or the last too, or all but the first are.
        beginning.append(
            f"length(k.key) between {len(core) - 1} and {len(core) + 1}"
            f" and (substr(k.key, 2, 1) = %(second{number})s or right(k.key, 1) = %(last{number})s)",
        )
        values |= {f"second{number}": core[1:2], f"last{number}": core[-1:]}
    values["behind"] = [core[1:] for core in cores]
    ways = [
        *sounding,
        "k.kind = 'inside' and k.key = any(%(behind)s)",
        f"k.key >= %(first)s and k.key < %(first_last)s and k.kind in ('name', 'alias', 'stem') and ({' or '.join(beginning)})",
    ]
    return " or ".join(ways), values
