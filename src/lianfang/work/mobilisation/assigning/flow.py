"""The assignment over a graph of chosen pairs, by OR-Tools' minimum-cost flow, and the prices of places that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianfang.work.mobilisation.assigning.formula import NEVER, NOWHERE, Ints, Task, base, known_pairs, plain, slots, staying

PASSES = 4_000


class NoFlow(RuntimeError):
    """The solver gave no optimal flow. The graph always has one (everybody may stay), so this is a fault."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The pairs that may be used, by person, with the cost of each."""

    person: Ints
    need: Ints
    cost: Ints


def graph(task: Task, person: Ints, need: Ints) -> Graph:
    """The graph of these pairs and of those with a tie or a former place; what a rule forbids is left out."""
    known, less = known_pairs(task)
    width = np.int64(len(task.needs))
    special = known[:, 0] * width + known[:, 1]
    keys = np.sort(np.concatenate([person * width + need, special]))
    keys = keys[np.diff(keys, prepend=-1) != 0]
    if len(task.never):
        keys = keys[~np.isin(keys, forbidden(task))]
    who, what = np.divmod(keys, width)
    cost = plain(task, who, what) + base(task)[who]
    at = np.minimum(np.searchsorted(special, keys), max(len(special) - 1, 0))
    if len(special):
        cost -= np.where(special[at] == keys, less[at], 0)
    fits = cost < NEVER // 2
    return Graph(who[fits], what[fits], cost[fits])


def forbidden(task: Task) -> Ints:
    """The pairs of (person, need) that somebody excluded, as one number each."""
    order = np.argsort(task.needs.place, kind="stable")
    places = task.needs.place[order]
    first, last = (np.searchsorted(places, task.never[:, 1], side) for side in ("left", "right"))
    which = np.repeat(np.arange(len(task.never)), last - first)
    step = np.arange(len(which)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return np.unique(task.never[which, 0] * np.int64(len(task.needs)) + order[first[which] + step])


def solved(task: Task, pairs: Graph) -> Ints:
    """The best assignment over these pairs: each person's need, or NOWHERE."""
    from ortools.graph.python import min_cost_flow  # lazily: most processes never need it

    people, needs = len(task.people), len(task.needs)
    sink = people + needs
    slot_need, price = slots(task.needs, task.weights)
    everyone = np.arange(people)
    tails = np.concatenate([pairs.person, slot_need + people, everyone]).astype(np.int32)
    heads = np.concatenate([pairs.need + people, np.full(len(slot_need) + people, sink)]).astype(np.int32)
    costs = np.concatenate([pairs.cost, price, staying(task)])
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), costs)
    flow.set_nodes_supplies(np.append(everyone, sink).astype(np.int32), np.append(np.ones(people, np.int64), -people))
    if flow.solve() != flow.OPTIMAL:
        raise NoFlow
    used = np.flatnonzero(flow.flows(np.arange(len(pairs.person), dtype=np.int32)))
    given = np.full(people, NOWHERE, np.int64)
    given[pairs.person[used]] = pairs.need[used]
    return given


def prices(task: Task, pairs: Graph, given: Ints) -> Ints:
    """The price of each need that makes everybody's place their cheapest over these pairs, the highest such prices.

    From above: an unfilled need costs what its next person costs; a person in a need would pay there at most what the best
    other way out costs. Taken again until nothing changes (Bellman and Ford over the needs).
    """
    price = _next_slot(task, given)
    stay = staying(task)
    sent = np.flatnonzero(given != NOWHERE)
    at = given[sent]
    paid = np.full(len(given), 0, np.int64)
    mine = pairs.need == given[pairs.person]
    paid[pairs.person[mine]] = pairs.cost[mine]
    others = ~mine
    person, need, cost = pairs.person[others], pairs.need[others], pairs.cost[others]
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    who = person[starts]
    for _ in range(PASSES):
        out = stay.copy()
        if len(starts):
            out[who] = np.minimum(out[who], np.minimum.reduceat(cost + price[need], starts))
        lower = price.copy()
        np.minimum.at(lower, at, out[sent] - paid[sent])
        if np.array_equal(lower, price):
            break
        price = lower
    return price


def _next_slot(task: Task, given: Ints) -> Ints:
    """What the next person at each need costs; NEVER where it is full."""
    _need, price = slots(task.needs, task.weights)
    got = np.bincount(given[given != NOWHERE], minlength=len(task.needs))
    first = np.cumsum(task.needs.cap) - task.needs.cap
    full = got >= task.needs.cap
    top = np.full(len(got), NEVER, np.int64)
    top[~full] = price[(first + got)[~full]]
    return top


def paid(task: Task, pairs: Graph, price: Ints) -> Ints:
    """The least that each person pays over these pairs at these prices."""
    out = staying(task)
    np.minimum.at(out, pairs.person, pairs.cost + price[pairs.need])
    return out
