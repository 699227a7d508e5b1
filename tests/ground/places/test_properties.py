"""Whatever lists come in whatever order, and whatever is moved, laid out and ended: positions stay nested, apart, and given once."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.queries import soundness
from lianfang.ground.places.types import AreaKind, Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from tests.fuzzing import examples
from tests.ground.places.conftest import listing

pytestmark = pytest.mark.django_db

NAMES = ["和平", "新月", "光明", "东风", "幸福"]
COUNTIES = ["220101", "220102", "220201", "230101"]  # of two provinces
STREETS = ["001", "002", "100"]
COMMUNITIES = ["001", "002", "200", "201"]
DAYS = [date(year, 6, 30) for year in range(2018, 2025)]

community_name = st.builds(lambda name, end: name + end, st.sampled_from(NAMES), st.sampled_from(["社区", "社区居委会", "村委会"]))


@st.composite
def official_list(draw: st.DrawFn) -> str:
    counties = draw(st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=3, unique=True))
    codes = [
        county + street + community
        for county in counties
        for street in draw(st.lists(st.sampled_from(STREETS), min_size=1, max_size=3, unique=True))
        for community in draw(st.lists(st.sampled_from(COMMUNITIES), min_size=1, max_size=4, unique=True))
    ]
    rows = [(code, draw(community_name)) for code in codes]
    streets = {code[:9]: draw(st.sampled_from(NAMES)) + "街道" for code in codes}
    named = {county: draw(st.sampled_from(NAMES)) + "县" for county in counties}
    return listing(rows, streets=streets, counties=named)


load = st.tuples(st.just("load"), st.sampled_from(DAYS), official_list())
pick = st.integers(min_value=0, max_value=10_000)
change = st.one_of(
    st.tuples(st.just("move"), pick, pick),
    st.tuples(st.just("lay_out"), pick, st.integers(min_value=1, max_value=3)),
    st.tuples(st.just("area"), pick, pick),
    st.tuples(st.just("end"), pick, pick),
    st.tuples(st.just("rename"), pick, st.sampled_from(NAMES)),
    st.tuples(st.just("merge"), pick, pick),
)
# Every step is done on some day, as days go by: buildings may stand before a list moves their community, whether the list is of
# that time or of years before.
dated = st.tuples(st.sampled_from(DAYS), st.one_of(load, load, change))
first = st.tuples(st.just(DAYS[0]), load)
history = st.tuples(first, st.lists(dated, min_size=3, max_size=12)).map(
    lambda drawn: [drawn[0], *sorted(drawn[1], key=lambda step: step[0])]
)


Owners = dict[tuple[str, int], UUID]


def one_of(found: list[Place], number: int) -> Place | None:
    return found[number % len(found)] if found else None


def live(*levels: Level) -> list[Place]:
    return list(Place.objects.filter(level__in=levels, valid_to=None).order_by("lo", "level"))


def perform(step: tuple[object, ...], folder: Path) -> None:
    match step:
        case ("load", date() as drawn, str() as text):
            day = min(drawn, clock.today())
            path = folder / f"list_{day.isoformat()}.csv"
            path.write_text(text, encoding="utf-8")
            commands.load_divisions([path])
        case ("move", int() as which, int() as where):
            place = one_of(live(Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.BUILDING), which)
            if place is not None and place.parent is not None and (parent := one_of(live(place.parent.at_level), where)):
                commands.move(place.place_id, parent.place_id, by=None)
        case ("lay_out", int() as which, int() as count):
            if community := one_of(live(Level.COMMUNITY), which):
                commands.lay_out(community.place_id, commands.parse_layout(f"{count}栋，2个单元，2层，每层2户"), by=None)
        case ("area", int() as which, int() as other):
            if (home := one_of(live(Level.COMMUNITY), which)) and (out := one_of(live(*Level), other)):
                commands.found_area(AreaKind.GRID, f"第{which}网格", home.place_id, [home.place_id], by=None, excluded=[out.place_id])
        case ("end", int() as which, _):
            if place := one_of(live(Level.DOOR, Level.UNIT, Level.BUILDING, Level.COMMUNITY), which):
                commands.end(place.place_id, by=None)
        case ("rename", int() as which, str() as name):
            if place := one_of(live(*Level), which):
                commands.rename(place.place_id, name, by=None)
        case ("merge", int() as which, int() as other):
            if (old := one_of(live(Level.COMMUNITY), which)) and (new := one_of(live(Level.COMMUNITY), other)):
                commands.merge_communities(old.place_id, new.place_id, by=None)


def everything() -> Iterator[tuple[UUID, str, int, int, UUID | None, date, date | None]]:
    """All states of all places, read plainly: id, level, lo, hi, parent, from, to."""
    with connection.cursor() as cursor:
        cursor.execute("select id, level, lo, hi, parent_id, since, valid_to from places_place")
        yield from cursor.fetchall()
        cursor.execute("select place_id, level, lo, hi, parent_id, valid_from, valid_to from places_placepast")
        yield from cursor.fetchall()


def check(owners: Owners) -> None:
    """The plain recount: it knows nothing of how positions are chosen, and remembers whose each number ever was."""
    states = list(everything())
    for place_id, level, lo, *_ in states:
        assert owners.setdefault((level, lo), place_id) == place_id, "a position went to another place"
    for day in (*DAYS, date(2026, 11, 21)):
        there = {row[0]: row for row in states if row[5] <= day and (row[6] is None or day < row[6])}
        by_level: dict[str, list[tuple[int, int]]] = {}
        for _, level, lo, hi, parent, *_rest in there.values():
            by_level.setdefault(level, []).append((lo, hi))
            if parent is not None and parent in there:
                assert there[parent][2] <= lo < hi <= there[parent][3], "a place lies outside its parent"
        for ranges in by_level.values():
            ranges.sort()
            assert all(one[1] <= other[0] for one, other in itertools.pairwise(ranges)), "two places share numbers"
    check_lives(states)
    check_areas({row[0]: (row[2], row[3]) for row in states if row[6] is None})


def check_lives(states: list[tuple[UUID, str, int, int, UUID | None, date, date | None]]) -> None:
    """Nothing of a life is lost: from its first day on every day has its state."""
    with connection.cursor() as cursor:
        cursor.execute("select id, valid_from from places_place")
        begun = dict(cursor.fetchall())
    days: dict[UUID, list[tuple[date, date | None]]] = {}
    for place_id, _, _, _, _, start, end in states:
        if start != end:
            days.setdefault(place_id, []).append((start, end))
    for place_id, stretches in days.items():
        stretches.sort(key=lambda stretch: stretch[0])
        assert stretches[0][0] == begun[place_id], "the first days of a place are lost"
        assert all(one[1] == other[0] for one, other in itertools.pairwise(stretches)), "days of a place are lost"


def check_areas(ranges: dict[UUID, tuple[int, int]]) -> None:
    """Each area is exactly what it takes in less what it leaves out, number by number at the borders."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.area_id, m.place_id, m.excluded from places_areamember m join places_area a on a.id = m.area_id where m.valid_to is null"
        )
        members = cursor.fetchall()
    for area_id in {member[0] for member in members}:
        taken = [ranges[place] for area, place, excluded in members if area == area_id and not excluded and place in ranges]
        left = [ranges[place] for area, place, excluded in members if area == area_id and excluded and place in ranges]
        pieces = queries.area_ranges(area_id)
        for number in {bound + step for piece in (*taken, *left) for bound in piece for step in (-1, 0, 1)}:
            expected = any(lo <= number < hi for lo, hi in taken) and not any(lo <= number < hi for lo, hi in left)
            assert any(piece.has(number) for piece in pieces) == expected


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=history)
def test_positions_stay_nested_apart_and_given_once(db: None, steps: list[tuple[date, tuple[object, ...]]]) -> None:
    owners: Owners = {}
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        for day, step in steps:
            try:
                with transaction.atomic(), clock.frozen(datetime.combine(day, time(12), clock.LOCAL) + timedelta(days=40)):
                    perform(step, Path(folder))
            except Refused:
                pass  # a refusal changes nothing; what it leaves is checked all the same
            check(owners)
        wrong = [finding for finding in soundness.checks() if not finding.ok and finding.check not in {"places.orphans", "places.areas"}]
        assert wrong == []
        transaction.set_rollback(True)
