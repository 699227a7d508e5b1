"""A position is given once for ever, at every level: what merges, moves and lists of earlier days may not undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from lianfang.ground.places import commands, queries
from lianfang.ground.places.models import GivenPosition, Place, PlacePast
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from tests.ground.places.conftest import Lists, listing

pytestmark = pytest.mark.django_db

PLAIN = "1栋，1个单元，2层，每层2户"
SOUTH, NORTH, EAST = "220201001", "220201002", "220101001"
Later = Callable[[str], None]


@pytest.fixture
def later() -> object:
    """What is done from now on is done on another day."""
    frozen = None

    def on(day: str) -> None:
        nonlocal frozen
        if frozen is not None:
            frozen.__exit__(None, None, None)
        frozen = clock.frozen(datetime.combine(date.fromisoformat(day), time(12), clock.LOCAL))
        frozen.__enter__()

    yield on
    if frozen is not None:
        frozen.__exit__(None, None, None)


def rows(*codes: str) -> list[tuple[str, str]]:
    return [(code, f"第{code[-6:]}社区") for code in codes]


def community(code: str, *, ended: bool = False) -> Place:
    return Place.objects.get(code=code, level=Level.COMMUNITY, valid_to__isnull=not ended)


def build(code: str) -> Place:
    laid = commands.lay_out(community(code).place_id, commands.parse_layout(PLAIN), by=None)
    return queries.place(laid.buildings[0])


def doors_lie_in(building: Place) -> bool:
    return all(building.range.holds(door.range) for door in queries.doors_of(building)) and len(queries.doors_of(building)) == 4


def test_what_stands_in_an_ended_community_stays_when_its_street_moves(lists: Lists, later: Later) -> None:
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{SOUTH}002", f"{EAST}001"))
    left, taken = build(f"{SOUTH}001"), build(f"{SOUTH}002")
    later("2022-01-10")
    lists.load("2021-06-30", rows(f"{SOUTH}002", f"{EAST}001"))  # the first community is no more, its building is
    later("2023-01-10")
    commands.move(queries.by_code(f"{SOUTH}000").place_id, queries.by_code("220101000000").place_id, by=None)
    stayed, went = queries.place(left.place_id), queries.place(taken.place_id)
    assert stayed.range == left.range
    assert doors_lie_in(stayed)
    assert went.range != taken.range
    assert community(f"{SOUTH}002").range.holds(went.range)
    assert doors_lie_in(went)
    commands.move(stayed.place_id, community(f"{SOUTH}002").place_id, by=None)  # and it can still be put where it belongs
    assert community(f"{SOUTH}002").range.holds(queries.place(left.place_id).range)


def test_buildings_are_not_moved_back_when_an_earlier_list_ends_their_community(lists: Lists, later: Later) -> None:
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{SOUTH}002", f"{NORTH}001", f"{EAST}001"))
    building = build(f"{SOUTH}001")
    stood = community(f"{SOUTH}001").range
    later("2023-01-10")
    commands.move(queries.by_code(f"{SOUTH}000").place_id, queries.by_code("220101000000").place_id, by=None)
    moved = queries.place(building.place_id)
    lists.load("2022-06-30", rows(f"{SOUTH}002", f"{NORTH}001", f"{EAST}001"))  # ended half a year before the street moved
    ended = community(f"{SOUTH}001", ended=True)
    assert queries.place(building.place_id).range == moved.range
    assert doors_lie_in(moved)
    assert ended.range.holds(moved.range)  # it ended where its building stands
    state = queries.state_on(ended, date(2020, 1, 1))  # and stood then where it stood then
    assert state is not None
    assert (state.lo, state.hi) == stood
    commands.rename(moved.place_id, "新1栋", by=None)


def test_a_community_that_ended_and_began_again_takes_no_number_back(lists: Lists, later: Later) -> None:
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{SOUTH}002", f"{NORTH}001", f"{EAST}001"))
    building = build(f"{SOUTH}001")
    later("2023-01-10")
    commands.move(queries.by_code(f"{SOUTH}000").place_id, queries.by_code("220101000000").place_id, by=None)
    lists.load("2022-06-30", rows(f"{SOUTH}002", f"{NORTH}001", f"{EAST}001"))
    # A second list of the same day names it after all.
    path = lists.folder / "more_2022-06-30.csv"
    path.write_text(lists.write("2022-06-30", rows(f"{SOUTH}001", f"{SOUTH}002")).read_text(), encoding="utf-8")
    commands.load_divisions([path])
    again, stands = community(f"{SOUTH}001"), queries.place(building.place_id)
    assert again.range.holds(stands.range)
    assert queries.by_code(f"{SOUTH}000").range.holds(again.range)
    assert doors_lie_in(stands)


def test_a_merged_building_keeps_every_number_it_had(lists: Lists, later: Later) -> None:
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{NORTH}001", f"{EAST}001"))
    building = build(f"{SOUTH}001")
    commands.merge_communities(community(f"{SOUTH}001").place_id, community(f"{NORTH}001").place_id, by=None)
    later("2023-01-10")
    commands.move(queries.by_code(f"{NORTH}000").place_id, queries.by_code("220101000000").place_id, by=None)
    lists.load("2022-06-30", rows(f"{SOUTH}001", f"{EAST}001"))  # knows neither of the merge nor of the street it went to
    given = set(GivenPosition.objects.filter(place_id=building.pk).values_list("lo", flat=True))
    past = set(PlacePast.objects.filter(place_id=building.pk).values_list("lo", flat=True))
    now = queries.place(building.place_id)
    assert len(given) == 3
    assert given == past | {now.lo}
    assert doors_lie_in(now)


def test_what_left_a_community_stood_in_it_wherever_a_later_list_puts_it(lists: Lists, later: Later) -> None:
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{SOUTH}002", f"{NORTH}001", f"{EAST}001"))
    left, renamed = build(f"{SOUTH}001"), queries.place(commands.add_building(community(f"{SOUTH}001").place_id, "9栋", by=None))
    later("2023-01-10")
    commands.move(left.place_id, community(f"{NORTH}001").place_id, by=None)
    commands.rename(renamed.place_id, "十栋", by=None)
    was = community(f"{SOUTH}001").range
    # A list of 2022 puts the whole county under another city: from then on the community has other numbers.
    streets = rows(f"{SOUTH}001", f"{SOUTH}002", f"{NORTH}001")
    moved = [(code.replace("220201", "220102"), name) for code, name in streets]
    lists.load("2022-06-30", [*moved, *rows(f"{EAST}001")], counties={"220102": "220201县"}, streets={"220102001": "001街道"})
    now = community("220102001001")
    assert now.range != was
    for place in (left, renamed):
        before = queries.state_on(place, date(2020, 1, 1))
        after = queries.state_on(place, date(2022, 9, 1))
        assert before is not None
        assert after is not None
        assert was.lo <= before.lo < was.hi
        assert now.lo <= after.lo < now.hi
    assert GivenPosition.objects.filter(place_id=left.pk).count() == 4  # in both communities, before and after they moved


def test_a_county_that_went_to_another_province_keeps_its_past_when_either_province_is_loaded(lists: Lists, later: Later) -> None:
    """A list speaks of one province; what came from another, or went there, brings its whole life along."""
    later("2019-01-10")
    lists.load("2018-06-30", rows(f"{SOUTH}001", f"{EAST}001"))
    lists.load("2018-06-30", rows("230101001001"))
    stood = community(f"{SOUTH}001").range
    later("2020-01-10")
    commands.move(queries.by_code("220201000000").place_id, queries.by_code("230100000000").place_id, by=None)
    went = community(f"{SOUTH}001")
    later("2021-01-10")
    lists.load("2020-06-30", rows("230101001001", "230101001002"))
    # The list of the old province names the county in its new city, and gives one community another name.
    path = lists.folder / "list_2020-12-31.csv"
    path.write_text(listing([(f"{SOUTH}001", "新名社区")]).replace(",2202,2202市,22,22省", ",2301,2301市,23,23省"), encoding="utf-8")
    commands.load_divisions([path])
    lists.load("2020-07-31", rows(f"{EAST}001", f"{EAST}002"))
    now = community(f"{SOUTH}001")
    assert now.id == went.id
    assert now.name == "新名社区"
    assert now.valid_from == date(2018, 6, 30)
    before, between = queries.state_on(now, date(2019, 6, 30)), queries.state_on(now, date(2020, 3, 1))
    assert before is not None
    assert between is not None
    assert before.lo == stood.lo
    assert between.lo == went.lo
    lists.load("2017-06-30", rows(f"{SOUTH}001"))  # a list of the old province, of a day when it still lay there
    assert Place.objects.filter(code=f"{SOUTH}001").count() == 1
    first = queries.state_on(community(f"{SOUTH}001"), date(2017, 12, 31))
    assert first is not None
    assert first.lo == stood.lo
