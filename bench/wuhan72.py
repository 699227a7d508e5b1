"""Ten million people in seventy-two hours: Wuhan's 3,495 communities and 7,148 compounds, a round over all, one record a person.

Sealed as phones seal them and sent over HTTP in calls of fifty, while the city's, a street's and a grid's pages are read all the time. The clock runs
from the first send until the last figure is right; loading and generating are timed apart. `--scale 0.01` (the default) takes a hundredth of the
people, in a hundredth of the communities. Goals hold for the scale: twenty minutes for the whole city.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse

from bench import cost
from bench.crowd import Crowd
from bench.frame import Goal, Measured, percentile
from bench.sending import wait_for_intake
from bench.simulation import ground
from bench.simulation.command import Poster, asked, joined
from bench.simulation.counting import Count
from bench.simulation.ground import PASSWORD, Ground
from bench.simulation.phones import Phone
from bench.simulation.published import SETTINGS
from bench.simulation.screening import HOURS72, Screening
from bench.stage import Reader, Stage, served, stage
from lianfang.config.runtime.progress import say
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import account_id_of_login
from lianfang.ground.places.models import Place
from lianfang.kernel import clock
from lianfang.ledger import kinds
from lianfang.ledger.queries import folded_until
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound

DATABASE, WHOLE, WITHIN_S = "lianfang_bench_wuhan72", 10_000_000, 1200.0
SCALE = float(os.environ.get("LIANFANG_BENCH_SCALE", "0.01"))
PEOPLED = os.environ.get("LIANFANG_BENCH_PEOPLED", "1") == "1"
LINES, FINE, RIGHT_WITHIN = 32, 20, 1200.0  # connections of all phones; communities that are compared; seconds
LOOK, PAUSE, PAGE_MS, LAG_S, PROCESS_MB = 0.5, 0.5, 300.0, 2.0, 512.0


def measure(runs: int) -> Measured:
    """Load the city once; for each run a round of its own, screened anew."""
    measured = Measured()
    with stage(DATABASE) as (made, _there):
        began = time.monotonic()
        town = ground.settle(SETTINGS["wuhan"], round(WHOLE * SCALE), peopled=PEOPLED)
        ground.appoint(town.top, town.communities[0].place)
        people = "everybody on the lists" if PEOPLED else "nobody on the lists, only counted behind the doors"
        measured.notes.append(f"scale {SCALE}, {people}: {town.count()}, loaded in {time.monotonic() - began:.0f} s")
        with served(made) as address:
            wait_for_intake(address)
            phones = joined(Poster(address), town.grids)
            token = accounts.add_device(account_id_of_login("city"), "bench", by=access.local_administrator()).token
            say(f"{len(phones)} phones have joined")
            for number in range(runs):
                measured.runs.append(_run(_Running(made, address, town, phones, token), random.Random(1719 + number)))
    medians = measured.medians()
    measured.goals = [
        Goal("seconds until the last figure is right", medians["seconds"], WITHIN_S * SCALE),
        *(Goal(f"page of {who} p95 ms", medians[f"{who}_p95_ms"], PAGE_MS) for who in ("city", "street", "grid")),
        Goal("figures behind, median seconds", medians["behind_p50_s"], LAG_S),
        *(Goal(f"largest {kind} process MB", medians[f"{kind}_mb"], PROCESS_MB) for kind in ("web", "intake", "folder")),
        Goal("figures that differ", max(run["wrong"] for run in measured.runs), 0),
        Goal("timeouts", max(run["timeouts"] for run in measured.runs), 0),
    ]
    return measured


@dataclass(frozen=True, slots=True)
class _Running:
    """What every run has."""

    made: Stage
    address: Address
    town: Ground
    phones: list[Phone]
    token: str

    def covered(self, place: Place, round_id: str) -> Mapping[str, int]:
        """A round at a place, over the interface."""
        told: Mapping[str, int] = asked(self.address, f"/api/v1/rounds/{place.pk}/{round_id}", self.token)
        return told


def _run(on: _Running, chance: random.Random) -> dict[str, float]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, (path := Path(folder) / "calls").open("wb") as file:
        begins = int(clock.now().timestamp() * 1000) - HOURS72
        opened = rounds.open_round(
            NewRound(
                "三天排查", "headcount", clock.now() + timedelta(days=1), place=on.town.top.place_id,
                opens_at=datetime.fromtimestamp(begins / 1000, UTC),
            ), by=access.local_administrator(),
        )  # fmt: skip
        screening = Screening(file, str(opened.id), kinds.current("visit").version, begins)
        known = _walked(screening, on, chance)
        generated = time.monotonic() - began
        watch, before, backends = _Watch(on), cost.seconds(on.made), cost.backends(on.made)
        crowd = Crowd(on.address, "/intake/sealed")
        say(f"{screening.records} records are sealed")
        with watch:
            began = time.monotonic()
            sent = crowd.carry(screening.bodies(path), min(LINES, len(on.phones)))
            wrong = _wait_until_right(on, screening.round_id, known)
            took = time.monotonic() - began
        used = cost.since(before, on.made)
        spent = {f"{kind}_us": seconds / screening.records * 1e6 for kind, seconds in used.items()}
        spent |= {f"database_{who}_us": seconds / screening.records * 1e6 for who, seconds in cost.backends(on.made, backends).items()}
    return {
        "records": float(screening.records), "generated_s": generated, "seconds": took, "sent_s": sent,
        "records_per_s": screening.records / took, "answered_per_s": crowd.kept / sent, "wrong": float(wrong + len(crowd.failed)),
        "timeouts": float(crowd.timeouts), "told_to_come_again": float(crowd.again),
        "call_p50_ms": statistics.median(crowd.waits) * 1000, "call_p99_ms": percentile(crowd.waits, 0.99) * 1000, **watch.figures(), **spent,
    }  # fmt: skip


def _walked(screening: Screening, on: _Running, chance: random.Random) -> dict[Any, Count]:
    """Everybody screened by the phone of their grid; what must be counted, by place."""
    known, following = {on.town.top.pk: Count()}, iter(on.phones)
    for community in on.town.communities:
        here = known[community.place.pk] = Count()
        for grid, phone in zip(community.grids, following, strict=False):
            doors = [(str(door), people) for door, people in zip(grid.doors, grid.people, strict=True)]
            here.add(screening.walk(phone, doors, chance))
        known[on.town.top.pk].add(here)
    return known


def _wait_until_right(on: _Running, round_id: str, known: Mapping[Any, Count]) -> int:
    """Wait until the city's figures are those that are known; then look at communities. How many figures differ."""
    places = [on.town.top, *(one.place for one in on.town.communities[:FINE])]
    until = time.monotonic() + RIGHT_WITHIN
    while _differing(on, places[0], round_id, known) and time.monotonic() < until:
        time.sleep(0.1)
    return sum(_differing(on, place, round_id, known) for place in places)


def _differing(on: _Running, place: Place, round_id: str, known: Mapping[Any, Count]) -> int:
    covered = on.covered(place, round_id)
    figures = {name.removeprefix("round "): value for name, value in known[place.pk].figures().items() if name.startswith("round ")}
    return sum(covered[name] != value for name, value in figures.items())


@dataclass
class _Watch:
    """Three readers who never stop, how far behind figures are, and how large processes grow, while a block runs."""

    on: _Running
    over: threading.Event = field(default_factory=threading.Event)
    pages: dict[str, list[float]] = field(default_factory=dict)
    behind: list[float] = field(default_factory=list)
    largest: dict[str, float] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> None:
        """Begin."""
        community = self.on.town.communities[0].place
        street = community.parent or community
        grid = Place.objects.filter(parent=community, level="building").order_by("lo")[0]
        looked_at = {"city": self.on.town.top, "street": street, "grid": grid}
        for who, place in looked_at.items():
            reader = Reader(self.on.address)
            reader.sign_in("city" if who == "street" else who, PASSWORD)
            self.threads.append(threading.Thread(target=self._read, args=(who, reader, reverse("desk:place", args=[place.pk]))))
        self.threads.append(threading.Thread(target=self._look))
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        """End."""
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)

    def _read(self, who: str, reader: Reader, path: str) -> None:
        taken = self.pages.setdefault(who, [])
        while not self.over.wait(PAUSE):
            began = time.perf_counter()
            status = 0
            with suppress(OSError):
                status, _, _ = reader.get(path)
            taken.append((time.perf_counter() - began) * 1000 if status == 200 else 60_000.0)

    def _look(self) -> None:
        looks = 0
        while not self.over.wait(LOOK):
            self.behind.append((clock.now() - folded_until()).total_seconds())
            looks += 1
            if looks % 4 == 1:
                for kind, size in cost.memory(self.on.made).items():
                    self.largest[kind] = max(size, self.largest.get(kind, 0.0))
        connection.close()

    def figures(self) -> dict[str, float]:
        """What was seen."""
        told = {f"{who}_p50_ms": statistics.median(taken) for who, taken in self.pages.items()}
        told |= {f"{who}_p95_ms": percentile(taken, 0.95) for who, taken in self.pages.items()}
        told |= {"behind_p50_s": statistics.median(self.behind), "behind_max_s": max(self.behind)}
        return told | {f"{kind}_mb": size for kind, size in self.largest.items()}
