"""An invented city for the assignment: people and places in clusters, some quarters rich in people and some in need of them."""

from __future__ import annotations

import numpy as np

from lianfang.work.mobilisation.assigning.formula import NOWHERE, Bits, Ints, Needs, People, Task

PEOPLE, AREAS, POSTS = 80_000, 13_588, 9_739
FULL_MEMBER, ADULT = 1, 2
SKILLS = (0.12, 0.06, 0.03, 0.08)  # the share of people with each of four skills
EVERYWHERE_HI = 2**63 - 1


def city(people: int = PEOPLE, areas: int = AREAS, posts: int = POSTS, *, seed: int = 7) -> Task:
    """A city of this size: 97 of 100 people are adults, 45 full members, 5 go only within their community, 8 have a tie."""
    dice = np.random.default_rng(seed)
    communities = max(12, people // 160)
    side = 22_000 * np.sqrt(people / PEOPLE)
    middle = dice.normal(0, side / 5, (communities, 2))
    outside = dice.random(communities) < 0.25
    middle[outside] = dice.uniform(-side / 1.2, side / 1.2, (int(outside.sum()), 2))
    street = np.argsort(np.argsort(middle[:, 0])) // 8

    def spread(many: int, weight: np.ndarray) -> tuple[Ints, np.ndarray, Ints]:
        where = dice.choice(communities, many, p=weight / weight.sum())
        above = np.stack([where, street[where] + 10_000, street[where] // 10 + 20_000, np.zeros(many, np.int64)], axis=1)
        return where, middle[where] + dice.normal(0, 250, (many, 2)), above

    wanted = dice.gamma(4, 1, communities)
    home, at, above = spread(people, dice.gamma(2, 1, communities))
    have = np.zeros(people, np.uint64)
    for bit, share in enumerate((0.45, 0.97, *SKILLS)):
        have |= (dice.random(people) < share).astype(np.uint64) << np.uint64(bit)
    stays = dice.random(people) < 0.05
    everybody = People(
        at[:, 0], at[:, 1], above, have,
        np.where(stays, home * 10**7, 0), np.where(stays, (home + 1) * 10**7, EVERYWHERE_HI), np.full(people, NOWHERE, np.int64),
    )  # fmt: skip
    places = areas + posts
    there, point, over = spread(places, wanted)
    floor = np.concatenate([dice.integers(2, 5, areas), dice.integers(1, 4, posts)])
    plain = (np.arange(places), np.zeros(places, np.uint64), floor)
    party = areas + np.flatnonzero(dice.random(posts) < 0.4)
    skilled = areas + np.flatnonzero(dice.random(posts) < 0.3)
    asked: Bits = np.uint64(ADULT) | (np.uint64(1) << dice.integers(2, 6, len(skilled)).astype(np.uint64))
    place = np.concatenate([plain[0], party, skilled])
    require = np.concatenate([plain[1], np.full(len(party), FULL_MEMBER | ADULT, np.uint64), asked])
    floors = np.concatenate([plain[2], np.ones(len(party) + len(skilled), np.int64)]).astype(np.int64)
    needs = Needs(
        place, point[place, 0], point[place, 1], there[place] * 10**7, over[place], require, floors, floors + np.where(require == 0, 2, 0)
    )
    return Task(everybody, needs, ties=_ties(dice, home, there))


def _ties(dice: np.random.Generator, home: Ints, there: Ints) -> Ints:
    by_community = {community: np.flatnonzero(there == community) for community in np.unique(home)}
    tied = [person for person in np.flatnonzero(dice.random(len(home)) < 0.08) if len(by_community[home[person]])]
    return np.array([(person, dice.choice(by_community[home[person]])) for person in tied], np.int64).reshape(-1, 2)


def changed(task: Task, given_places: Ints, share: float = 0.02, *, seed: int = 3) -> tuple[Task, Ints]:
    """The day after: a share of the people is replaced by others, a share of the places asks for one more; and who stayed the same."""
    dice = np.random.default_rng(seed)
    gone = np.flatnonzero(dice.random(len(task.people)) < share)
    people, needs = task.people, task.needs
    at = given_places.copy()
    at[gone] = NOWHERE
    x, y = people.x.copy(), people.y.copy()
    others = dice.permutation(len(x))[: len(gone)]
    x[gone], y[gone] = people.x[others], people.y[others]
    floor, cap = needs.floor.copy(), needs.cap.copy()
    more = (dice.random(len(needs)) < share) & (needs.require == 0)
    floor[more], cap[more] = floor[more] + 1, cap[more] + 1
    after = Task(
        People(x, y, people.above, people.have, people.reach_lo, people.reach_hi, at),
        Needs(needs.place, needs.x, needs.y, needs.position, needs.above, needs.require, floor, cap),
        ties=task.ties[~np.isin(task.ties[:, 0], gone)], weights=task.weights,
    )  # fmt: skip
    return after, np.setdiff1d(np.arange(len(x)), gone)
