"""The pool and the needs of a place as arrays for the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, nan, radians
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.work.mobilisation.models import Assignment, Force, Need, Wish
from lianfang.work.mobilisation.queries.forces import on
from lianfang.work.mobilisation.rules.forces import OF_AGE
from lianfang.work.mobilisation.types import WishKind

if TYPE_CHECKING:
    from lianfang.work.mobilisation.assigning.formula import Floats, Ints, Task

METRES_A_DEGREE = 111_195.0  # of latitude, on the sphere of mean radius (IUGG)
_ABOVE = (Level.COMMUNITY, Level.STREET, Level.COUNTY, Level.CITY)
_WITH_POINTS = (Level.BUILDING, Level.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Survey:
    """The task, whose rows are these forces and needs, and who was pinned and takes no part in it."""

    task: Task
    forces: list[UUID]
    needs: list[UUID]
    pinned: list[tuple[UUID, UUID]]
    position_of: dict[UUID, int]
    without_point: int


def survey(ranges: Sequence[Range], *, drill: bool = False) -> Survey:
    """Everybody in the ranges who can be sent today, and all that is needed there, or in practice only. Pinned people fill their needs first."""
    import numpy as np  # lazily, as the solver

    from lianfang.work.mobilisation.assigning.formula import NOWHERE, Needs, People, Task

    today = clock.today()
    needs = list(
        Need.objects.filter(inside(ranges), on(today), drill=drill)
        .order_by("id")
        .values_list("id", "grouped", "position", "floor", "cap", "require", "risky")
    )
    known = {row[0] for row in needs}
    wishes = list(Wish.objects.filter(need__in=Need.objects.filter(inside(ranges), on(today))).values_list("force", "need", "kind"))
    pinned = [(force, need) for force, need, kind in wishes if kind == WishKind.PINNED and need in known]
    fixed = {force for force, _need in pinned}
    living = Force.objects.filter(inside(ranges), on(today)).order_by("id")
    people = list(living.values_list("id", "position", "able", "near_lo", "near_hi"))
    everybody = {row[0] for row in people}
    pinned = [(force, need) for force, need in pinned if force in everybody]
    people = [row for row in people if row[0] not in fixed]
    group = {grouped: number for number, grouped in enumerate(dict.fromkeys(row[1] for row in needs))}
    place_of = {row[0]: group[row[1]] for row in needs}
    sits = dict(Assignment.objects.filter(on(today), need__in=known).values_list("force", "need"))
    filled = Counter(need for _force, need in pinned)
    column = {name: np.array([row[at] for row in people], np.int64) for at, name in ((1, "position"), (2, "able"), (3, "lo"), (4, "hi"))}
    where = np.array([row[2] for row in needs], np.int64)
    floor = np.array([max(0, row[3] - filled[row[0]]) for row in needs], np.int64)
    cap = np.array([max(0, row[4] - filled[row[0]]) for row in needs], np.int64)
    require = np.array([row[5] | (OF_AGE if row[6] else 0) for row in needs], np.int64)
    x, y, above, without = _ground(ranges, column["position"])
    x2, y2, above2, without2 = _ground(ranges, where)
    number = {row[0]: index for index, row in enumerate(people)}
    never = [(number[f], place_of[n]) for f, n, kind in wishes if kind == WishKind.KEPT_AWAY and f in number and n in place_of]
    task = Task(
        People(
            x, y, above, column["able"].astype(np.uint64), column["lo"], column["hi"],
            np.array([place_of[sits[row[0]]] if row[0] in sits else NOWHERE for row in people], np.int64),
        ),
        Needs(np.array([place_of[row[0]] for row in needs], np.int64), x2, y2, where, above2, require.astype(np.uint64), floor, cap),
        never=np.array(never, np.int64).reshape(-1, 2),
    )  # fmt: skip
    return Survey(
        task, [row[0] for row in people], [row[0] for row in needs], pinned, {row[0]: row[2] for row in needs}, without + without2
    )


def _ground(ranges: Sequence[Range], positions: Ints) -> tuple[Floats, Floats, Ints, int]:
    """For each position the point (metres on a plane, nan without), the divisions above, and how many have no point."""
    import numpy as np  # lazily, as the solver

    grounds = places.grounds(ranges)
    above = np.zeros((len(positions), len(_ABOVE)), np.int64)
    longitude, latitude = np.full(len(positions), nan), np.full(len(positions), nan)

    def held(level: Level, *, pointed: bool = False) -> tuple[Ints, Ints]:
        mine = [one for one in grounds if one.level is level and (one.longitude is not None or not pointed)]
        lo, hi = (np.array([getattr(one, end) for one in mine], np.int64) for end in ("lo", "hi"))
        if not mine:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.searchsorted(lo, positions, "right") - 1
        rows = np.flatnonzero((at >= 0) & (positions < hi[np.maximum(at, 0)]))
        if pointed:
            longitude[rows] = np.array([one.longitude for one in mine])[at[rows]]
            latitude[rows] = np.array([one.latitude for one in mine])[at[rows]]
        return rows, lo[at[rows]]

    for index, level in enumerate(_ABOVE):
        rows, number = held(level)
        above[rows, index] = number
    for level in reversed(_WITH_POINTS):
        held(level, pointed=True)
    points = [one for one in grounds if one.longitude is not None and one.latitude is not None]
    middle = radians(sum(one.latitude or 0.0 for one in points) / len(points)) if points else 0.0
    x, y = longitude * METRES_A_DEGREE * cos(middle), latitude * METRES_A_DEGREE
    return x, y, above, int(np.isnan(x).sum())
