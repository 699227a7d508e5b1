"""Buildings, doors and areas below a community, through the verbs that doors of the product call."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind, Kind, Level, NameTaken, StillInside
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range

pytestmark = pytest.mark.django_db

PHRASE = "1-8栋，3个单元，18层，每层2户，没有4层，房号为层号加两位"
LIST = """code12,name,street_code,street,county_code,county,city_code,city,province_code,province
621223100005,新城社区,621223100,城关镇,621223,宕昌县,6212,陇南市,62,甘肃省
621223100004,红河社区,621223100,城关镇,621223,宕昌县,6212,陇南市,62,甘肃省
621221100001,东关社区,621221100,城关镇,621221,成县,6212,陇南市,62,甘肃省
"""


@pytest.fixture
def community(tmp_path: Path) -> Place:
    path = tmp_path / "five_2022-01-01.csv"
    path.write_text(LIST)
    commands.load_divisions([path])
    return queries.by_code("621223100005")


def lay(community: Place, phrase: str = PHRASE, compound: str = "银河小区") -> commands.LaidOut:
    return commands.lay_out(community.place_id, commands.parse_layout(phrase), by=None, compound=compound)


def test_one_phrase_lays_out_a_compound(community: Place) -> None:
    laid = lay(community)
    assert (len(laid.buildings), laid.units, laid.doors) == (8, 24, 816)
    buildings = queries.children(community)
    assert [building.name for building in buildings] == [f"{n}栋" for n in range(1, 9)]
    doors = queries.doors_of(buildings[2])
    assert len(doors) == 102
    assert (doors[0].name, doors[0].floor, doors[-1].name) == ("101", 1, "1802")
    assert not any(door.floor == 4 for door in doors)
    assert queries.door_counts([community.range]).doors == 816
    [compound] = queries.areas_within([community.range], AreaKind.COMPOUND)
    assert queries.door_counts(queries.area_ranges(compound.area_id)).doors == 816
    assert queries.areas_of(doors[5]) == [compound]


def test_ranges_are_nested_and_apart(community: Place) -> None:
    lay(community)
    everything = list(Place.objects.select_related("parent"))
    for place in everything:
        assert place.parent is None or place.parent.range.holds(place.range)
    for level in Level:
        ranges = sorted(place.range for place in everything if place.at_level is level)
        assert all(one.hi <= other.lo for one, other in itertools.pairwise(ranges))


def test_the_same_name_stands_once_in_a_compound_and_again_in_another(community: Place) -> None:
    lay(community, "1-2栋，2层，每层2户")
    with pytest.raises(NameTaken):
        lay(community, "2栋，2层，每层2户")
    lay(community, "2栋，2层，每层2户", compound="星海小区")
    assert len(queries.children(community)) == 3


def test_an_area_counts_whole_buildings_and_parts(community: Place) -> None:
    laid = lay(community)
    first, second = (queries.place(building) for building in laid.buildings[:2])
    unit = queries.children(first)[1]
    area = commands.found_area(
        AreaKind.SEALED, "封控单元（示例）", community.place_id, [first.place_id, second.place_id], by=None, excluded=[unit.place_id]
    )
    assert queries.door_counts(queries.area_ranges(area)).doors == 2 * 102 - 34
    commands.include(area, [unit.place_id], by=None)
    assert queries.door_counts(queries.area_ranges(area)).doors == 2 * 102
    commands.drop(area, [second.place_id], by=None)
    assert queries.door_counts(queries.area_ranges(area)).doors == 102
    assert queries.door_counts([Range(unit.lo, unit.hi)]).doors == 34


def test_houses_sites_and_people_without_a_dwelling_have_doors_too(community: Place) -> None:
    doors = commands.add_houses(community.place_id, ["1号", "2号", "3号"], by=None)
    assert [queries.place(door).name for door in doors] == ["1号", "2号", "3号"]
    site = queries.place(commands.add_site(community.place_id, "示例工地", by=None))
    assert (site.kind, queries.door_counts([site.range]).doors) == ("site", 0)
    shed = commands.open_no_fixed_dwelling(community.place_id, by=None)
    assert commands.open_no_fixed_dwelling(community.place_id, by=None) == shed
    bed = commands.add_door(shed, "桥下第一处", by=None, kind=Kind.BED)
    assert queries.door_counts([community.range]) == queries.door_counts([Range(community.lo, community.hi)])
    assert (queries.door_counts([community.range]).doors, queries.door_counts([community.range]).dwellings) == (4, 3)
    assert queries.building_of(queries.place(bed)) == queries.place(shed)


def test_a_phones_door_is_the_same_door_when_sent_again_and_numbers_never_come_back(community: Place) -> None:
    laid = lay(community, "1栋，2层，每层2户", compound="")
    building = laid.buildings[0]
    phone_made = PlaceId(Place._meta.pk.get_default())
    first = commands.add_door(building, "203", by=None, id=phone_made)
    assert commands.add_door(building, "203", by=None, id=phone_made) == first == phone_made
    position = queries.place(first).lo
    commands.end(first, by=None)
    assert queries.place(commands.add_door(building, "203", by=None)).lo > position
    assert queries.door_counts([queries.place(building).range]).doors == 5


def test_merging_ending_and_marking_doors(community: Place) -> None:
    laid = lay(community, "1栋，2层，每层2户", compound="")
    [one, two, three, four] = [door.place_id for door in queries.doors_of(queries.place(laid.buildings[0]))]
    commands.merge_doors(one, two, by=None, label="101-102")
    commands.set_kind(three, Kind.SHOP, by=None)
    counts = queries.door_counts([community.range])
    assert (counts.doors, counts.dwellings) == (3, 2)
    assert queries.place(one).name == "101-102"
    with pytest.raises(StillInside):
        commands.end(laid.buildings[0], by=None)
    for door in (one, three, four):
        commands.end(door, by=None)
    commands.end(laid.buildings[0], by=None)
    assert queries.children(community) == []


def test_a_sheet_of_a_past_day_counts_the_doors_of_that_day(community: Place) -> None:
    with clock.frozen(clock.now() - timedelta(days=10)):
        laid = lay(community, "1-2栋，2层，每层2户")
        commands.set_kind(queries.doors_of(queries.place(laid.buildings[1]))[0].place_id, Kind.SHOP, by=None)
    [compound] = queries.areas_within([community.range], AreaKind.COMPOUND)
    for door in queries.doors_of(queries.place(laid.buildings[0]))[:3]:
        commands.end(door.place_id, by=None)
    commands.move(laid.buildings[1], queries.by_code("621223100004").place_id, by=None)
    yesterday = clock.today() - timedelta(days=1)
    then, now = queries.place_sheet(community, yesterday), queries.place_sheet(community)
    assert ((then.doors, then.dwellings), (now.doors, now.dwellings)) == ((8, 7), (1, 1))
    assert queries.area_sheet(compound, yesterday).doors == 8
    building = queries.place(laid.buildings[1])
    assert (queries.place_sheet(building, yesterday).doors, queries.place_sheet(building).doors) == (4, 4)


def test_a_moved_building_takes_its_doors_along_and_its_old_numbers_are_remembered(community: Place) -> None:
    laid = lay(community, "1-2栋，2层，每层2户", compound="")
    building = queries.place(laid.buildings[0])
    before, doors_before = building.range, [door.lo for door in queries.doors_of(building)]
    other = queries.by_code("621223100004")
    commands.move(building.place_id, other.place_id, by=None, ground="南街道〔2022〕1号（示例）")
    moved = queries.place(building.place_id)
    assert moved.parent_id == other.id
    assert other.range.holds(moved.range)
    assert [door.lo - moved.lo for door in queries.doors_of(moved)] == [lo - before.lo for lo in doors_before]
    assert queries.reading_ranges(moved) == [moved.range, before] or queries.reading_ranges(moved) == [before, moved.range]
    assert before in queries.reading_ranges(other)
    assert queries.door_counts([other.range]).doors == 4
    assert queries.door_counts([community.range]).doors == 4
    fresh = lay(community, "9栋，2层，每层2户", compound="")
    assert queries.place(fresh.buildings[0]).lo >= before.hi


def test_a_moved_street_takes_communities_and_buildings_along(community: Place) -> None:
    lay(community, "1栋，2层，每层2户", compound="")
    street = queries.ancestors(community)[-1]
    there = queries.by_code("621221000000")
    before = street.range
    commands.move(street.place_id, there.place_id, by=None)
    moved = queries.place(street.place_id)
    assert there.range.holds(moved.range)
    assert moved.since == clock.today()
    now = queries.place(community.place_id)
    assert moved.range.holds(now.range)
    assert now.lo - moved.lo == community.lo - before.lo
    assert queries.door_counts([there.range]).doors == 4
    assert queries.door_counts([before]).doors == 0
    assert before in queries.reading_ranges(there)
    assert community.range in queries.reading_ranges(now)
    yesterday = queries.state_on(now, clock.today() - timedelta(days=1))
    assert yesterday is not None
    assert yesterday.range == community.range
