"""`./lianfang simulate NAME`: an invented town, its phones over HTTP, and whether the figures are those that its generator knows."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.crowd import Crowd
from bench.frame import machine
from bench.sending import wait_for_intake
from bench.simulation import days, ground, published
from bench.simulation.counting import Count, count
from bench.simulation.ground import Grid, Ground
from bench.simulation.phones import BATCH, Phone, join
from bench.simulation.published import SETTINGS, Setting
from bench.stage import served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import account_id_of_login
from lianfang.ground.places.models import Place
from lianfang.kernel import clock
from lianfang.kernel.ids import RoundId
from lianfang.ledger import kinds
from lianfang.ledger.queries import wait_until_folded
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound

DATABASE = "lianfang_simulated"
LINES, FOLDED_WITHIN, FINE = 16, 600.0, 2  # connections that carry what all phones send; seconds; communities that are compared
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be simulated."""

    setting: Setting
    people: int
    days: int
    seed: int


def simulate(wish: Wish, *, say: Say = lambda _: None) -> dict[str, Any]:
    """Build, serve, let phones join and send, and compare; what there was, what was answered, and each figure with what it must be."""
    began = time.monotonic()
    with stage(DATABASE) as (made, _there):
        town = ground.settle(wish.setting, wish.people, seed=wish.seed, say=say)
        ground.appoint(town.top, town.communities[0].place)
        built = time.monotonic() - began
        say(", ".join(f"{count} {what}" for what, count in town.count().items()))
        with served(made) as address:
            wait_for_intake(address)
            phones = joined(Poster(address), town.grids)
            walked = walk(wish, town, phones)
            sending, crowd = time.monotonic(), Crowd(address, "/intake/sealed")
            crowd.carry((body for _, body in walked.calls), min(LINES, len(phones)))
            sent_in = time.monotonic() - sending
            if not wait_until_folded(FOLDED_WITHIN):
                raise TimeoutError("the records were not folded")
            token = accounts.add_device(account_id_of_login("city"), "simulation", by=access.local_administrator()).token
            places = [town.top, *(one.place for one in town.communities[:FINE])]
            compared = compare(lambda path: asked(address, path, token), walked, places)
    verdicts = {word.decode(): number for word, number in sorted(crowd.verdicts.items())}
    return {
        "synthetic": True,
        "town": wish.setting.name,
        "seed": wish.seed,
        "sources": list(wish.setting.sources),
        "assumptions": [*wish.setting.assumed, *published.ASSUMPTIONS],
        "machine": machine(),
        "ground": town.count(),
        "sent": {"calls": len(walked.calls), "records": walked.records, **verdicts, "come_again": crowd.again, "failed": crowd.failed[:3]},
        "seconds": {"built": round(built, 1), "sent": round(sent_in, 1)},
        "figures": compared,
        "wrong": sum(one["found"] != one["known"] for one in compared) + len(crowd.failed) + max(0, walked.records - crowd.kept),
    }


class Poster:
    """Sends JSON to the pages over one kept connection."""

    def __init__(self, address: Address) -> None:
        self.connected = http.client.HTTPConnection(address.host, address.port, timeout=60)

    def __call__(self, path: str, body: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self.connected.request("POST", path, body, {"Content-Type": "application/json"})
        answer = self.connected.getresponse()
        return answer.status, answer.read()


def joined(post: Callable[[str, str], tuple[int, bytes]], grids: Sequence[Grid]) -> list[Phone]:
    """One phone for each grid, its worker's, joined by a link over HTTP."""
    here, found = access.local_administrator(), []
    for account, number in ground.grid_workers([grid.area_id for grid in grids], len(grids)):
        link = accounts.invite_phone(account, by=here)
        found.append(join(post, link.token, number[-4:]))
    return found


@dataclass(frozen=True, slots=True)
class Walked:
    """What all phones send, call by call in the order in which it reaches the server; the round, and what must be counted, by place."""

    calls: list[tuple[int, bytes]]
    records: int
    opened: RoundId
    known: Mapping[Any, Count]


def walk(wish: Wish, town: Ground, phones: Sequence[Phone]) -> Walked:
    """A round over the town, walked by everybody."""
    chance, now = random.Random(wish.seed + 1), int(clock.now().timestamp() * 1000)
    begins = days.first_midnight(now, wish.days)
    opened = rounds.open_round(
        NewRound(
            "模拟走访",
            "headcount",
            clock.now() + timedelta(days=1),
            place=town.top.place_id,
            opens_at=datetime.fromtimestamp(begins / 1000, UTC),
        ),
        by=access.local_administrator(),
    )
    versions = kinds.current("visit").version, kinds.current("correction").version
    calls: list[tuple[int, bytes]] = []
    known, records, following = {town.top.place_id: Count()}, 0, iter(phones)
    for community in town.communities:
        known[community.place.place_id] = Count()
        for grid, phone in zip(community.grids, following, strict=False):
            doors = [(str(door), people) for door, people in zip(grid.doors, grid.people, strict=True)]
            made = days.Walk(doors, begins, wish.days, now, versions, random.Random(chance.getrandbits(64))).made()
            known[community.place.place_id].add(count(made.visits, made.changes, opens_at=begins))
            records += len(made.sent)
            calls += _calls(phone, made.sent, chance)
        known[town.top.place_id].add(known[community.place.place_id])
    calls.sort(key=lambda call: call[0])
    return Walked(calls, records, opened.id, known)


def _calls(phone: Phone, sent: Iterable[tuple[int, str, str]], chance: random.Random) -> Iterable[tuple[int, bytes]]:
    """What a phone sends at each moment at which it has network, fifty records a call; sometimes twice."""
    waiting: dict[int, list[tuple[str, str]]] = {}
    for reaches, record, rest in sent:
        waiting.setdefault(reaches, []).append((record, rest))
    for reaches, records in waiting.items():
        for start in range(0, len(records), BATCH):
            body = phone.call(records[start : start + BATCH])
            yield reaches, body
            if chance.random() < published.TWICE:
                yield reaches + days.HOUR, body


def compare(ask: Callable[[str], Any], walked: Walked, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Each figure of some places over the interface, beside what it must be."""
    return [
        {"place": place.name, "figure": name, "known": known, "found": found}
        for place in places
        for name, known, found in _compared(ask, walked, place)
    ]


def _compared(ask: Callable[[str], Any], walked: Walked, place: Place) -> Iterable[tuple[str, int, int]]:
    first, last = clock.today() - timedelta(days=60), clock.today()
    covered = ask(f"/api/v1/rounds/{place.pk}/{walked.opened}")
    for name, known in walked.known[place.place_id].figures().items():
        if name.startswith("round "):
            yield name, known, covered[name.removeprefix("round ")]
        else:
            yield name, known, ask(f"/api/v1/figures/{name}/{place.pk}?first={first}&last={last}")["value"]


def asked(address: Address, path: str, token: str) -> Any:
    """What the interface answers."""
    connected = http.client.HTTPConnection(address.host, address.port, timeout=60)
    connected.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connected.getresponse()
    told = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {answer.status} {told[:200]!r}")
    return json.loads(told)


def wish_of(name: str, people: int | None, many_days: int, seed: int) -> Wish:
    """The wish behind the words of the command line; all the people of the place unless said otherwise."""
    return Wish(SETTINGS[name], people or SETTINGS[name].people, many_days, seed)
