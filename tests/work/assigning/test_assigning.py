"""A city assigned: against every possible assignment where there are few, against an independent checker where there are many."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from bench.city import changed, city
from lianfang.work.mobilisation.assigning import formula, pairs, sampling, solving, why
from lianfang.work.mobilisation.assigning.formula import NEVER, NOWHERE, Needs, People, Task
from lianfang.work.mobilisation.assigning.why import Why
from tests.work.assigning import checker

FAR_AWAY = 2**63 - 1


def tiny(seed: int) -> Task:
    """Five people, four needs at three places; ties, former places, exclusions, and people without a point."""
    dice = np.random.default_rng(seed)
    x, y = dice.uniform(0, 3000, 9), dice.uniform(0, 3000, 9)
    x[dice.random(9) < 0.2] = np.nan
    above = np.stack([dice.integers(0, 3, 9), dice.integers(3, 5, 9), np.full(9, 5), np.full(9, 6)], axis=1)
    bits = dice.integers(0, 4, 9).astype(np.uint64)
    limited = dice.random(5) < 0.2
    people = People(
        x[:5], y[:5], above[:5], bits[:5], np.where(limited, 100, 0), np.where(limited, 200, FAR_AWAY),
        np.where(dice.random(5) < 0.4, dice.integers(0, 3, 5), NOWHERE),
    )  # fmt: skip
    place = np.array([0, 0, 1, 2])
    floor = dice.integers(0, 3, 4)
    needs = Needs(place, x[5:], y[5:], place * 100, above[5:], np.where(dice.random(4) < 0.5, bits[5:], 0).astype(np.uint64), floor, floor + dice.integers(0, 2, 4))  # fmt: skip
    some = np.unique(np.stack([dice.integers(0, 5, 3), dice.integers(0, 3, 3)], axis=1), axis=0)
    never = np.stack([dice.integers(0, 5, 2), dice.integers(0, 3, 2)], axis=1)
    return Task(people, needs, ties=some, never=never)


@pytest.mark.parametrize("seed", range(12))
def test_where_there_are_few_it_is_the_best_of_all_that_break_no_rule(seed: int) -> None:
    task = tiny(seed)
    every = (np.array(given) for given in product(range(-1, 4), repeat=5))
    best = min(checker.total(task, given) for given in every if not checker.broken(task, given))
    solution = solving.solve(task)
    assert checker.broken(task, solution.given) == []
    assert checker.total(task, solution.given) == solution.cost.total == best
    assert solution.bound <= best


def test_a_large_town_breaks_no_rule_and_is_proved_near_the_best() -> None:
    task = city(3_000, 510, 365)
    steps: list[float] = []
    solution = solving.solve(task, told=lambda _turn, gap: steps.append(gap))
    assert checker.broken(task, solution.given) == []
    assert checker.total(task, solution.given) == solution.cost.total
    assert solution.bound <= solution.cost.total <= solution.bound * 1.01
    assert solution.gap == steps[-1] < 0.01
    # The bound again, over all pairs and nothing left out.
    everybody, every = np.arange(len(task.people)), np.arange(len(task.needs))
    ways = formula.plain(task, everybody[:, None], every[None, :])
    least = np.minimum(np.where(ways == NEVER, NEVER, ways + solution.prices).min(axis=1), task.weights.reserve)
    told, _pairs = pairs.priced(task, solution.prices, np.full(len(task.people), 0), task.weights.reserve)
    assert (np.rint(told - pairs.SLACK) <= least).all()
    assert np.abs(told - least).max() < 1

    places = solving.places_given(task, solution.given)
    after, same = changed(task, places)
    again = solving.solve(after)
    assert checker.broken(after, again.given) == []
    assert (solving.places_given(after, again.given)[same] != places[same]).mean() < 0.05


def test_a_sample_tells_what_each_quarter_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    task = city(1_600, 270, 190, seed=5)
    monkeypatch.setattr(solving, "LARGE", 1_000)
    small, which = sampling.sample(task)
    assert len(small.people) == 200
    assert set(small.needs.place) == set(task.needs.place[which])
    solution = solving.solve(task)
    assert checker.broken(task, solution.given) == []
    assert solution.gap < 0.01
    # What nobody in the sample asks is worth nothing special.
    other = replace(task, needs=replace(task.needs, require=task.needs.require + np.uint64(64)))
    assert not sampling.spread(other, which[:0], np.empty(0, np.int64)).any()


def test_when_the_time_is_up_the_best_so_far_is_the_answer() -> None:
    task = city(800, 135, 95)
    solution = solving.solve(task, seconds=0)
    assert solution.rounds == 1
    assert checker.broken(task, solution.given) == []
    assert solution.bound <= solution.cost.total


def town(have: list[int], require: int, floor: int, *, reach: tuple[int, int] = (0, FAR_AWAY), away: float = 100.0) -> Task:
    many = len(have)
    above = np.zeros((many, 4), np.int64)
    people = People(
        np.full(many, away), np.zeros(many), above, np.array(have, np.uint64),
        np.full(many, reach[0]), np.full(many, reach[1]), np.full(many, NOWHERE),
    )  # fmt: skip
    one = np.array([0])
    needs = Needs(
        one,
        np.zeros(1),
        np.zeros(1),
        np.array([500]),
        np.zeros((1, 4), np.int64),
        np.array([require], np.uint64),
        np.array([floor]),
        np.array([floor]),
    )
    return Task(people, needs)


@pytest.mark.parametrize(
    ("task", "reason", "free", "nearest"),
    [
        (town([1, 1], 2, 1), Why.NOBODY, 0, None),
        (town([2], 2, 2), Why.TOO_FEW, 0, None),
        (town([0, 0, 0], 0, 2, reach=(0, 100)), Why.KEPT_AWAY, 3, None),
        (town([0], 0, 1, away=90_000.0), Why.TOO_FAR, 1, 90_000),
    ],
)
def test_it_says_why_a_place_is_short(task: Task, reason: Why, free: int, nearest: int | None) -> None:
    solution = solving.solve(task)
    (short,) = why.shortages(task, solution.given)
    assert (short.why, short.free, short.nearest) == (reason, free, nearest)


def test_where_all_are_sent_that_is_the_reason() -> None:
    task = town([2, 2], 2, 1)
    both = replace(task.needs, **{name: np.repeat(getattr(task.needs, name), 3, axis=0) for name in Needs.__slots__})
    both.place, both.require = np.arange(3), np.array([2, 0, 0], np.uint64)
    task = Task(task.people, both)
    (short,) = why.shortages(task, solving.solve(task).given)
    assert (short.why, short.missing) == (Why.ALL_SENT if short.wanted <= short.fitting else Why.TOO_FEW, 1)


def test_nobody_and_nothing_is_an_answer_too() -> None:
    task = town([], 0, 2)
    solution = solving.solve(task)
    assert solution.cost.total == solution.bound == formula.Weights().shortfall * 3 // 2 + formula.Weights().shortfall
    assert [short.why for short in why.shortages(task, solution.given)] == [Why.NOBODY]
