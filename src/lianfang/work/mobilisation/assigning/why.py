"""Why a place is short, and what would help: said from the people there are, not from the solver."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lianfang.work.mobilisation.assigning.formula import NOWHERE, Ints, Task, metres


class Why(StrEnum):
    """Why a need is short."""

    NOBODY = "nobody"  # 没有人具备
    TOO_FEW = "too_few"  # 具备的人不够分
    ALL_SENT = "all_sent"  # 人都已派出
    KEPT_AWAY = "kept_away"  # 有人，但只愿在别处
    TOO_FAR = "too_far"  # 有人，但太远


@dataclass(frozen=True, slots=True)
class Short:
    """A need that is short: by how many, why; who has what it asks, who of them is free, how far the nearest free one is."""

    need: int
    missing: int
    why: Why
    fitting: int
    wanted: int
    free: int
    nearest: int | None
    kept_away: int


def shortages(task: Task, given: Ints) -> list[Short]:
    """Every need below its floor."""
    got = np.bincount(given[given != NOWHERE], minlength=len(task.needs))
    short = np.flatnonzero(got < task.needs.floor)
    found: list[Short] = []
    for require in np.unique(task.needs.require[short]):
        fits = (task.people.have & require) == require
        wanted = int(task.needs.floor[task.needs.require == require].sum())
        free = np.flatnonzero(fits & (given == NOWHERE))
        about = int(fits.sum()), wanted, free
        asking = short[task.needs.require[short] == require]
        found += [_one(task, int(need), int(task.needs.floor[need] - got[need]), about) for need in asking]
    return sorted(found, key=lambda one: one.need)


def _one(task: Task, need: int, missing: int, about: tuple[int, int, Ints]) -> Short:
    fitting, wanted, free = about
    where = task.needs.position[need]
    comes = (task.people.reach_lo[free] <= where) & (where < task.people.reach_hi[free])
    ways = metres(task, free[comes], np.full(int(comes.sum()), need))
    nearest = int(ways.min()) if len(ways) else None
    if not fitting:
        why = Why.NOBODY
    elif nearest is not None:
        why = Why.TOO_FAR
    elif len(free):
        why = Why.KEPT_AWAY
    else:
        why = Why.TOO_FEW if fitting < wanted else Why.ALL_SENT
    return Short(need, missing, why, fitting, wanted, len(free), nearest, int((~comes).sum()))
