"""Lists woven without a database: what they are refused for, and what holds whatever comes in whatever order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.ground.places.rules.listings import date_in, read_listing
from lianfang.ground.places.rules.matching import Board, Reuse
from lianfang.ground.places.rules.positions import WIDTH, Room, building_block, choose, unit_block
from lianfang.ground.places.rules.timelines import Life, Stretch
from lianfang.ground.places.rules.weaving import Calendar, Weaver, Woven
from lianfang.ground.places.types import BrokenRow, Kind, Level, ListWithoutParent, NoRoom, UnknownList
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import new_id
from lianfang.kernel.ranges import Range
from tests.fuzzing import examples
from tests.ground.places.conftest import HEADER, listing

NATIONAL = "code12,level,name,parent_code12\n"
DAY = date(2020, 6, 30)


class Atlas:
    """Divisions in memory, with the lists woven into them: what the tables hold otherwise."""

    def __init__(self, reuses: frozenset[Reuse] = frozenset()) -> None:
        self.board = Board({}, reuses)
        self.calendar = Calendar()

    def weave(self, text: str, day: date) -> Woven:
        rows = read_listing(text.splitlines(), file="list.csv", on=day)
        woven = Weaver(self.board, rows, self.calendar, new_id).run()
        self.calendar.lists.append((day, woven.names))
        return woven

    def of_code(self, code: str, level: Level) -> Life:
        [found] = [life for life in self.board.level(level) if life.last.code == code and life.last.end is None]
        return found

    def states(self) -> Iterator[tuple[Life, Stretch, Range]]:
        for life in self.board.lives.values():
            for stretch in life.stretches:
                yield life, stretch, Range(stretch.lo, stretch.lo + WIDTH[life.level])


def national(*rows: tuple[str, Level, str, str]) -> str:
    number = {level: str(at) for at, level in enumerate((Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY), 1)}
    return NATIONAL + "".join(
        f"{code.ljust(12, '0')},{number[level]},{name},{parent.ljust(12, '0')}\n" for code, level, name, parent in rows
    )


def counties(codes: list[str], city: str = "2201", name: str = "{}县") -> str:
    top = [("22", Level.PROVINCE, "吉林省", ""), (city, Level.CITY, "长春市", "22")]
    return national(*top, *((code, Level.COUNTY, name.format(code), city) for code in codes))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("名称,代码\n", UnknownList),
        (f"{NATIONAL}220000000000,9,吉林省,\n", BrokenRow),
        (f"{NATIONAL}220000000000,province,吉林省,\n", BrokenRow),
        (f"{NATIONAL}220100000000,1,吉林省,\n", BrokenRow),
        (f"{NATIONAL}022000000000,1,吉林省,\n", BrokenRow),
        (f"{NATIONAL}220000000000,1,,\n", BrokenRow),
        (f"{HEADER}\n2201010010,甲社区,220101001,示例街道,220101,示例区,2201,长春市,22,吉林省\n", None),
        (f"{HEADER}\n220101001001,甲社区,22010100A,示例街道,220101,示例区,2201,长春市,22,吉林省\n", BrokenRow),
    ],
)
def test_what_is_no_list_or_no_line_is_said_with_its_line(text: str, refused: type[Refused] | None) -> None:
    if refused is None:
        assert read_listing(text.splitlines(), file="x.csv", on=DAY).named == 1
        return
    with pytest.raises(refused) as caught:
        read_listing(text.splitlines(), file="x.csv", on=DAY)
    assert caught.value.facts.get("line", 2) == 2


def test_a_list_may_leave_out_what_is_known_and_nothing_else() -> None:
    """A county without its city and province hangs in the air, unless they were loaded before."""
    alone = NATIONAL + "220101000000,3,示例区,\n"
    atlas = Atlas()
    with pytest.raises(ListWithoutParent):
        atlas.weave(alone, DAY)
    atlas = Atlas()
    atlas.weave(counties(["220102"]), DAY)
    atlas.weave(alone, DAY + timedelta(days=30))
    assert atlas.of_code("220101000000", Level.COUNTY).last.parent == atlas.of_code("220100000000", Level.CITY).id
    assert atlas.of_code("220102000000", Level.COUNTY).last.end is None  # a list of one of two does not name them all… and ends none


@pytest.mark.parametrize(("file", "day"), [("a_2019-10-31.csv", date(2019, 10, 31)), ("20191031.csv", date(2019, 10, 31)), ("a.csv", None)])
def test_the_day_stands_in_the_name_of_a_file(file: str, day: date | None) -> None:
    assert date_in(file) == day


FULL = [f"2201{number:02d}" for number in range(100)]  # one of them has the very number of the city


def test_where_every_number_was_given_a_new_place_is_refused() -> None:
    atlas = Atlas()
    atlas.weave(counties(FULL), DAY)
    with pytest.raises(NoRoom) as refused:
        atlas.weave(counties([*FULL, "220201"]), DAY + timedelta(days=1))
    assert refused.value.facts == {"name": "长春市"}


def test_where_every_number_was_given_nothing_moves_in() -> None:
    atlas = Atlas()
    atlas.weave(counties(FULL) + counties(["220201"], "2202").removeprefix(NATIONAL), DAY)
    moves_in = counties([*FULL, "220201"]) + national(("2202", Level.CITY, "长春市", "22")).removeprefix(NATIONAL)
    with pytest.raises(NoRoom):
        atlas.weave(moves_in, DAY + timedelta(days=1))


def moved_by_hand(atlas: Atlas, life: Life, parent: Life, day: date) -> None:
    """As `places move` does it: another parent and a number of its own from a day on."""
    taken = {lo for one in atlas.board.level(life.level) for lo in one.given}
    space = Range(parent.last.lo, parent.last.lo + WIDTH[parent.level])
    lo = choose(life.level, space, code=None, taken=taken)
    assert lo is not None
    last = life.last
    ended = Stretch(last.start, day, last.name, last.code, last.parent, last.lo)
    life.stretches = [*life.stretches[:-1], ended, Stretch(day, None, last.name, last.code, parent.id, lo)]
    life.given.add(lo)


def both_streets() -> tuple[Atlas, str]:
    text = listing([("220101001001", "甲社区"), ("220101001002", "乙社区"), ("220101002001", "丙社区")])
    atlas = Atlas()
    atlas.weave(text, DAY)
    return atlas, text


def test_a_list_of_the_day_of_a_move_that_takes_it_back_gives_a_third_number() -> None:
    """What stands on the second number today would else be moved back onto the first, which was left."""
    atlas, text = both_streets()
    moved, south, north = (
        atlas.of_code("220101001001", Level.COMMUNITY),
        atlas.of_code("220101001000", Level.STREET),
        atlas.of_code("220101002000", Level.STREET),
    )
    first = moved.last.lo
    moved_by_hand(atlas, moved, north, DAY + timedelta(days=100))
    second = moved.last.lo
    atlas.weave(text, DAY + timedelta(days=100))
    assert moved.last.parent == south.id
    assert len({first, second, moved.last.lo}) == 3
    assert moved.given == {first, second, moved.last.lo}
    check(atlas)


def test_a_list_of_the_day_of_a_move_keeps_the_number_of_today_where_it_may() -> None:
    atlas, text = both_streets()
    moved, south, north = (
        atlas.of_code("220101001001", Level.COMMUNITY),
        atlas.of_code("220101001000", Level.STREET),
        atlas.of_code("220101002000", Level.STREET),
    )
    moved_by_hand(atlas, moved, north, DAY + timedelta(days=100))
    moved_by_hand(atlas, moved, south, DAY + timedelta(days=200))
    today = moved.last.lo
    atlas.weave(text, DAY + timedelta(days=100))
    assert moved.last.lo == today
    check(atlas)


def test_a_move_back_into_a_full_place_is_refused() -> None:
    atlas = Atlas()
    lists = counties(FULL[1:-1]) + counties(["220201"], "2202").removeprefix(NATIONAL)
    atlas.weave(lists, DAY)
    county, there = atlas.of_code("220101000000", Level.COUNTY), atlas.of_code("220200000000", Level.CITY)
    moved_by_hand(atlas, county, there, DAY + timedelta(days=100))
    # Somebody else has taken the last numbers of the city meanwhile.
    atlas.board.level(Level.COUNTY)[-1].given |= set(range(2201000 * 10**12, 2202000 * 10**12, WIDTH[Level.COUNTY]))
    with pytest.raises(NoRoom):
        atlas.weave(lists, DAY + timedelta(days=100))


def test_a_county_of_the_same_name_elsewhere_is_another_one_unless_its_streets_came_along() -> None:
    """A list of the neighbouring city alone does not say that ours has left."""
    atlas = Atlas()
    atlas.weave(counties(["220101"], name="示例县"), DAY)
    top = [("22", Level.PROVINCE, "吉林省", ""), ("2202", Level.CITY, "吉林市", "22")]
    atlas.weave(national(*top, ("220201", Level.COUNTY, "示例县", "2202")), date(2021, 6, 30))
    assert atlas.of_code("220101000000", Level.COUNTY).id != atlas.of_code("220201000000", Level.COUNTY).id


def test_a_place_of_our_own_stands_in_no_list_and_no_list_ends_it() -> None:
    atlas, text = both_streets()
    street = atlas.of_code("220101001000", Level.STREET)
    lo = choose(Level.COMMUNITY, Range(street.last.lo, street.last.lo + WIDTH[Level.STREET]), code=None, taken=())
    assert lo is not None
    ours = Life(new_id(), Level.COMMUNITY, Kind.COMMUNITY, [Stretch(DAY, None, "开发区社区", None, street.id, lo)], {lo})
    atlas.board.lives[ours.id] = ours
    atlas.weave(text, DAY + timedelta(days=365))
    assert ours.last.end is None
    more = text + "220101001003,开发区社区,220101001,001街道,220101,220101县,2201,2201市,22,22省\n"
    atlas.weave(more, DAY + timedelta(days=730))  # until a list names it
    assert ours.last.code == "220101001003"
    check(atlas)


def test_a_second_list_of_the_day_on_which_a_code_went_to_another_place_leaves_both_alone() -> None:
    atlas = Atlas(frozenset({Reuse("220101001001", "深井子村", "海渤日戈村")}))
    atlas.weave(listing([("220101001001", "深井子村"), ("220101001002", "乙社区")]), DAY)
    old = atlas.of_code("220101001001", Level.COMMUNITY)
    text, later = listing([("220101001001", "海渤日戈村"), ("220101001002", "乙社区")]), DAY + timedelta(days=365)
    assert atlas.weave(text, later).report.reused == 1
    new = atlas.of_code("220101001001", Level.COMMUNITY)
    assert (old.last.end, new.first.start, new.last.lo != old.last.lo) == (later, later, True)
    again = atlas.weave(text + "220101001003,丁社区,220101001,001街道,220101,220101县,2201,2201市,22,22省\n", later)
    assert (again.report.added, again.report.ended, again.report.reused) == (1, 0, 0)
    assert atlas.of_code("220101001001", Level.COMMUNITY) is new
    check(atlas)


def test_the_number_of_a_province_is_not_given_to_another() -> None:
    atlas = Atlas(frozenset({Reuse("220000000000", "吉林省", "关东省")}))
    atlas.weave(national(("22", Level.PROVINCE, "吉林省", "")), DAY)
    with pytest.raises(NoRoom) as refused:
        atlas.weave(national(("22", Level.PROVINCE, "关东省", "")), DAY + timedelta(days=365))
    assert refused.value.facts == {"name": "关东省"}


def check(atlas: Atlas) -> None:
    """A plain recount: nested and apart on every day, every number one place's for ever, no day of a life lost."""
    owners: dict[tuple[Level, int], UUID] = {}
    days = {day for life, stretch, _ in atlas.states() for day in (stretch.start, stretch.end) if day is not None}
    for life, stretch, _ in atlas.states():
        assert owners.setdefault((life.level, stretch.lo), life.id) == life.id
        assert stretch.lo in life.given
    for life in atlas.board.lives.values():
        assert all(one.end == other.start for one, other in itertools.pairwise(life.stretches))
    for day in days:
        there = {life.id: (life.level, piece, stretch.parent) for life, stretch, piece in atlas.states() if stretch.covers(day)}
        for level in Level:
            pieces = sorted(piece for at, piece, _ in there.values() if at is level)
            assert all(one.hi <= other.lo for one, other in itertools.pairwise(pieces))
        for _, piece, parent in there.values():
            assert parent not in there or there[parent][1].holds(piece)


NAMES = ["和平", "新月", "光明"]
CODES = [
    f"{county}{street}{community}" for county in ("220101", "220201", "230101") for street in ("001", "002") for community in ("001", "201")
]
rows = st.dictionaries(
    st.sampled_from(CODES),
    st.builds(lambda name, end: name + end, st.sampled_from(NAMES), st.sampled_from(["社区", "社区居委会", "村委会"])),
    min_size=1,
    max_size=7,
)
streets = st.lists(st.sampled_from(NAMES), min_size=6, max_size=6)
lists = st.lists(st.tuples(st.integers(0, 6), rows, streets), min_size=2, max_size=6)
reuses = st.frozensets(
    st.builds(
        lambda code, old, new: Reuse(code, f"{old}社区", f"{new}村委会"),
        st.sampled_from(CODES),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
    ),
    max_size=4,
)


@settings(max_examples=examples(30), deadline=None)
@given(drawn=lists, known=reuses)
def test_any_lists_in_any_order_keep_positions_nested_apart_and_given_once(
    drawn: list[tuple[int, dict[str, str], list[str]]], known: frozenset[Reuse]
) -> None:
    atlas = Atlas(known)
    for year, named, called in drawn:
        prefixes = sorted({code[:9] for code in CODES})
        text = listing(named.items(), streets={code: f"{name}街道" for code, name in zip(prefixes, called, strict=True)})
        atlas.weave(text, date(2018 + year, 6, 30))
        check(atlas)


@given(
    taken=st.lists(st.integers(0, 99), max_size=6, unique=True),
    wanted=st.lists(st.sampled_from([10, 100]), max_size=40),
)
def test_room_is_given_aligned_apart_and_never_twice(taken: list[int], wanted: list[int]) -> None:
    given_before = [Range(10 * at, 10 * at + 10) for at in taken if at]
    room = Room(Range(0, 1000), given_before)
    taking = [room.take(size) for size in wanted]
    blocks = [block for block in taking if block is not None]
    for block in blocks:
        assert block.lo % (block.hi - block.lo) == 0
        assert 0 < block.lo < block.hi <= 1000
    everything = sorted([*given_before, *blocks])
    assert all(one.hi <= other.lo for one, other in itertools.pairwise(everything))
    for size, block in zip(wanted, taking, strict=True):
        if block is None:  # there was no aligned block left, plainly looked for
            spans = [Range(lo, lo + size) for lo in range(size, 1000, size)]
            assert all(any(span.meets(other) for other in everything) for span in spans)


@given(units=st.integers(0, 12), doors=st.integers(1, 200))
def test_a_building_has_room_for_twice_its_doors_and_one_more_unit(units: int, doors: int) -> None:
    block = building_block(doors * max(1, units), units, doors)
    assert block >= 2 * doors * max(1, units)
    assert str(block).strip("0") == "1"
    assert not units or block >= (units + 1) * unit_block(doors)
