"""Any grants, areas, exclusions and days: the chain in SQL against a plain count, door by door, that shares nothing with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.ground.accounts import queries
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.types import ScopeKind
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.types import Kind
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from tests.factories.cast import LAYOUT, load_divisions
from tests.fuzzing import examples

TODAY = date(2022, 3, 11)
NOON = datetime.combine(TODAY, time(12), tzinfo=clock.LOCAL)
SINGLE = ("unit_leader", "building_leader", "compound_leader", "group_leader", "grid_worker", "community_secretary")
ROLES = (*SINGLE, "street_duty", "district_command", "city_command", "volunteer")
ACCOUNTS = 4


@dataclass
class Town:
    """Places by number, the highest first; each door with the numbers of all it lies in, itself the last."""

    places: list[Place]
    doors: list[tuple[Place, set[UUID], str, str]]
    accounts: list[UUID]


@pytest.fixture
def town(db: None) -> Town:
    with clock.frozen(NOON - timedelta(days=30)):
        load_divisions()
        community = places.by_code("220106001001")
        laid = laying.lay_out(community.place_id, laying.parse_layout(LAYOUT), by=None)
        house = laying.add_houses(community.place_id, ["东头王家"], by=None)
        shop = laying.add_door(laid.buildings[0], "商1", by=None, kind=Kind.SHOP)
        bench = laying.add_door(laying.open_no_fixed_dwelling(community.place_id, by=None), "桥洞", by=None)
    del house, shop, bench
    everything = [*places.ancestors(community), community]
    doors = []
    below: list[Place] = []
    for building in places.buildings_of(community):
        below.append(building)
        below += [one for one in places.children(building) if one.level == "unit"]
        for door in places.doors_of(building):
            below.append(door)
            path = {one.id for one in [*places.ancestors(door), door]}
            doors.append((door, path, building.kind, door.parent.level if door.parent else ""))
    accounts = [new_id() for _ in range(ACCOUNTS)]
    for number, pk in enumerate(accounts):
        Account.objects.create(id=pk, login=f"w{number}x", name=f"示{number}", name_key="shi", name_initials="s", created_at=NOON)
    return Town([*everything, *below], doors, accounts)


days = st.integers(-4, 3)
spans = st.tuples(days, st.none() | st.integers(1, 5))
which = st.integers(0, 40)
grants = st.lists(
    st.tuples(st.sampled_from(ROLES), which, st.booleans(), st.integers(0, ACCOUNTS - 1), spans, st.none() | days), max_size=14
)
areas = st.lists(
    st.tuples(
        st.sampled_from(["grid", "compound", "ten_households"]),
        st.lists(st.tuples(which, st.booleans(), spans), min_size=1, max_size=4, unique_by=lambda one: one[0]),
        spans,
    ),
    max_size=4,
)


def period(span: tuple[int, int | None]) -> tuple[date, date | None]:
    begins = TODAY + timedelta(days=span[0])
    return begins, None if span[1] is None else begins + timedelta(days=span[1])


def holds(span: tuple[int, int | None], on: date) -> bool:
    begins, ends = period(span)
    return begins <= on and (ends is None or on < ends)


@dataclass
class Drawn:
    """What was drawn, as rows and for the recount."""

    grants: list[tuple[str, Place | int, int, tuple[int, int | None], int | None]]
    areas: list[tuple[str, list[tuple[Place, bool, tuple[int, int | None]]], tuple[int, int | None]]]


def write(town: Town, drawn_grants: list, drawn_areas: list) -> Drawn:  # type: ignore[type-arg]  # what hypothesis draws
    kept = Drawn([], [])
    rows = []
    home = next(one for one in town.places if one.level == "community")
    for number, (kind, members, span) in enumerate(drawn_areas):
        begins, ends = period(span)
        area = Area.objects.create(kind=kind, name=f"片{number}", home=home, valid_from=begins, valid_to=ends)
        chosen = {town.places[at % len(town.places)].id: (town.places[at % len(town.places)], out, held) for at, out, held in members}
        for place, out, held in chosen.values():
            first, last = period(held)
            AreaMember.objects.create(area=area, place=place, excluded=out, valid_from=first, valid_to=last)
        kept.areas.append((kind, list(chosen.values()), span))
        rows.append(area)
    for role, at, over_area, holder, span, revoked in drawn_grants:
        begins, ends = period(span)
        grant = Grant(
            id=new_id(), account_id=town.accounts[holder], role=role, valid_from=begins, valid_to=ends, given_at=NOON,
            revoked_at=None if revoked is None else NOON + timedelta(days=revoked),
        )  # fmt: skip
        scope: Place | int
        if over_area and rows:
            scope = at % len(rows)
            grant.scope, grant.area_id = ScopeKind.AREA, rows[scope].id
        else:
            scope = town.places[at % len(town.places)]
            grant.scope, grant.place_id = ScopeKind.PLACE, scope.id
        grant.save(force_insert=True)
        kept.grants.append((role, scope, holder, span, revoked))
    return kept


def inside(drawn: Drawn, number: int, path: set[UUID], on: date) -> bool:
    """Whether an area holds a door on a day."""
    _kind, members, span = drawn.areas[number]
    taken = any(place.id in path and not out and holds(held, on) for place, out, held in members)
    left = any(place.id in path and out and holds(held, on) for place, out, held in members)
    return holds(span, on) and taken and not left


def standing(revoked: int | None, on: date) -> bool:
    """Whether a grant that is or will be revoked still stands when the day is over, or now."""
    if revoked is None:
        return True
    at = NOON + timedelta(days=revoked)
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=clock.LOCAL)
    return at >= (min(end, NOON) if on <= TODAY else end)


def used(town: Town, drawn: Drawn, role: str, on: date) -> bool:
    """Whether an office was ever given in the county (compound, ten households) or in the city (those of a command)."""
    top = "county" if role in {"compound_leader", "group_leader"} else "city"
    above = {"province", "city"} if top == "county" else {"province"}
    return any(
        named == role and period(span)[0] <= on and (isinstance(scope, int) or scope.level not in above)
        for named, scope, _holder, span, _revoked in drawn.grants
    )


def recount(town: Town, drawn: Drawn, on: date) -> list[tuple[UUID, set[str], set[str]]]:
    """Each door with the links that nobody holds and those that several hold."""
    found = []
    for door, path, building, parent in town.doors:
        held: dict[str, set[int]] = {}
        for role, scope, holder, span, revoked in drawn.grants:
            covers = inside(drawn, scope, path, on) if isinstance(scope, int) else scope.id in path
            if covers and holds(span, on) and standing(revoked, on):
                held.setdefault(role, set()).add(holder)
        kinds = {drawn.areas[number][0] for number in range(len(drawn.areas)) if inside(drawn, number, path, on)}
        wanted = {"grid_worker", "community_secretary"}
        if building == "building":
            wanted.add("building_leader")
            if parent == "unit" and door.kind == "dwelling":
                wanted.add("unit_leader")
        if building != "no_fixed" and "compound" in kinds and used(town, drawn, "compound_leader", on):
            wanted.add("compound_leader")
        if building != "no_fixed" and "ten_households" in kinds and used(town, drawn, "group_leader", on):
            wanted.add("group_leader")
        wanted |= {role for role in ("street_duty", "district_command", "city_command") if used(town, drawn, role, on)}
        missing = {role for role in wanted if not held.get(role)}
        found.append((door.id, missing, {role for role in wanted if role in SINGLE and len(held.get(role, ())) > 1}))
    return found


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn_grants=grants, drawn_areas=areas, day=days)
def test_sql_and_a_plain_recount_agree(town: Town, drawn_grants: list, drawn_areas: list, day: int) -> None:  # type: ignore[type-arg]  # what hypothesis draws
    on = TODAY + timedelta(days=day)
    ranges = [next(one for one in town.places if one.level == "community").range]
    with clock.frozen(NOON), transaction.atomic():
        drawn = write(town, drawn_grants, drawn_areas)
        counted = recount(town, drawn, on)
        whole = queries.coverage(ranges, on)
        assert whole.doors == len(counted)
        assert whole.covered == sum(not missing for _door, missing, _twice in counted)
        assert whole.overlaps == sum(bool(twice) for _door, _missing, twice in counted)
        listed = {one.place_id: (set(one.gaps), set(one.overlaps)) for one in queries.flawed_doors(ranges, on)}
        assert listed == {door: (missing, twice) for door, missing, twice in counted if missing or twice}
        groups = queries.flaw_groups(ranges, on)
        for link in whole.links:
            assert link.gaps == sum(group.doors for group in groups if group.role == link.role and group.flaw == "gap")
            assert link.overlaps == sum(group.doors for group in groups if group.role == link.role and group.flaw == "overlap")
        assert whole.without_leader == sum(bool(missing & {"unit_leader", "building_leader"}) for _door, missing, _twice in counted)
        [one] = queries.coverage_by_community(ranges, on)
        assert queries.together([one]) == one.coverage
        assert queries.together([one, one]).links[0].expected == 2 * one.coverage.links[0].expected
        assert one.coverage == whole
        third = {place.id for place, *_rest in town.doors[::3]}
        [some, nothing] = queries.coverage_each([[place.range for place, *_rest in town.doors[::3]], []], on)
        counts = [(missing, twice) for door, missing, twice in counted if door in third]
        assert (some.doors, some.covered) == (len(counts), sum(not missing for missing, _twice in counts))
        assert nothing.doors == 0
        place = town.places[day % 5]
        inside = {one.grant_id for one in queries.holders([place.range]) if one.answers_for(place.range) and one.role != "volunteer"}
        assert {one.grant_id for one in queries.answering_for(place)} == inside
        for door, _path, _building, _parent in town.doors[::4]:
            chain = queries.chain_of(door.range, on)
            missing, twice = next((gaps, overlaps) for place, gaps, overlaps in counted if place == door.id)
            assert {link.role.value for link in chain if link.flaw == "gap"} == missing
            assert {link.role.value for link in chain if link.flaw == "overlap"} == twice
        transaction.set_rollback(True)


def test_as_many_queries_for_a_city_as_for_a_unit(town: Town) -> None:
    counts = set()
    for level in ("unit", "community", "city"):
        place = next(one for one in town.places if one.level == level)
        with CaptureQueriesContext(connection) as asked:
            queries.coverage([place.range])
            queries.flaw_groups([place.range])
        counts.add(len(asked))
    assert counts == {3}
