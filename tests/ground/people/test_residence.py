"""Households at doors, and people settling, moving and leaving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lianfang.ground.people import commands, queries
from lianfang.ground.people.models import Household, Residence
from lianfang.ground.people.types import (
    AlreadyLivesThere,
    DateOutOfOrder,
    DoorNotFound,
    HouseholdEnded,
    HouseholdNotFound,
    LivesElsewhere,
    NotADoor,
    NotLivingThere,
    PersonNotFound,
    ResidenceKind,
)
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId, new_id
from tests.factories.cast import Cast, make_cast
from tests.factories.people import household_at, new_person

ACTUAL, REGISTERED = ResidenceKind.ACTUAL, ResidenceKind.REGISTERED


def test_a_door_has_none_one_or_several_households(cast: Cast) -> None:
    empty = places.doors_of(cast.a_building)[1].place_id
    assert queries.household_of_door(empty) is None
    second = commands.add_household(cast.a_door.place_id, by=None, name="租户")
    there = queries.households_of_door(cast.a_door.place_id)
    assert [(each.household_id, each.name, each.people) for each in there] == [(cast.household, "", 2), (second, "租户", 0)]
    first = queries.household_of_door(cast.a_door.place_id)
    assert first is not None
    assert first.household_id == cast.household


@pytest.mark.parametrize("what", ["a_building", "a"])
def test_people_live_at_doors_only(cast: Cast, what: str) -> None:
    with pytest.raises(NotADoor):
        commands.add_household(getattr(cast, what).place_id, by=None)
    with pytest.raises(DoorNotFound):
        commands.add_household(PlaceId(new_id()), by=None)


def test_nobody_settles_at_a_door_that_has_ended(cast: Cast) -> None:
    door = places.doors_of(cast.a_building)[1].place_id
    laying.end(door, by=None)
    with pytest.raises(NotADoor):
        commands.add_household(door, by=None)
    with pytest.raises(DoorNotFound):
        household_at(door, "钱示例", order=51)


def test_moving_ends_the_former_home_on_the_same_day(cast: Cast) -> None:
    with clock.frozen(clock.now() + timedelta(days=10)):
        commands.settle(cast.resident, cast.b_household, ACTUAL, by=None, relation="tenant")
        today = clock.today()
        assert [(each.person_id, each.kinds) for each in queries.people_of_door(cast.a_door.place_id)] == [
            (cast.resident, (REGISTERED,)),
            (cast.neighbour, (ACTUAL, REGISTERED)),
        ]
        moved = queries.person(cast.resident)
        assert [(home.door_id, home.kind, home.until) for home in moved.homes] == [
            (cast.b_door.place_id, ACTUAL, None),
            (cast.a_door.place_id, REGISTERED, None),
            (cast.a_door.place_id, ACTUAL, today),
        ]
        assert moved.place_id == cast.b_door.place_id
        yesterday = [
            each.person_id for each in queries.people_of_door(cast.a_door.place_id, on=today - timedelta(days=1)) if ACTUAL in each.kinds
        ]
        assert yesterday == [cast.resident, cast.neighbour]


def test_one_lives_in_one_place_in_one_sense_at_a_time_whoever_writes_it(cast: Cast) -> None:
    with pytest.raises(AlreadyLivesThere):
        commands.settle(cast.resident, cast.household, ACTUAL, by=None)
    row = Residence.objects.filter(person_id=cast.resident, kind=ACTUAL).get()
    row.id, row.household_id, row.door_id = new_id(), cast.b_household, cast.b_door.place_id
    with pytest.raises(IntegrityError, match="residence_one_of_a_kind_at_a_time"), transaction.atomic():
        row.save(force_insert=True)


def test_a_home_outside_the_scope_stays_and_is_not_described(cast: Cast) -> None:
    """A worker known everywhere by name may still live where the secretary sees nothing."""
    from lianfang.ground.accounts import access
    from lianfang.ground.accounts import commands as accounts

    accounts.correct_account(cast.account("grid.a"), by=access.local_administrator(), person_id=cast.stranger)
    with cast.as_web(cast.secretary), pytest.raises(LivesElsewhere):
        commands.settle(cast.stranger, cast.household, ACTUAL, by=None)
    assert Residence.objects.filter(person_id=cast.stranger, valid_to=None).count() == 2


def test_leaving_ends_what_is_named_and_only_once(cast: Cast) -> None:
    commands.leave(cast.resident, cast.household, by=None, kinds=[ACTUAL])
    assert queries.people_of_door(cast.a_door.place_id)[0].kinds == (REGISTERED,)
    commands.leave(cast.resident, cast.household, by=None)
    with pytest.raises(NotLivingThere):
        commands.leave(cast.resident, cast.household, by=None)


def test_a_household_ends_with_everybody_in_it(cast: Cast) -> None:
    commands.end_household(cast.household, by=None)
    assert queries.people_of_door(cast.a_door.place_id) == []
    with pytest.raises(HouseholdEnded):
        commands.settle(cast.resident, cast.household, ACTUAL, by=None)
    with pytest.raises(HouseholdNotFound):
        commands.rename_household(HouseholdId(new_id()), "x", by=None)


def test_a_household_is_called_by_its_name(cast: Cast) -> None:
    commands.rename_household(cast.household, " 老王家 ", by=None)
    assert [each.name for each in queries.households_of_door(cast.a_door.place_id)] == ["老王家"]


@pytest.mark.parametrize("days", [-31, 1])
def test_nothing_is_entered_ahead_or_before_the_household(cast: Cast, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    new = commands.add_person(new_person("钱示例", 61), by=None)
    for attempt in (
        lambda: commands.settle(new.person_id, cast.household, ACTUAL, by=None, since=day),
        lambda: commands.leave(cast.resident, cast.household, day, by=None),
        lambda: commands.end_household(cast.household, day, by=None),
    ):
        with pytest.raises(DateOutOfOrder):
            attempt()
    assert len(queries.people_of_door(cast.a_door.place_id)) == 2
    with pytest.raises(DateOutOfOrder):
        commands.add_household(cast.a_door.place_id, by=None, since=date(1800, 1, 1) if days < 0 else day)


def test_nobody_moves_before_they_moved_in(cast: Cast) -> None:
    earlier, _ = household_at(places.doors_of(cast.a_building)[1].place_id, "孙示早", order=65, since=clock.today() - timedelta(days=39))
    with pytest.raises(DateOutOfOrder):
        commands.settle(cast.resident, earlier, ACTUAL, by=None, since=clock.today() - timedelta(days=35))
    assert [home.door_id for home in queries.person(cast.resident).homes] == [cast.a_door.place_id] * 2


def test_the_first_home_of_somebody_new_is_entered_by_whoever_added_them(cast: Cast) -> None:
    with cast.as_web(cast.grid_worker):
        added = commands.add_person(new_person("钱示例", 62), by=None)
        commands.settle(added.person_id, cast.household, ACTUAL, by=None, relation="relative")
        assert added.person_id in [each.person_id for each in queries.people_of_door(cast.a_door.place_id)]


def test_nobody_is_settled_whom_the_scope_does_not_show(cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        for person_id in (cast.stranger, PersonId(new_id())):
            with pytest.raises(PersonNotFound):
                commands.settle(person_id, cast.household, ACTUAL, by=None)
        with pytest.raises(HouseholdNotFound):
            commands.settle(cast.resident, cast.b_household, ACTUAL, by=None)
    assert Residence.objects.filter(person_id=cast.stranger, valid_to=None, position=cast.b_door.lo).count() == 2


def test_live_rows_follow_a_building_that_moves(cast: Cast) -> None:
    laying.move(cast.a_building.place_id, cast.b.place_id, by=None)
    door = places.place(cast.a_door.place_id)
    assert door.lo != cast.a_door.lo
    assert set(Household.objects.filter(door_id=door.id).values_list("position", flat=True)) == {door.lo}
    assert set(Residence.objects.filter(door_id=door.id).values_list("position", flat=True)) == {door.lo}
    assert (queries.counts([cast.a.range]).living, queries.counts([cast.b.range]).living) == (0, 3)


@pytest.mark.usefixtures("db")
def test_the_cast_is_made_by_commands_and_counted() -> None:
    cast = make_cast()
    assert queries.counts([cast.a.range]) == queries.counts([cast.a_building.range])
    assert (queries.counts([cast.city.range]).households, queries.counts([cast.city.range]).living) == (2, 3)
