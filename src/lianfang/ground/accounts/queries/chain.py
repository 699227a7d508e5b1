"""The chain of responsibility (责任链): who answers for every door on a day, the gaps and the overlaps.

All take ranges of positions, as they were on the day, and a day (today). A day is seen as it ended: what was revoked in its course
held no more; today is seen as of now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from lianfang.ground.accounts.chain_types import (
    ChainLink,
    CommunityCoverage,
    Coverage,
    Flaw,
    FlawedDoor,
    FlawGroup,
    Holder,
    LinkCount,
)
from lianfang.ground.accounts.queries import chain_sql as sql
from lianfang.ground.accounts.rules.chain import BY_ROLE, LINKS, bit, mask
from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.db import rows
from lianfang.kernel.ids import AccountId, AreaId, GrantId, PlaceId
from lianfang.kernel.ranges import Range, merged

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_UPPER = (Level.STREET, Level.COUNTY, Level.CITY)
_PER_LINK = 3
_NOTHING = (0,) * (4 + _PER_LINK * len(LINKS))


def _ask(statement: str, ranges: Sequence[Range], on: date | None, **more: Any) -> list[tuple[Any, ...]]:
    day = on or clock.today()
    values = {
        "day": day,
        "ends": min(clock.day_bounds(day)[1], clock.now()) if day <= clock.today() else clock.day_bounds(day)[1],
        "lo": [piece.lo for piece in ranges],
        "hi": [piece.hi for piece in ranges],
        "ends_of": [end for piece in ranges for end in (piece.lo, piece.hi)],
        **more,
    }
    return rows(statement, values)


def coverage(ranges: Sequence[Range], on: date | None = None) -> Coverage:
    """How the chain stands over all doors in some ranges."""
    return coverage_each([ranges], on)[0]


def coverage_each(many: Sequence[Sequence[Range]], on: date | None = None) -> list[Coverage]:
    """The same for several lists of ranges side by side, in one query."""
    pieces = [(number, piece) for number, ranges in enumerate(many) for piece in merged(ranges)]
    found = dict.fromkeys(range(len(many)), _coverage(_NOTHING))
    each = {
        "no": [number for number, _ in pieces],
        "each_lo": [piece.lo for _, piece in pieces],
        "each_hi": [piece.hi for _, piece in pieces],
        "ends_of": sorted({end for _, piece in pieces for end in (piece.lo, piece.hi)}),
    }
    found |= {row[0]: _coverage(row[1:]) for row in _ask(sql.EACH, merged([piece for _, piece in pieces]), on, **each)}
    return list(found.values())


def _coverage(row: Sequence[int]) -> Coverage:
    doors, covered, overlaps, unled, *rest = row
    links = tuple(LinkCount(link.role, *rest[_PER_LINK * number : _PER_LINK * (number + 1)]) for number, link in enumerate(LINKS))
    return Coverage(doors, covered, overlaps, unled, links)


def together(found: Sequence[CommunityCoverage]) -> Coverage:
    """The communities summed up: what `coverage` says of them all, without looking at every door a second time."""
    each = [one.coverage for one in found]
    links = tuple(
        LinkCount(
            link.role,
            sum(one.links[at].expected for one in each),
            sum(one.links[at].gaps for one in each),
            sum(one.links[at].overlaps for one in each),
        )
        for at, link in enumerate(LINKS)
    )
    return Coverage(
        sum(one.doors for one in each),
        sum(one.covered for one in each),
        sum(one.overlaps for one in each),
        sum(one.without_leader for one in each),
        links,
    )


def coverage_by_community(ranges: Sequence[Range], on: date | None = None) -> list[CommunityCoverage]:
    """The same for each community that has doors there, street by street."""
    return [CommunityCoverage(PlaceId(row[2]), row[0], row[1], _coverage(row[3:])) for row in _ask(sql.BY_COMMUNITY, ranges, on)]


def flaw_groups(ranges: Sequence[Range], on: date | None = None) -> list[FlawGroup]:
    """Gaps and overlaps as people think of them, gaps first, each link from the door upwards and in walking order."""
    rows = _ask(sql.GROUPS, ranges, on)
    found: list[FlawGroup] = []
    holders = _ask(sql.HOLDERS, ranges, on) if rows else []
    upper: dict[tuple[int, str], list[int]] = {}
    for link, gaps, overlaps, doors, first, last, area_id, name, place_id, level, lo, _hi, within, within_level in rows:
        role = LINKS[link - 1].role
        if LINKS[link - 1].named_by in _UPPER:
            # Offices above the community: their gap is named by the division they belong to, whatever the community.
            sums = upper.setdefault((link, f"{lo}"), [0, 0])
            sums[0] += gaps
            sums[1] += doors
            continue
        around = within if level in {Level.UNIT, Level.BUILDING} and within_level == Level.BUILDING else ""
        group = FlawGroup(
            role,
            Flaw.GAP,
            PlaceId(place_id) if place_id else None,
            AreaId(area_id) if area_id else None,
            name,
            around,
            gaps,
            doors,
        )
        if gaps:
            found.append(group)
        if overlaps:
            names = sorted({held[2] for held in holders if held[0] == link and held[3] <= last and held[4] > first})
            found.append(replace(group, flaw=Flaw.OVERLAP, doors=overlaps, holders=tuple(names)))
    found += _upper_gaps(upper, ranges, on)
    return sorted(found, key=lambda group: group.flaw is Flaw.OVERLAP)


def _upper_gaps(sums: dict[tuple[int, str], list[int]], ranges: Sequence[Range], on: date | None) -> list[FlawGroup]:
    """Gaps of street, district and city offices, one for each division."""
    if not sums:
        return []
    divisions = [(row[0], row[1], row[2], Range(row[3], row[4])) for row in _ask(sql.UPPER, ranges, on)]
    grouped: dict[tuple[int, Any], FlawGroup] = {}
    for (link, lo), (gaps, doors) in sums.items():
        named_by = LINKS[link - 1].named_by
        above = next((one for one in divisions if one[1] == named_by and one[3].has(int(lo))), None)
        if above is None:
            continue
        known = grouped.get((link, above[0]))
        grouped[link, above[0]] = FlawGroup(
            LINKS[link - 1].role,
            Flaw.GAP,
            PlaceId(above[0]),
            None,
            above[2],
            "",
            gaps + (known.doors if known else 0),
            doors + (known.out_of if known else 0),
        )
    return [grouped[key] for key in sorted(grouped, key=lambda key: key[0])]


def flawed_doors(
    ranges: Sequence[Range],
    on: date | None = None,
    *,
    roles: Sequence[Role] = (),
    flaws: Collection[Flaw] = tuple(Flaw),
    after: int = -1,
    limit: int = 200,
) -> list[FlawedDoor]:
    """Doors with a gap or an overlap (of some links), by position beyond that of the last one seen."""
    bits = mask(tuple(roles) or tuple(BY_ROLE))
    wanted = {"gap_bits": bits if Flaw.GAP in flaws else 0, "twice_bits": bits if Flaw.OVERLAP in flaws else 0}
    rows = _ask(sql.LISTED, ranges, on, **wanted, after=after, limit=limit)
    return [FlawedDoor(PlaceId(row[0]), row[1], row[2], _roles(row[3]), _roles(row[4])) for row in rows]


def _roles(bits: int) -> tuple[Role, ...]:
    return tuple(link.role for link in LINKS if bits & bit(link.role))


def holders(ranges: Sequence[Range], on: date | None = None) -> list[Holder]:
    """Everybody who holds a role over anything inside the ranges, or over all of them from above; nearest to the door first."""
    return _held(_ask(sql.GRANTS, ranges, on))


def answering(place: Place) -> list[Holder]:
    """Who answers for a place today, nearest to the door first: for all of it, or for a part of it.

    Of a street or anything above it only what is given over the place, the places above it and those right below it. Volunteers answer for
    nothing.
    """
    if place.at_level.depth < Level.COMMUNITY.depth:
        found = _held(_ask(sql.GRANTS_NEAR, [place.range], None, here=place.id))
    else:
        found = holders([place.range])
    return [one for one in found if one.role is not Role.VOLUNTEER and one.ranges]


def answering_for(place: Place) -> list[Holder]:
    """Those of them who answer for all of a place."""
    return [one for one in answering(place) if one.answers_for(place.range)]


def in_office(role: Role, asked: Sequence[Range]) -> list[AccountId | None]:
    """Who holds an office over all of each range today, whoever `answering_for` names first: for thousands of places in one question."""
    by_piece: dict[Range, list[Holder]] = {}
    for one in holders(merged(asked)):
        if one.role is role:
            for piece in one.ranges:
                by_piece.setdefault(piece, []).append(one)
    # Most hold exactly such a place; whoever holds more of the ground is looked for among the few who do.
    exactly, starts = set(asked), sorted(piece.lo for piece in asked)
    wider = {
        piece: rows for piece, rows in by_piece.items()
        if piece not in exactly or bisect_left(starts, piece.hi) - bisect_left(starts, piece.lo) > 1
    }  # fmt: skip
    found = []
    for piece in asked:
        rows = [*by_piece.get(piece, ()), *(row for over, some in wider.items() if over.holds(piece) for row in some)]
        first = min(rows, key=lambda one: (one.ordinal, one.ranges[:1], one.scope_name, one.valid_from, one.grant_id), default=None)
        found.append(first.account_id if first else None)
    return found


def _held(rows: Sequence[Sequence[Any]]) -> list[Holder]:
    found = [
        Holder(
            GrantId(row[0]),
            Role(row[1]),
            AccountId(row[2]),
            row[3],
            row[4],
            PlaceId(row[5]) if row[5] else None,
            AreaId(row[6]) if row[6] else None,
            row[7],
            row[8],
            row[9],
            tuple(Range(lo, hi) for lo, hi in zip(row[10], row[11], strict=True)),
            row[12],
            row[13],
        )
        for row in rows
        if row[1] in CHAIN
    ]
    return sorted(
        found, key=lambda one: (-CHAIN.index(one.role), one.ordinal, one.ranges[:1], one.scope_name, one.valid_from, one.grant_id)
    )


def chain_of(door: Range, on: date | None = None) -> list[ChainLink]:
    """The chain of one door, from the door upwards: every link expected there or held there."""
    there = [one for one in holders([door], on) if one.answers_for(door)]
    rows = _ask(sql.ONE, [door], on)
    wants, twice = rows[0] if rows else (0, 0)
    chain = []
    for link in LINKS:
        held = tuple(one for one in there if one.role is link.role)
        wanted = bool(wants & bit(link.role))
        if wanted or held:
            chain.append(ChainLink(link.role, wanted, held, bool(twice & bit(link.role))))
    return chain
