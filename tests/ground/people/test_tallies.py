"""The counts of a building are what a plain count of its rows gives, whatever happened and however many at once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from lianfang.ground.people import commands, queries
from lianfang.ground.people.models import Household, Residence, Tally
from lianfang.ground.people.types import PeopleCounts, ResidenceKind
from lianfang.ground.places import queries as places
from lianfang.kernel import clock, db
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import HouseholdId, PlaceId, new_id
from lianfang.kernel.ranges import Range
from tests.committed import transactional_db
from tests.factories.cast import Cast, make_cast
from tests.factories.people import household_at, new_person
from tests.fuzzing import examples

__all__ = ["transactional_db"]


def plain_count(ranges: list[Range]) -> PeopleCounts:
    """The same from the rows, in Python."""
    households = [row for row in Household.objects.all() if row.valid_to is None and any(piece.has(row.position) for piece in ranges)]
    homes = [row for row in Residence.objects.all() if row.valid_to is None and any(piece.has(row.position) for piece in ranges)]
    kinds = Counter(row.kind for row in homes)
    return PeopleCounts(len(households), kinds["registered"], kinds["actual"])


def tallied() -> dict[PlaceId, tuple[int, int, int]]:
    return {PlaceId(row.building_id): (row.households, row.registered, row.living) for row in Tally.objects.all()}


def test_counts_of_any_place_equal_a_plain_count(cast: Cast) -> None:
    for door in places.doors_of(cast.a_building)[2:5]:
        household_at(door.place_id, "钱示一", "孙示二", order=100 + door.ordinal * 10)
    units = places.children(cast.a_building)
    for ranges in (
        [cast.city.range],
        [cast.a.range],
        [cast.a_building.range],
        [units[0].range],
        [units[0].range, units[1].range],
        [units[1].range, cast.b.range],
        [cast.a_door.range],
        [Range(cast.a_door.lo, cast.b_door.lo)],
        [cast.a.range, cast.a_building.range],
        [],
    ):
        assert queries.counts(ranges) == plain_count(ranges), ranges


def test_who_sees_a_part_of_a_building_gets_the_counts_of_that_part(cast: Cast) -> None:
    first, second = places.children(cast.a_building)
    household_at(places.doors_of(second)[0].place_id, "钱示一", order=100)
    for unit, count in ((first, PeopleCounts(1, 2, 2)), (second, PeopleCounts(1, 1, 1))):
        with db.scope([unit.range], None):
            assert queries.counts([unit.range]) == count
            assert queries.counts([places.doors_of(unit)[0].range]) == count
            assert queries.counts([places.doors_of(unit)[1].range]) == PeopleCounts(0, 0, 0)


def test_children_are_counted_side_by_side(cast: Cast) -> None:
    pieces = [cast.a.range, cast.b.range, cast.a_door.range, Range(1, 2)]
    assert queries.counts_each(pieces) == [plain_count([piece]) for piece in pieces]
    assert queries.counts_each([]) == []


STEPS = st.lists(st.tuples(st.sampled_from(("settle", "leave", "open", "end", "move")), st.integers(0, 3), st.integers(0, 5)), max_size=12)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_comings_and_goings_the_counts_are_those_of_the_rows(cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    doors = [*places.doors_of(cast.a_building)[:3], *places.doors_of(cast.b_building)[:3]]
    people = [
        cast.resident,
        cast.neighbour,
        cast.stranger,
        commands.add_person(new_person("钱示例", paper="", phone=""), by=None).person_id,
    ]
    households = [cast.household, cast.b_household]
    for number, (step, who, where) in enumerate(steps):
        household = households[where % len(households)]
        kind = list(ResidenceKind)[number % 2]
        try:
            if step == "open":
                households.append(commands.add_household(doors[where].place_id, by=None))
            elif step == "end":
                commands.end_household(household, by=None)
            elif step == "leave":
                commands.leave(people[who], household, by=None)
            else:
                commands.settle(people[who], household, kind, by=None)
        except Refused:
            continue
    counted = {building.place_id: plain_count([building.range]) for building in (cast.a_building, cast.b_building)}
    assert tallied() == {place: (each.households, each.registered, each.living) for place, each in counted.items()}


def test_a_recount_mends_counts_and_a_move_mends_positions(cast: Cast) -> None:
    right = tallied()
    Tally.objects.update(living=99, position=5)
    assert commands.recount_all() == 2
    assert tallied() == right
    assert Tally.objects.get(pk=cast.a_building.id).position == cast.a_building.lo
    Residence.objects.filter(person_id=cast.resident).update(position=7)
    assert commands.mend_positions() == 2
    assert commands.mend_positions() == 0
    assert queries.counts([cast.a_door.range]) == plain_count([cast.a_door.range])


def test_neighbours_moving_both_ways_at_once_neither_block_nor_lose_each_other(transactional_db: None) -> None:
    cast = make_cast()
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def to_and_fro(person: int) -> None:
        people = [cast.resident, cast.neighbour, cast.stranger]
        homes = [cast.household, cast.b_household]
        try:
            start.wait(10)
            for turn in range(12):
                if person == 3:
                    commands.recount([cast.b_building.place_id, cast.a_building.place_id])
                    continue
                home = homes[(turn + person) % 2]
                try:
                    commands.settle(people[person], home, ResidenceKind.ACTUAL, by=None)
                except Refused:
                    commands.settle(people[person], homes[(turn + person + 1) % 2], ResidenceKind.ACTUAL, by=None)
        except BaseException as fault:  # noqa: BLE001 - reported below, in the thread that asserts
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=to_and_fro, args=(person,)) for person in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    counted = {building.place_id: plain_count([building.range]) for building in (cast.a_building, cast.b_building)}
    assert tallied() == {place: (each.households, each.registered, each.living) for place, each in counted.items()}
    assert sum(living for _, _, living in tallied().values()) == 3


def test_a_roster_of_hundreds_is_taken_in_by_few_statements(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    doors = [door.place_id for door in places.doors_of(cast.a_building)]
    from tests.factories.people import Member, NewHousehold

    rows = [
        NewHousehold(
            id=HouseholdId(new_id()),
            door_id=doors[number % len(doors)],
            members=(Member(new_person("孙示册", 200 + number)),),
            since=clock.today() - timedelta(days=number),
        )
        for number in range(300)
    ]
    with django_assert_max_num_queries(24):
        taken = commands.take_in(rows, by=None)
    assert (taken.households, taken.people, taken.residences) == (300, 300, 300)
    assert queries.counts([cast.a.range]) == plain_count([cast.a.range])
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from changes_change where \"table\" = 'people_person' and new ->> 'rows' = '300'")
        assert cursor.fetchone() == (1,)
