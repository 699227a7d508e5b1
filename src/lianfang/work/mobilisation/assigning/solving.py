"""Solving: a graph of near pairs, its best assignment and prices, the pairs that the prices show missing, and again; then the proof."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lianfang.work.mobilisation.assigning import flow, pairs, sampling
from lianfang.work.mobilisation.assigning.formula import NEVER, NOWHERE, Cost, Ints, Task, base, cost, known_pairs, plain, slots, staying

NEAREST, ROUNDS, GOOD_ENOUGH, KEPT = 6, 10, 0.006, 1_500

LARGE, SAMPLE_SECONDS = 20_000, 6.0


@dataclass(frozen=True, slots=True)
class Solution:
    """An assignment (each person's need, or NOWHERE), what it costs, and a number that no assignment can cost less than."""

    given: Ints
    cost: Cost
    bound: int
    prices: Ints
    rounds: int
    pairs: int

    @property
    def gap(self) -> float:
        """How much dearer than the bound, as a share of it."""
        return (self.cost.total - self.bound) / max(self.bound, 1)


def solve(task: Task, *, seconds: float = 55.0, told: Callable[[int, float], None] | None = None) -> Solution:
    """The best assignment found, within GOOD_ENOUGH of the bound unless the time or the turns run out first."""
    began = time.monotonic()
    person, need = _beginning(task)
    best: Solution | None = None
    turn = 0
    while True:
        turn += 1
        turned = time.monotonic()
        graph = flow.graph(task, person, need)
        given = flow.solved(task, graph)
        prices = flow.prices(task, graph, given)
        paid = flow.paid(task, graph, prices)
        least, missing = pairs.priced(task, prices, paid - base(task), task.weights.reserve)
        found = Solution(given, cost(task, given), bound(task, prices, least), prices, turn, len(graph.person))
        best = _better(best, found) if best else found
        if told:
            told(turn, best.gap)
        now = time.monotonic()
        if best.gap <= GOOD_ENOUGH or (now - began) + (now - turned) > seconds or turn == ROUNDS:  # the next takes about as long
            return best
        close = graph.cost + prices[graph.need] - paid[graph.person] < KEPT  # dearer pairs will not be used
        person, need = np.concatenate([graph.person[close], missing.person]), np.concatenate([graph.need[close], missing.need])


def _beginning(task: Task) -> tuple[Ints, Ints]:
    """The pairs to begin with; of a large city also those that the prices of a sample suggest."""
    chosen = pairs.first(task, NEAREST)
    if len(task.people) < LARGE:
        return chosen.person, chosen.need
    small, which = sampling.sample(task)
    guessed = sampling.spread(task, which, solve(small, seconds=SAMPLE_SECONDS).prices)
    everybody = np.full(len(task.people), task.weights.reserve, np.int64)
    wanted = pairs.priced(task, guessed, everybody, task.weights.reserve)[1]
    return np.concatenate([chosen.person, wanted.person]), np.concatenate([chosen.need, wanted.need])


def _better(one: Solution, two: Solution) -> Solution:
    """The cheaper assignment with the higher bound."""
    cheap = two if two.cost.total <= one.cost.total else one
    return Solution(cheap.given, cheap.cost, max(one.bound, two.bound), two.prices, two.rounds, two.pairs)


def bound(task: Task, prices: Ints, cheapest: pairs.Singles) -> int:
    """What no assignment can cost less than: everybody by themselves at these prices, and each need by itself. Any prices will do."""
    least = np.minimum(np.rint(cheapest - pairs.SLACK).astype(np.int64) + base(task), staying(task))
    never = np.unique(task.never[:, 0])
    if len(never):
        least[never] = np.minimum(_rows(task, prices, never) + base(task)[never], staying(task)[never])
    known, less = known_pairs(task)
    keys = known[:, 0] * np.int64(len(task.needs)) + known[:, 1]
    open_ = ~np.isin(keys, flow.forbidden(task))
    known, less = known[open_], less[open_]
    np.minimum.at(least, known[:, 0], plain(task, known[:, 0], known[:, 1]) + base(task)[known[:, 0]] - less + prices[known[:, 1]])
    need, price = slots(task.needs, task.weights)
    # A need takes its slots in order as long as each is worth its price; slots only grow dearer. A floor not met is paid for in full.
    return int(least.sum()) + int(np.minimum(price - prices[need], 0).sum()) - int(price[price < 0].sum())


def _rows(task: Task, prices: Ints, people: Ints) -> Ints:
    """The cheapest need of some people, over all needs but those they are kept from."""
    every = np.arange(len(task.needs))
    bad = flow.forbidden(task)
    least = np.full(len(people), NEVER, np.int64)
    for index, who in enumerate(people):
        one = plain(task, np.full(len(every), who), every) + prices
        one[np.isin(who * np.int64(len(every)) + every, bad)] = NEVER
        least[index] = one.min(initial=NEVER)
    return least


def places_given(task: Task, given: Ints) -> Ints:
    """Each person's place, or NOWHERE."""
    place = np.full(len(given), NOWHERE, np.int64)
    sent = given != NOWHERE
    place[sent] = task.needs.place[given[sent]]
    return place
