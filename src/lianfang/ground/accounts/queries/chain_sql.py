"""SQL of the chain of responsibility: the doors of some ranges on a day, each with what answers for it and what is missing.

One sweep: the ends of everything that somebody holds, and the doors, in the order of their positions; a running sum says at each
door how many people hold each link there. Nothing is joined door by door, so that the time grows with doors and grants added,
not multiplied. Parameters: %(day)s, %(ends)s (the moment at which the day is looked at), %(lo)s and %(hi)s (the ranges).
"""

from __future__ import annotations

from lianfang.ground.accounts.rules.chain import LINKS, Link, bit, expected, kinds_of_doors, mask
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.places.types import AreaKind

AREAS = (AreaKind.TEN_HOUSEHOLDS, AreaKind.COMPOUND, AreaKind.GRID)
_AREA_AT, _USED_AT = 100, 200  # what an end in the sweep belongs to: a link, a kind of area, a division where a link is in use
_COLUMNS = "{0}.id, {0}.level, {0}.kind, {1}.name, {1}.parent_id, {1}.lo, {1}.hi, {0}.ordinal"
_HERE, _PAST = _COLUMNS.format("p", "p"), _COLUMNS.format("p", "w")
_NOW = "p.since <= %(day)s and coalesce(p.valid_to > %(day)s, true)"
_THEN = "w.valid_from <= %(day)s and w.valid_to > %(day)s"

_DOOR = "d.since <= %(day)s and coalesce(d.valid_to > %(day)s, true)"


def _doors_of(ranges: str) -> tuple[str, str]:
    """The doors that stood in some ranges on the day: those that stand there still, and those that stood there then."""
    return (
        f"""
    select d.id, d.kind, d.name, d.parent_id, d.lo, d.hi from {ranges} r join places_place d on d.level = 'door' and d.lo >= r.lo and d.lo < r.hi
    where {_DOOR}""",
        f"""
    select d.id, d.kind, w.name, w.parent_id, w.lo, w.hi from {ranges} r join places_placepast w on w.level = 'door' and w.lo >= r.lo and w.lo < r.hi
    join places_place d on d.id = w.place_id where {_THEN}
""",
    )


DOORS_THEN = " union all ".join(_doors_of("wanted"))
_INSIDE = f"""
    select {_HERE} from wanted r join places_place p on p.level <> 'door' and p.lo >= r.lo and p.lo < r.hi where {_NOW}
    union all
    select {_PAST} from wanted r join places_placepast w on w.level <> 'door' and w.lo >= r.lo and w.lo < r.hi
    join places_place p on p.id = w.place_id where {_THEN}
"""
_WHOLE = " union all ".join(
    f"""
    select d.parent_id, d.kind, count(*) as doors, min(d.lo) as lo, max(d.lo) as last, bool_or(d.id in (select n.place_id from named n)) as some_own
    from ({doors}) d group by d.parent_id, d.kind"""
    for doors in _doors_of("wanted")
)
_LOOSE = f"""
    select d.* from ({" union all ".join(_doors_of("(select lo, last + 1 as hi from whole where parent_id in (select c.parent_id from cut c))"))}) d
    where d.parent_id in (select c.parent_id from cut c) and exists (select from wanted r where d.lo >= r.lo and d.lo < r.hi)
    group by d.id, d.kind, d.name, d.parent_id, d.lo, d.hi
"""
_OWN = "select l.* from loose l where l.id in (select n.place_id from named n)"
_FIRST = f"""
    union
    select f.parent_id from wanted r cross join lateral (
        select d.parent_id from places_place d where d.level = 'door' and d.lo >= r.lo and d.lo < r.hi and {_DOOR} order by d.lo limit 1) f
    union
    select f.parent_id from wanted r cross join lateral (
        select w.parent_id from places_placepast w where w.level = 'door' and w.lo >= r.lo and w.lo < r.hi and {_THEN} order by w.lo limit 1) f
"""
_STEP = f"""
    select {_HERE} from places_place p where (p.id = %(here)s or p.parent_id = %(here)s) and p.level <> 'door' and {_NOW}
"""
_NONE = "select d.id, d.kind, d.name, d.parent_id, d.lo, d.hi from places_place d where false"
_LEFT_OUT = f"""
    union all
    select p.id, p.level, p.lo, p.hi from places_areamember m join places_place p on p.id = m.place_id
    join wanted r on p.lo >= r.lo and p.lo < r.hi where m.excluded and {_NOW}
"""


def _stood(inside: str, own: str, first: str = "", also: str = "") -> str:
    """What stood on the day: the places `inside`, the doors that are `own`, and everything above them and the `first` doors."""
    return f"""
with recursive wanted(lo, hi) as materialized (select * from unnest(%(lo)s::bigint[], %(hi)s::bigint[])),
inside as materialized ({inside}),
named as materialized (
    select g.place_id from accounts_grant g where g.place_id is not null union select m.place_id from places_areamember m
    except select i.id from inside i),
whole as materialized (
    select parent_id, kind, sum(doors)::bigint as doors, min(lo) as lo, max(last) as last, bool_or(some_own) as some_own
    from ({_WHOLE}) w group by parent_id, kind
),
parents as (
    select parent_id from inside{first}),
above(id, level, kind, name, parent_id, lo, hi, ordinal) as (
    select s.* from (select i.parent_id from parents i where not exists (select from inside o where o.id = i.parent_id)) start
    join lateral (
        select {_HERE} from places_place p where p.id = start.parent_id and {_NOW}
        union all
        select {_PAST} from places_placepast w join places_place p on p.id = w.place_id where w.place_id = start.parent_id and {_THEN}
    ) s on true
    union
    select s.* from above a join lateral (
        select {_HERE} from places_place p where p.id = a.parent_id and {_NOW}
        union all
        select {_PAST} from places_placepast w join places_place p on p.id = w.place_id where w.place_id = a.parent_id and {_THEN}
    ) s on true
),
tree as materialized (select * from inside union all select a.* from above a where not exists (select from inside o where o.id = a.id)),
cut as materialized (
    select parent_id from whole where some_own
    union
    select t.id from tree t join unnest(%(ends_of)s::bigint[]) e on t.lo < e and e < t.hi where t.level in ('building', 'unit')
),
loose as materialized ({_LOOSE}),
own as materialized ({own}),
stood as materialized (
    select id, level, lo, hi from tree union all select o.id, 'door', o.lo, o.hi from own o{also}
),
pieces as materialized (
    select a.id, a.kind, a.name,
           coalesce(range_agg(int8range(s.lo, s.hi)) filter (where not m.excluded), '{{}}'::int8multirange)
         - coalesce(range_agg(int8range(s.lo, s.hi)) filter (where m.excluded), '{{}}'::int8multirange) as pieces
    from places_areamember m join stood s on s.id = m.place_id join places_area a on a.id = m.area_id
    where m.valid_from <= %(day)s and coalesce(m.valid_to > %(day)s, true)
      and a.valid_from <= %(day)s and coalesce(a.valid_to > %(day)s, true)
    group by a.id, a.kind, a.name
)
"""


STOOD = _stood(_INSIDE, _OWN, _FIRST)
"""CTEs: `tree`, the places above doors inside the ranges and above them as they stood on the day; `whole`, their doors by kind as they lie side
by side, read once; `own`, the doors that something is given over or made of by themselves; `stood`, tree and own; `pieces`, the areas among them."""
NEAR = _stood(_STEP, _NONE, also=_LEFT_OUT)
"""The same for one place and what lies right below it (%(here)s), today: of a city that is few, where everything inside it is much."""

IN_FORCE = """g.valid_from <= %(day)s and coalesce(g.valid_to > %(day)s, true) and coalesce(g.revoked_at >= %(ends)s, true)
      and coalesce(a.closed_at >= %(ends)s, true)"""
"""Whether a grant `g` of an account `a` holds on the day."""


def _number(link: Link) -> int:
    return LINKS.index(link) + 1


_ROLES = ", ".join(f"('{link.role.value}', {_number(link)})" for link in LINKS)
HELD = f"""
links(role, link) as (values {_ROLES}),
held as materialized (
    select l.link, g.account_id, unnest(range_agg(g.piece)) as piece
    from (
        select g.role, g.account_id, int8range(s.lo, s.hi) as piece
        from stood s join accounts_grant g on g.place_id = s.id join accounts_account a on a.id = g.account_id where {IN_FORCE}
        union all
        select g.role, g.account_id, unnest(p.pieces)
        from pieces p join accounts_grant g on g.area_id = p.id join accounts_account a on a.id = g.account_id where {IN_FORCE}
    ) g join links l on l.role = g.role
    group by l.link, g.account_id
)
"""
"""CTE `held`: who holds each link where, once for each account."""

_USED = " union all ".join(
    f"""select {_USED_AT + _number(link)}, int8range(d.lo, d.hi) from tree d
    where d.level = '{link.used_in.value}' and exists (select from offices o where o.role = '{link.role.value}' and o.lo >= d.lo and o.lo < d.hi)"""
    for link in LINKS
    if link.used_in is not None
)
_OFFICES = ", ".join(f"'{link.role.value}'" for link in LINKS if link.used_in is not None)
_EXPECTS = ", ".join(
    f"('{kind.door.value} {str(kind.in_unit).lower()} {kind.building.value} {kind.community.value}', {mask(expected(kind))})"
    for kind in kinds_of_doors()
)


def _running(name: str, of: int, what: str = "step") -> str:
    return f"coalesce(sum({what}) filter (where belongs = {of}) over sweep, 0) as {name}"


_SUMS = ",\n           ".join(
    [
        *(_running(f"held{_number(link)}", _number(link)) for link in LINKS),
        *(_running(f"used{_number(link)}", _USED_AT + _number(link)) for link in LINKS if link.used_in is not None),
        *(_running(f"areas{at}", _AREA_AT + at) for at in range(len(AREAS))),
        *(_running(f"area{at}", _AREA_AT + at, "step * number") for at in range(len(AREAS))),
    ]
)


def _not_here() -> str:
    """The links that a door of a kind that expects them does not need where it lies."""
    parts = []
    for link in LINKS:
        lacking = []
        if link.only_in_area and link.area is not None:
            lacking.append(f"areas{AREAS.index(link.area)} = 0")
        if link.used_in is not None:
            lacking.append(f"used{_number(link)} = 0")
        if lacking:
            parts.append(f"case when {' or '.join(lacking)} then {bit(link.role)} else 0 end")
    return " | ".join(parts)


_MISSING = " | ".join(f"case when held{_number(link)} = 0 then {bit(link.role)} else 0 end" for link in LINKS)
_TWICE = " | ".join(f"case when held{_number(link)} > 1 then {bit(link.role)} else 0 end" for link in LINKS if link.single)

DOORS = f"""
expects(kinds, mask) as (values {_EXPECTS}),
offices as materialized (
    select distinct g.role, p.lo from accounts_grant g left join places_area h on h.id = g.area_id
    join places_place p on p.id = coalesce(g.place_id, h.home_id)
    where g.role in ({_OFFICES}) and g.valid_from <= %(day)s
),
alike as (
    select w.parent_id, w.kind, w.doors, w.lo, w.last, null::uuid as id from whole w where w.parent_id not in (select c.parent_id from cut c)
    union all
    select l.parent_id, l.kind, 1, l.lo, l.lo, l.id from loose l
),
doors as (
    select d.*, e.mask
    from (
        select d.*, b.id as building_id, c.id as community_id, concat_ws(' ', d.kind, (u.level = 'unit')::text, b.kind, c.kind) as kinds
        from alike d
        join tree u on u.id = d.parent_id
        join tree b on b.id = case when u.level = 'unit' then u.parent_id else u.id end
        join tree c on c.id = b.parent_id
        offset 0
    ) d
    join expects e on e.kinds = d.kinds
),
numbered as (select row_number() over () as number, p.* from pieces p where p.kind in ({", ".join(f"'{kind.value}'" for kind in AREAS)})),
spans(belongs, span, number) as (
    select link, piece, 1 from held
    union all
    select {_AREA_AT} + array_position(array[{", ".join(f"'{kind.value}'" for kind in AREAS)}], n.kind::text) - 1, unnest(n.pieces), n.number from numbered n
    union all
    select u.*, 1 from ({_USED}) u
),
line as (
    select lower(span) as at, false as is_door, belongs, 1 as step, number, null::uuid as id, null::bigint as last, null::bigint as doors, null::text as kind,
           null::uuid as parent_id, null::uuid as building_id, null::uuid as community_id, 0 as mask from spans
    union all
    select upper(span), false, belongs, -1, number, null, null, null, null, null, null, null, 0 from spans
    union all
    select lo, true, 0, 0, 0, id, last, doors, kind, parent_id, building_id, community_id, mask from doors
),
swept as (
    select at as lo, is_door, id, last, doors, kind, parent_id, building_id, community_id, mask,
           {_SUMS}
    from line window sweep as (order by at, is_door rows unbounded preceding)
),
needed as (select s.*, s.mask & ~({_not_here()}) as wants from swept s where s.is_door),
seen as (select n.*, n.wants & ({_MISSING}) as missing, n.wants & ({_TWICE}) as twice from needed n)
"""
"""CTE `seen`: doors with the links they want, those nobody holds (`missing`) and those that several hold (`twice`).

Doors of one kind side by side in a unit are alike, and stand in one row with their number (`doors`), as long as nothing is given over one
of them by itself, and no range asked for ends among them: what covers one of them covers what is around it. A city has twenty times fewer such rows than doors.
"""

SEEN = STOOD + "," + HELD + "," + DOORS

_PER_LINK = ",\n       ".join(
    f"coalesce(sum(doors) filter (where {column} & {bit(link.role)} <> 0), 0)::bigint"
    for link in LINKS
    for column in ("wants", "missing", "twice")
)
LEADERS = bit(Role.UNIT_LEADER) | bit(Role.BUILDING_LEADER)
COUNTS = f"""coalesce(sum(doors), 0)::bigint, coalesce(sum(doors) filter (where missing = 0), 0)::bigint,
       coalesce(sum(doors) filter (where twice <> 0), 0)::bigint,
       coalesce(sum(doors) filter (where missing & {LEADERS} <> 0), 0)::bigint,
       {_PER_LINK}"""
EACH = f"""{SEEN}
select w.no, {COUNTS} from seen s join unnest(%(no)s::int[], %(each_lo)s::bigint[], %(each_hi)s::bigint[]) w(no, from_lo, to_hi)
on s.lo >= w.from_lo and s.lo < w.to_hi group by w.no"""
BY_COMMUNITY = f"""{SEEN}, counted as (select community_id, {COUNTS} from seen group by community_id)
select c.name, s.name, n.* from counted n join tree c on c.id = n.community_id join tree s on s.id = c.parent_id order by s.lo, c.lo"""


def _group_rows() -> str:
    """For each link the number of the area or the id of the place that names its gap."""
    rows = []
    for link in LINKS:
        place = {"unit": "parent_id", "building": "building_id"}.get(link.named_by.value, "community_id")
        area = "null"
        if link.area is not None:
            at = AREAS.index(link.area)
            area = f"case when areas{at} = 1 then area{at} end"
            place = f"case when areas{at} = 1 then null else {place} end"
        rows.append(f"({_number(link)}, {bit(link.role)}, {place}, ({area})::bigint)")
    return ", ".join(rows)


GROUPS = f"""{SEEN},
grouped as (
    select k.link, k.place_id, k.area, sum(s.doors)::bigint as doors,
           coalesce(sum(s.doors) filter (where s.missing & k.bit <> 0), 0)::bigint as gaps,
           coalesce(sum(s.doors) filter (where s.twice & k.bit <> 0), 0)::bigint as overlaps,
           min(s.lo) filter (where s.twice & k.bit <> 0) as first, max(s.last) filter (where s.twice & k.bit <> 0) as last
    from seen s cross join lateral (values {_group_rows()}) k(link, bit, place_id, area)
    where s.wants & k.bit <> 0
    group by k.link, k.place_id, k.area
    having bool_or((s.missing | s.twice) & k.bit <> 0)
)
select g.link, g.gaps, g.overlaps, g.doors, g.first, g.last, n.id, coalesce(n.name, s.name), s.id, s.level, s.lo, s.hi, u.name, u.level
from grouped g left join numbered n on n.number = g.area left join tree s on s.id = g.place_id left join tree u on u.id = s.parent_id
order by g.link, u.ordinal nulls first, u.lo, s.ordinal, s.lo, n.name
"""
UPPER = f"{STOOD} select id, level, name, lo, hi from tree where level in ('street', 'county', 'city')"
HOLDERS = f"""{STOOD}, {HELD}
select h.link, h.account_id, a.name, lower(h.piece), upper(h.piece) from held h join accounts_account a on a.id = h.account_id"""
LISTED = f"""{SEEN}
select d.id, d.name, d.lo, s.missing, s.twice
from (select * from seen where ((missing & %(gap_bits)s) | (twice & %(twice_bits)s)) <> 0) s
join ({DOORS_THEN}) d on d.parent_id = s.parent_id and d.kind = s.kind and (s.id is null or s.id = d.id)
where d.lo > %(after)s order by d.lo limit %(limit)s"""
ONE = f"{SEEN} select wants, twice from seen"
_GRANTS = f"""
select g.id, g.role, g.account_id, a.name, a.phone_sealed is not null, s.id, null::uuid, s.name, s.level, s.ordinal, array[s.lo], array[s.hi],
       g.valid_from, g.valid_to
from (select id, name, level, ordinal, lo, hi from tree union all select id, name, 'door', 0, lo, hi from own) s join accounts_grant g on g.place_id = s.id join accounts_account a on a.id = g.account_id where {IN_FORCE}
union all
select g.id, g.role, g.account_id, a.name, a.phone_sealed is not null, null, p.id, p.name, p.kind, 0,
       array(select lower(x) from unnest(p.pieces) x), array(select upper(x) from unnest(p.pieces) x), g.valid_from, g.valid_to
from pieces p join accounts_grant g on g.area_id = p.id join accounts_account a on a.id = g.account_id where {IN_FORCE}
"""
GRANTS = STOOD + _GRANTS
GRANTS_NEAR = NEAR + _GRANTS
