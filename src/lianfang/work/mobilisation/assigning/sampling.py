"""A large city seen from afar: every eighth person and place, solved by themselves, say what a place in each quarter is worth.

Where a quarter has too few people, those who come live far off and are nobody's neighbours; the prices of the sample show it before
the first whole solution. It is a guess: it chooses the pairs to begin with, and the proof does without it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lianfang.work.mobilisation.assigning import pairs
from lianfang.work.mobilisation.assigning.formula import NOWHERE, Ints, Needs, People, Task

EVERY, NEIGHBOURS = 8, 3


def sample(task: Task) -> tuple[Task, Ints]:
    """Every eighth person and every eighth place with all its needs, along the curve; and which needs those are."""
    who = pairs.in_order(task.people, np.arange(len(task.people)))[::EVERY]
    first = np.unique(task.needs.place, return_index=True)[1]
    places = np.sort(task.needs.place[pairs.in_order(task.needs, first)[::EVERY]])
    needs = np.flatnonzero(np.isin(task.needs.place, places))
    people = People(**{name: getattr(task.people, name)[who] for name in People.__slots__})
    people.at = np.full(len(who), NOWHERE, np.int64)
    none = np.empty((0, 2), np.int64)
    return replace(
        task, people=people, needs=Needs(**{name: getattr(task.needs, name)[needs] for name in Needs.__slots__}), ties=none, never=none
    ), needs


def spread(task: Task, which: Ints, prices: Ints) -> Ints:
    """A price for each need of the whole: what the nearest of the sample that ask the same are worth."""
    everywhere = np.zeros(len(task.needs), np.int64)
    for require in np.unique(task.needs.require):
        mine = np.flatnonzero(task.needs.require == require)
        theirs = which[task.needs.require[which] == require]
        if not len(theirs):
            continue
        price = np.clip(prices[task.needs.require[which] == require], -2 * task.weights.shortfall, 10 * task.weights.shortfall)
        for block in pairs.blocks(task.needs, mine):
            way = np.hypot(task.needs.x[block, None] - task.needs.x[theirs], task.needs.y[block, None] - task.needs.y[theirs])
            near = np.argpartition(np.nan_to_num(way), min(NEIGHBOURS, len(theirs)) - 1, axis=1)[:, :NEIGHBOURS]
            everywhere[block] = price[near].mean(axis=1)
    return everywhere
