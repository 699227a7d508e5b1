"""What must hold among places; `doctor` asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from lianfang.kernel.soundness import Finding


@dataclass(frozen=True, slots=True)
class _Rule:
    """A query that finds rows that should not be (one text column), what they are, and how to mend them."""

    check: str
    rows: str
    what: str
    mend: str


_RESTORE = "Restore the rows from the change log; no command writes them so."

# Sets are compared by `except`, which hashes: just after a large load nothing is known yet of how large the tables are, and rows that
# are looked up one by one then took a quarter of an hour.
_RULES = (
    _Rule(
        "places.nested",
        """
        select p.id::text from places_place p join places_place up on up.id = p.parent_id
        where p.valid_to is null and up.valid_to is null and not (up.lo <= p.lo and p.hi <= up.hi)
        """,
        "places outside the range of their parent",
        _RESTORE,
    ),
    _Rule(
        "places.apart",
        """
        select id from (
            select p.id::text, p.hi > lead(p.lo) over (partition by p.level order by p.lo) as meets
            from places_place p where p.valid_to is null) neighbours where meets
        """,
        "places of one level whose ranges meet",
        _RESTORE,
    ),
    _Rule(
        "places.orphans",
        """
        select p.id::text from places_place p join places_place up on up.id = p.parent_id
        where p.valid_to is null and up.valid_to is not null
        """,
        "places in force inside one that has ended",
        "Move them with `places move PLACE NEW-PARENT`, or end them.",
    ),
    _Rule(
        "places.given",
        """
        select stood.id::text from (
            (select id, level, lo, hi from places_place where level <> 'door'
             union select place_id, level, lo, hi from places_placepast where level <> 'door')
            except select place_id, level, lo, hi from places_position) stood
        """,
        "places that stand, or stood, at a position not on the list of those given",
        _RESTORE,
    ),
    _Rule(
        "places.given_once",
        """
        select a.lo::text from places_position a join places_position b on b.level = a.level and b.id > a.id and b.lo < a.hi and b.hi > a.lo
        where a.level in ('building', 'unit') and exists (
            select 1 where not exists (select from pg_constraint where conname = 'position_of_building_once' and convalidated)
                        or not exists (select from pg_constraint where conname = 'position_of_unit_once' and convalidated))
        union all
        select w.lo::text from places_placepast w join places_place d on d.level = 'door' and d.lo = w.lo and d.id <> w.place_id where w.level = 'door'
        """,
        "positions that were given twice",
        _RESTORE,
    ),
    _Rule(
        "places.past",
        """
        select w.place_id::text from places_placepast w join places_place p on p.id = w.place_id where w.valid_to > p.since
        """,
        "former states that reach into the present one",
        _RESTORE,
    ),
    _Rule(
        "places.codes",
        """
        select min(id::text) from places_place where code is not null and valid_to is null group by level, code having count(*) > 1
        """,
        "codes that two places of a level have today",
        "Load the newest official list again, or correct the code.",
    ),
    _Rule(
        "places.tally",
        """
        with counted as (
            select b.id, b.lo, count(d.id) as doors, count(d.id) filter (where d.kind = 'dwelling') as dwellings
            from places_place b left join places_place d on d.level = 'door' and d.valid_to is null and d.lo >= b.lo and d.lo < b.hi
            where b.level <> 'door' and b.level = 'building' group by b.id, b.lo)
        select c.id::text from counted c left join places_tally t on t.place_id = c.id
        where (t.position, t.doors, t.dwellings) is distinct from (c.lo, c.doors::int, c.dwellings::int)
        """,
        "buildings whose tally differs from their doors",
        "Run `places recount`.",
    ),
    _Rule(
        "places.spellings",
        """
        select unfound.id::text from (
            select id from places_place where level in ('province', 'city', 'county', 'street', 'community')
            except select place_id from places_searchkey where kind = 'name') unfound
        union all
        select stray.id::text from (
            select place_id from places_searchkey where place_id is not null except select id from places_place) stray(id)
        """,
        "divisions that no search finds, or keys of no place",
        "Run `places respell`.",
    ),
    _Rule(
        "places.areas",
        """
        select m.area_id::text from places_areamember m join places_place p on p.id = m.place_id join places_area a on a.id = m.area_id
        where m.valid_to is null and a.valid_to is null and p.valid_to is not null
        """,
        "areas that name a place which has ended",
        "Take the place out of the area, or name the one that follows it.",
    ),
)


def checks() -> list[Finding]:
    """Ranges nested and apart, positions given once, no orphans, one place a code, tallies and keys true."""
    return [_ask(rule) for rule in _RULES]


def _ask(rule: _Rule) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*), (array_agg(id order by id))[1:5] from ({rule.rows}) wrong(id)")
        count, ids = cursor.fetchone()
    return Finding(rule.check, not count, f"{rule.what}: {count}" + (f" ({', '.join(ids)})" if count else ""), rule.mend if count else "")
