"""The formula (docs/guides/assignment.md): what an assignment costs, in metres. One person more or less, one number."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]
Pairs = NDArray[np.int64]
NOWHERE = -1
NEVER = np.int64(10**12)
EVERYWHERE = (0, 2**63 - 1)
# What stands for the way where a point is missing, by the smallest division that holds both: community, street, county, city.
TREE_METRES = (400, 1_500, 6_000, 25_000)
FARTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the formula. Each is a way in metres that is as bad as the thing."""

    shortfall: int = 20_000
    crowding: int = 400
    reserve: int = 1_500
    tie: int = 1_500
    move: int = 3_000
    far: int = 5_000


@dataclass(slots=True)
class People:
    """Who can be sent, an entry a person. `above`: numbers of community, street, county, city; `at`: the place before, or NOWHERE.

    x and y are metres on the city's plane (nan: no point). `have` are the bits of what a person has; they go only into [reach_lo, reach_hi).
    """

    x: Floats
    y: Floats
    above: Ints
    have: Bits
    reach_lo: Ints
    reach_hi: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.x)


@dataclass(slots=True)
class Needs:
    """What places need. A place may have several: three people, one of them a full member. `place` numbers the places."""

    place: Ints
    x: Floats
    y: Floats
    position: Ints
    above: Ints
    require: Bits
    floor: Ints
    cap: Ints

    def __len__(self) -> int:
        return len(self.x)


@dataclass(slots=True)
class Task:
    """One task of assignment. `ties` and `never` are pairs (person, place)."""

    people: People
    needs: Needs
    ties: Pairs = field(default_factory=lambda: np.empty((0, 2), np.int64))
    never: Pairs = field(default_factory=lambda: np.empty((0, 2), np.int64))
    weights: Weights = field(default_factory=Weights)

    def tied(self) -> NDArray[np.bool_]:
        """Who has a tie."""
        has = np.zeros(len(self.people), np.bool_)
        has[self.ties[:, 0]] = True
        return has

    def moved(self) -> NDArray[np.bool_]:
        """Who had a place before."""
        return np.asarray(self.people.at != NOWHERE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What an assignment costs, term by term."""

    distance: int
    shortfall: int
    load: int
    reserve: int
    ties: int
    moves: int

    @property
    def total(self) -> int:
        """The number that is made small."""
        return self.distance + self.shortfall + self.load + self.reserve + self.ties + self.moves


def metres(task: Task, people: Ints, needs: Ints) -> Floats:
    """The way of each pair (the arrays are taken together by numpy's rules): by points, else by the tree."""
    one, other = task.people, task.needs
    x, y = one.x[people] - other.x[needs], one.y[people] - other.y[needs]
    way = np.sqrt(x * x + y * y)
    if np.isnan(way).any():
        way = np.where(np.isnan(way), by_tree(one.above[people], other.above[needs]), way)
    return way


def by_tree(one: Ints, other: Ints) -> Floats:
    """What stands for the way between two places without points."""
    shares = one == other
    way = np.full(shares.shape[:-1], FARTHEST, np.float64)
    for level in reversed(range(len(TREE_METRES))):
        way[shares[..., level]] = TREE_METRES[level]
    return way


def felt(way: Floats, far: int) -> Floats:
    """The way as it is felt: twice as far is more than twice as bad, so that nobody walks very far to spare others a little."""
    return way * (1 + way / far)


def allowed(task: Task, people: Ints, needs: Ints) -> NDArray[np.bool_]:
    """The hard rules of a pair but `never`: everything required is there, and the place lies where the person will go."""
    one, other = task.people, task.needs
    fits = (one.have[people] & other.require[needs]) == other.require[needs]
    return np.asarray(fits & (other.position[needs] >= one.reach_lo[people]) & (other.position[needs] < one.reach_hi[people]))


def plain(task: Task, people: Ints, needs: Ints) -> Ints:
    """What each pair costs by its way alone; NEVER where a rule forbids it."""
    way = np.rint(felt(metres(task, people, needs), task.weights.far)).astype(np.int64)
    return np.where(allowed(task, people, needs), way, NEVER)


def base(task: Task) -> Ints:
    """What a person costs who goes to a place with no tie and where they were not before."""
    return task.tied() * np.int64(task.weights.tie) + task.moved() * np.int64(task.weights.move)


def staying(task: Task) -> Ints:
    """What a person costs who is sent nowhere."""
    return base(task) + task.weights.reserve


def known_pairs(task: Task) -> tuple[Pairs, Ints]:
    """The pairs of (person, need) with a tie or a former place, and what each costs less than a pair without."""
    rows = np.flatnonzero(task.moved())
    pairs = np.concatenate([task.ties, np.stack([rows, task.people.at[rows]], axis=1)])
    less = np.concatenate([np.full(len(task.ties), task.weights.tie), np.full(len(rows), task.weights.move)]).astype(np.int64)
    order = np.argsort(task.needs.place, kind="stable")
    sorted_places = task.needs.place[order]
    first = np.searchsorted(sorted_places, pairs[:, 1], "left")
    many = np.searchsorted(sorted_places, pairs[:, 1], "right") - first
    which = np.repeat(np.arange(len(pairs)), many)
    step = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    return _summed(np.stack([pairs[which, 0], order[first[which] + step]], axis=1), less[which], len(task.needs))


def _summed(pairs: Pairs, less: Ints, needs: int) -> tuple[Pairs, Ints]:
    keys, back = np.unique(pairs[:, 0] * needs + pairs[:, 1], return_inverse=True)
    total = np.zeros(len(keys), np.int64)
    np.add.at(total, back, less)
    return np.stack([keys // needs, keys % needs], axis=1), total


def slots(needs: Needs, weights: Weights) -> tuple[Ints, Ints]:
    """The price of each further person at each need: (need, price), in order. Below the floor negative: a shortfall less."""
    need = np.repeat(np.arange(len(needs)), needs.cap)
    k = np.arange(len(need)) - np.repeat(np.cumsum(needs.cap) - needs.cap, needs.cap) + 1
    floor = needs.floor[need]
    whole = np.maximum(floor, 1)
    missing = -np.rint(weights.shortfall * (1 + (floor - k) / whole))
    crowded = np.rint(weights.crowding * (k - floor) / whole)
    return need, np.where(k <= floor, missing, crowded).astype(np.int64)


def cost(task: Task, given: Ints) -> Cost:
    """What this assignment costs: `given` is each person's need, NOWHERE for none. Rules are not looked at here."""
    sent = np.flatnonzero(given != NOWHERE)
    ways = np.rint(felt(metres(task, sent, given[sent]), task.weights.far)).astype(np.int64)
    place = np.full(len(given), NOWHERE, np.int64)
    place[sent] = task.needs.place[given[sent]]
    kept = np.zeros(len(given), np.bool_)
    at_tie = place[task.ties[:, 0]] == task.ties[:, 1]
    kept[task.ties[at_tie, 0]] = True
    need, price = slots(task.needs, task.weights)
    got = np.bincount(given[sent], minlength=len(task.needs))
    k = np.arange(len(need)) - np.repeat(np.cumsum(task.needs.cap) - task.needs.cap, task.needs.cap) + 1
    taken = k <= got[need]
    return Cost(
        distance=int(ways.sum()),
        shortfall=-int(price[~taken & (price < 0)].sum()),
        load=int(price[taken & (price > 0)].sum()),
        reserve=task.weights.reserve * int((given == NOWHERE).sum()),
        ties=task.weights.tie * int((task.tied() & ~kept).sum()),
        moves=task.weights.move * int((task.moved() & (place != task.people.at)).sum()),
    )
