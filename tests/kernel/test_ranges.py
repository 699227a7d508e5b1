"""Ranges against sets of numbers: the plainest recount there is."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.ranges import Range, contains, cover, intersect, merged, stretches, subtract

some_ranges = st.lists(st.builds(lambda lo, width: Range(lo, lo + width), st.integers(0, 60), st.integers(0, 12)), max_size=8)


def numbers(ranges: list[Range]) -> set[int]:
    return {n for lo, hi in ranges for n in range(lo, hi)}


def tidy(ranges: list[Range]) -> bool:
    return all(lo < hi for lo, hi in ranges) and all(a.hi < b.lo for a, b in itertools.pairwise(ranges))


@given(some_ranges)
def test_merged_ranges_hold_the_same_numbers_once(ranges: list[Range]) -> None:
    result = merged(ranges)
    assert numbers(result) == numbers(ranges)
    assert tidy(result)


@given(some_ranges, some_ranges)
def test_what_two_lists_share(one: list[Range], other: list[Range]) -> None:
    assert numbers(intersect(one, other)) == numbers(one) & numbers(other)


@given(some_ranges, some_ranges)
def test_what_is_left_after_taking_away(one: list[Range], other: list[Range]) -> None:
    result = subtract(one, other)
    assert numbers(result) == numbers(one) - numbers(other)
    assert all(a.hi <= b.lo for a, b in itertools.pairwise(result))


@given(some_ranges, st.integers(1, 5))
def test_a_cover_is_never_narrower_and_never_longer_than_asked(ranges: list[Range], at_most: int) -> None:
    result = cover(ranges, at_most)
    assert len(result) <= at_most
    assert numbers(result) >= numbers(ranges)
    assert len(merged(ranges)) > at_most or result == merged(ranges)


@given(some_ranges, st.integers(0, 60), st.integers(1, 12))
def test_containing_means_every_number(ranges: list[Range], lo: int, width: int) -> None:
    assert contains(ranges, Range(lo, lo + width)) == (set(range(lo, lo + width)) <= numbers(ranges))


def test_touching_ranges_neither_meet_nor_hold_each_other() -> None:
    left, right = Range(0, 5), Range(5, 9)
    assert not left.meets(right)
    assert not left.holds(right)
    assert left.has(4)
    assert not left.has(5)


@given(st.lists(some_ranges, max_size=4))
def test_each_number_lies_in_the_stretches_of_just_the_lists_that_hold_it(many: list[list[Range]]) -> None:
    asked = stretches(many)
    assert numbers(asked.spans) == set().union(*(numbers(ranges) for ranges in many))
    for number in range(80):
        stretch = sum(bound <= number for bound in asked.bounds)
        assert asked.among(stretch) == [which for which, ranges in enumerate(many) if number in numbers(ranges)]
