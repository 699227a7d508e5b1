"""What must hold among people; `doctor` asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from lianfang.kernel.sealed import unopened
from lianfang.kernel.sealing import keyring
from lianfang.kernel.soundness import Finding


@dataclass(frozen=True, slots=True)
class _Rule:
    """A query that finds ids of rows that should not be, what they are, and how to mend them."""

    check: str
    rows: str
    what: str
    mend: str


_RULES = (
    _Rule(
        "people.positions",
        """
        select h.id from people_household h join places_place d on d.id = h.door_id where h.valid_to is null and h.position <> d.lo
        union all
        select r.id from people_residence r join places_place d on d.id = r.door_id where r.valid_to is null and r.position <> d.lo
        """,
        "households and residences whose position is not their door's",
        "A move did not take them along: run `people mend-positions`.",
    ),
    _Rule(
        "people.doors",
        """
        select h.id from people_household h join places_place d on d.id = h.door_id
        where h.valid_to is null and (d.level <> 'door' or d.valid_to is not null)
        """,
        "households at something that is no door, or at a door that has ended",
        "Enter where they live now, or that they left.",
    ),
    _Rule(
        "people.members",
        """
        select r.id from people_residence r join people_household h on h.id = r.household_id
        where (r.valid_to is null and h.valid_to is not null) or r.door_id <> h.door_id or r.valid_from < h.valid_from
        """,
        "residences that do not fit their household: it has ended, stands at another door, or began later",
        "Restore the rows from the change log; no command writes them so.",
    ),
    _Rule(
        "people.overlaps",
        """
        select 1 where not exists (
            select 1 from pg_constraint where conname = 'residence_one_of_a_kind_at_a_time' and contype = 'x' and convalidated
        )
        """,
        "missing rule against living in two places in one sense",
        "Run the migrations again.",
    ),
    _Rule(
        "people.tallies",
        """
        with door as (
            select d.id, case p.level when 'unit' then p.parent_id else p.id end as building_id
            from places_place d join places_place p on p.id = d.parent_id where d.level = 'door'
        ), counted as (
            select building_id, sum(households) as households, sum(registered) as registered, sum(living) as living from (
                select door.building_id, count(*) as households, 0 as registered, 0 as living
                from people_household h join door on door.id = h.door_id where h.valid_to is null group by 1
                union all
                select door.building_id, 0, count(*) filter (where r.kind = 'registered'), count(*) filter (where r.kind = 'actual')
                from people_residence r join door on door.id = r.door_id where r.valid_to is null group by 1
            ) each group by 1
        )
        select coalesce(t.building_id, c.building_id)
        from people_tally t full join counted c on c.building_id = t.building_id left join places_place b on b.id = t.building_id
        where (coalesce(t.households, 0), coalesce(t.registered, 0), coalesce(t.living, 0))
              is distinct from (coalesce(c.households, 0), coalesce(c.registered, 0), coalesce(c.living, 0))
           or (t.building_id is not null and (t.position, t.span) is distinct from (b.lo, b.hi - b.lo))
        """,
        "buildings whose counts differ from their rows",
        "Run `people recount`.",
    ),
)


def checks() -> list[Finding]:
    """Positions, doors, members, exclusion, tallies, sealed values."""
    return [*(_checked(rule) for rule in _RULES), _sealed()]


def _checked(rule: _Rule) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            f"with wrong as materialized ({rule.rows}) select (select count(*) from wrong), array(select * from wrong limit 5)::text[]",
        )
        count, some = cursor.fetchone()
    shown = f" ({', '.join(some)}{', …' if count > len(some) else ''})" if count else ""
    return Finding(rule.check, count == 0, f"{rule.what}: {count}{shown}", rule.mend)


def _sealed() -> Finding:
    wrong = unopened("people_person", keyring())
    return Finding(
        "people.sealed",
        not wrong,
        f"sealed values that do not open: {len(wrong)}" + (f" ({'; '.join(wrong[:5])})" if wrong else ""),
        "Restore the keyring file that belongs to this database.",
    )
