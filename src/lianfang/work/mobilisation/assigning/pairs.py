"""All pairs of people and needs, in blocks: who is near whom, and what the prices of a solution leave to be desired.

People (or needs) are taken in blocks of neighbours. Nothing costs a block less than its price and the way from the block's rectangle;
what cannot count by that is left out, and nothing else is. The arithmetic is in 32 bits: SLACK metres a person are given away for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianfang.work.mobilisation.assigning.formula import EVERYWHERE, Ints, Needs, People, Task, by_tree, felt

Singles = NDArray[np.float32]
BLOCK, TOGETHER, SLACK, FEW = 128, 500_000, 0.05, 16
DRAWN, WIDE = 8, 1_500_000.0
TOO_FAR = np.float32(1e12)


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of (person, need)."""

    person: Ints
    need: Ints


def blocks(side: People | Needs, rows: Ints) -> list[Ints]:
    """Some of one side in blocks of neighbours: along a curve through a grid; those without a point by their community."""
    order = in_order(side, rows)
    cut = int(np.isnan(side.x[order]).sum())
    return [part for half in (order[:cut], order[cut:]) if len(half) for part in np.array_split(half, -(-len(half) // BLOCK))]


def in_order(side: People | Needs, rows: Ints) -> Ints:
    """Some of one side as they lie along the curve; those without a point first, by their community."""
    return rows[np.argsort(_along(side, rows), kind="stable")]


def _interleaved(x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """The Morton key of each cell of fifty metres, on a plane that begins at 0."""
    key = np.zeros(len(x), np.int64)
    for bit in range(16):
        for axis, of in enumerate((x, y)):
            key |= (((of / 50).astype(np.int64) >> bit) & 1) << (2 * bit + axis)
    return key


def first(task: Task, many: int) -> Found:
    """A first choice of pairs: the nearest on both sides, and single ones at growing distances, drawn by lot with a fixed seed.

    The far ones let people flow from quarters that have many to quarters that have few, before any price shows where that is wanted.
    """
    anybody, anywhere = np.arange(len(task.people)), np.flatnonzero(task.needs.require == 0)
    found = [_around(task.people, anybody, task.needs, anywhere, many)] if len(anywhere) else []
    for require in np.unique(task.needs.require):
        fit = np.flatnonzero((task.people.have & require) == require)
        if len(fit):
            theirs = _around(task.needs, np.flatnonzero(task.needs.require == require), task.people, fit, many)
            found.append(Found(theirs.need, theirs.person))
    return _together([(part.person, part.need) for part in found])


def _around(one: People | Needs, rows: Ints, other: People | Needs, columns: Ints, many: int) -> Found:
    """For each of the rows the nearest columns, and some at distances drawn by lot, along the curve through the city."""

    def nearest(block: Ints) -> tuple[Ints, Ints]:
        way = _at_least(one, block, other, columns)
        some = columns[np.argpartition(way, min(12 * many, len(columns)) - 1)[: 12 * many]]
        way = np.hypot(one.x[block, None] - other.x[some], one.y[block, None] - other.y[some])
        which = np.argpartition(np.nan_to_num(way), min(many, len(some)) - 1, axis=1)[:, :many]
        return np.repeat(block, which.shape[1]), some[which].ravel()

    return _together([*_in_threads(nearest, blocks(one, rows)), _far(one, rows, other, columns)])


def _far(one: People | Needs, rows: Ints, other: People | Needs, columns: Ints) -> tuple[Ints, Ints]:
    """DRAWN columns for each row, each at a doubling of the number passed over along the curve, to either side; chance is seeded."""
    dice = np.random.default_rng(len(rows))
    mine, theirs = _along(one, rows), _along(other, columns)
    order = np.argsort(theirs, kind="stable")
    scales = int(np.log2(max(len(columns), 2)))
    step = 2 ** (dice.random((len(rows), DRAWN)) * (scales - 2) + 2) * dice.choice((-1, 1), (len(rows), DRAWN))
    rank = np.searchsorted(theirs[order], mine)[:, None] + step.astype(np.int64)
    return np.repeat(rows, DRAWN), columns[order[np.clip(rank, 0, len(columns) - 1)]].ravel()


def _along(side: People | Needs, rows: Ints) -> Ints:
    """Where each lies along the curve; those without a point by their community, all in front."""
    x, y = side.x[rows], side.y[rows]
    return np.where(np.isnan(x), -side.above[rows, 0], _interleaved(np.nan_to_num(x) + WIDE, np.nan_to_num(y) + WIDE))


def priced(task: Task, prices: Ints, paid: Ints, ceiling: int) -> tuple[Singles, Found]:
    """Under prices of the needs: the least that each person pays anywhere (at most the ceiling), and pairs that beat what they pay.

    Of the pairs that do, each person's best few are taken, and each need's best person of the block: not all the same ones.
    """
    least = np.full(len(task.people), ceiling, np.float32)
    every = np.arange(len(task.needs))
    cost_of = np.minimum(prices, 10**9).astype(np.float32)

    def better(block: Ints) -> tuple[Ints, Ints]:
        bound = felt(_at_least(task.people, block, task.needs, every), task.weights.far) - SLACK + cost_of
        some = np.flatnonzero(bound < ceiling)
        taken = [np.empty((2, 0), np.int64)]
        for people in np.array_split(block, max(1, len(block) * len(some) // TOGETHER)):
            ways = _costs(task, people, some) + cost_of[some]
            if ways.shape[1]:
                least[people] = np.minimum(ways.min(axis=1), ceiling)
                taken += _beating(ways - paid[people, None].astype(np.float32), people, some)
        both = np.concatenate(taken, axis=1)
        return both[0], both[1]

    return least, _together(_in_threads(better, blocks(task.people, np.arange(len(task.people)))))


def _beating(over: Singles, people: Ints, needs: Ints, *, few: int = FEW, all_of: int = 400) -> Iterator[NDArray[np.int64]]:
    """The best few needs of each person, and the best person of the most wanted needs, where that beats what is paid (over < 0)."""
    rows = np.flatnonzero(over.min(axis=1) < -1)
    if not len(rows):
        return
    part = over[rows]
    which = np.argpartition(part, min(few, part.shape[1]) - 1, axis=1)[:, :few]
    row, column = np.nonzero(np.take_along_axis(part, which, axis=1) < -1)
    yield np.stack([people[rows[row]], needs[which[row, column]]])
    best = part.argmin(axis=0)
    gain = part[best, np.arange(part.shape[1])]
    wanted = np.flatnonzero(gain < -1)
    wanted = wanted[np.argsort(gain[wanted])][:all_of]
    yield np.stack([people[rows[best[wanted]]], needs[wanted]])


def _together(found: list[tuple[Ints, Ints]]) -> Found:
    none = np.empty(0, np.int64)
    return Found(np.concatenate([none, *(person for person, _need in found)]), np.concatenate([none, *(need for _person, need in found)]))


def _in_threads(work: Callable[[Ints], tuple[Ints, Ints]], parts: list[Ints]) -> list[tuple[Ints, Ints]]:
    """Two at a time: numpy lets go of the interpreter."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, parts))


def _at_least(one: People | Needs, block: Ints, other: People | Needs, columns: Ints) -> NDArray[np.float64]:
    """The way to each of the columns that anybody of the block has at the least: from its rectangle, or by the tree."""
    x, y, x2, y2 = one.x[block], one.y[block], other.x[columns], other.y[columns]
    away_x = np.maximum(np.maximum(x.min() - x2, x2 - x.max()), 0.0)
    away_y = np.maximum(np.maximum(y.min() - y2, y2 - y.max()), 0.0)
    way: NDArray[np.float64] = np.sqrt(away_x * away_x + away_y * away_y)
    unknown = np.isnan(way)
    if unknown.any():
        above = np.unique(one.above[block], axis=0)
        way[unknown] = by_tree(above[:, None, :], other.above[columns[unknown]][None, :, :]).min(axis=0)
    return way


def _costs(task: Task, block: Ints, others: Ints) -> Singles:
    """What each pair costs by its way, TOO_FAR where a rule forbids it; a row for each of the block."""
    people, needs = task.people, task.needs
    middle_x, middle_y = _middle(needs.x[others]), _middle(needs.y[others])
    x, y = ((axis - middle).astype(np.float32) for axis, middle in ((people.x[block], middle_x), (people.y[block], middle_y)))
    x2, y2 = ((axis - middle).astype(np.float32) for axis, middle in ((needs.x[others], middle_x), (needs.y[others], middle_y)))
    way = np.subtract.outer(x, x2)
    np.square(way, out=way)
    across = np.subtract.outer(y, y2)
    np.square(across, out=across)
    way += across
    np.sqrt(way, out=way)
    if np.isnan(x).any() or np.isnan(x2).any():
        tree = by_tree(people.above[block][:, None, :], needs.above[others][None, :, :]).astype(np.float32)
        way = np.where(np.isnan(way), tree, way)
    np.multiply(way, np.float32(1 / task.weights.far), out=across)
    across += 1
    way *= across
    _forbid(task, way, block, others)
    return way


def _middle(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


def _forbid(task: Task, way: Singles, block: Ints, others: Ints) -> None:
    """Only the columns that require something and the rows that go not everywhere are looked at."""
    people, needs = task.people, task.needs
    asking = np.flatnonzero(needs.require[others])
    asked = needs.require[others[asking]]
    for require in set(asked.tolist()):
        lacking = (people.have[block] & np.uint64(require)) != np.uint64(require)
        way[np.ix_(lacking, asking[asked == np.uint64(require)])] = TOO_FAR
    near_only = np.flatnonzero((people.reach_lo[block] > EVERYWHERE[0]) | (people.reach_hi[block] < EVERYWHERE[1]))
    if len(near_only):
        where, who = needs.position[others], block[near_only]
        outside = (where < people.reach_lo[who, None]) | (where >= people.reach_hi[who, None])
        way[near_only] = np.where(outside, TOO_FAR, way[near_only])
