"""The formula and the hard rules once more, person by person in plain Python, from the guide alone: shares nothing with the solver."""

from __future__ import annotations

from collections import Counter
from math import hypot, isnan
from typing import Any

TREE = (400, 1500, 6000, 25000)


def way(task: Any, person: int, need: int) -> float:
    one, other = task.people, task.needs
    straight = hypot(one.x[person] - other.x[need], one.y[person] - other.y[need])
    if not isnan(straight):
        return straight
    shared = [metres for level, metres in enumerate(TREE) if one.above[person][level] == other.above[need][level]]
    return shared[0] if shared else 100_000.0


def broken(task: Any, given: Any) -> list[str]:
    """Every hard rule that this assignment breaks, in words."""
    people, needs = task.people, task.needs
    kept_away = {(int(person), int(place)) for person, place in task.never}
    found = []
    for person, need in enumerate(int(each) for each in given):
        if need < 0:
            continue
        if int(needs.require[need]) & ~int(people.have[person]):
            found.append(f"person {person} lacks what need {need} requires")
        if not people.reach_lo[person] <= needs.position[need] < people.reach_hi[person]:
            found.append(f"person {person} does not go to need {need}")
        if (person, int(needs.place[need])) in kept_away:
            found.append(f"person {person} was kept from need {need}")
    full = Counter(int(need) for need in given if need >= 0)
    found += [f"need {need} has {many}" for need, many in full.items() if many > needs.cap[need]]
    return found


def total(task: Any, given: Any) -> int:
    """What the assignment costs by the formula."""
    weigh, needs, cost = task.weights, task.needs, 0
    ties: dict[int, set[int]] = {}
    for person, place in task.ties:
        ties.setdefault(int(person), set()).add(int(place))
    for person, need in enumerate(int(each) for each in given):
        place = int(needs.place[need]) if need >= 0 else -1
        if need >= 0:
            metres = way(task, person, need)
            cost += round(metres * (1 + metres / weigh.far))
        else:
            cost += weigh.reserve
        if person in ties and place not in ties[person]:
            cost += weigh.tie
        if task.people.at[person] >= 0 and place != task.people.at[person]:
            cost += weigh.move
    got = Counter(int(need) for need in given if need >= 0)
    for need in range(len(needs.place)):
        floor, whole = int(needs.floor[need]), max(int(needs.floor[need]), 1)
        for k in range(got[need] + 1, floor + 1):
            cost += round(weigh.shortfall * (1 + (floor - k) / whole))
        for k in range(floor + 1, got[need] + 1):
            cost += round(weigh.crowding * (k - floor) / whole)
    return cost
