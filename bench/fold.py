"""How soon a record that was sent is in the figures, and how many records a second are folded.

Goal: a record sent to the intake over HTTP is in the figures of its building, its community and its city within one second, at p99 of
forty a run. The figures are asked over HTTP too, as the city. The limit measured in the same run is a raw COPY of as many rows of the
same width into a bare table.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import time
from collections.abc import Sequence
from datetime import timedelta

from bench.frame import Goal, Measured, percentile
from bench.sending import PATIENCE, raw_copy, send, visit, wait_for_intake
from bench.simulation.ground import Town, build
from bench.stage import Stage, served, stage
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import account_id_of_login
from lianfang.ground.places import queries
from lianfang.kernel import clock
from lianfang.ledger import folding, intake
from lianfang.ledger.types import Author

PEOPLE = int(os.environ.get("LIANFANG_BENCH_PEOPLE", "20000"))
RECORDS, SENT = 50_000, 40
GOAL_SECONDS = 1.0
DATABASE = "lianfang_bench_fold"


def measure(runs: int) -> Measured:
    """Build a town, serve it, send records one at a time and watch the figures; then fold a heap of records at once."""
    measured = Measured()
    with stage(DATABASE) as (made, _there):
        town = build(PEOPLE)
        measured.notes.append(f"{town.doors} doors, {town.people} people")
        doors = [door.place_id for door in queries.doors_of(town.community)]
        chance = random.Random(1719)
        for _ in range(runs):
            latencies = _watched(made, town, chance)
            figures = {
                "in_figures_ms": statistics.median(latencies) * 1000,
                "in_figures_p99_ms": percentile(latencies, 0.99) * 1000,
                **_heap(doors, chance),
            }
            measured.runs.append(figures)
    medians = measured.medians()
    measured.goals = [Goal("a record is in building, community and city, p99 seconds", medians["in_figures_p99_ms"] / 1000, GOAL_SECONDS)]
    return measured


def _watched(made: Stage, town: Town, chance: random.Random) -> list[float]:
    """Seconds from the sending of each record until building, community and city all count it."""
    watched = [town.building, town.community, town.city]
    local = access.local_administrator()
    device = accounts.add_device(account_id_of_login("secretary"), "bench", by=local)
    reader = accounts.add_device(account_id_of_login("city"), "bench", by=local)
    inside = [door.place_id for door in queries.doors_of(town.building)]
    day = clock.today()
    paths = [f"/api/v1/figures/visits/{place.pk}?first={day - timedelta(days=3)}&last={day}" for place in watched]
    taken: list[float] = []
    with served(made) as address:
        sending = http.client.HTTPConnection(address.host, address.port + 1, timeout=30)
        asking = http.client.HTTPConnection(address.host, address.port, timeout=30)
        wait_for_intake(address)
        counted = [_figure(asking, path, reader.token) for path in paths]
        for number in range(SENT):
            record = visit(inside[number % len(inside)], chance)
            began = time.perf_counter()
            send(sending, [record], device.token)
            waiting = dict(zip(paths, counted, strict=True))
            while waiting and time.perf_counter() - began < PATIENCE:
                waiting = {path: before for path, before in waiting.items() if _figure(asking, path, reader.token) <= before}
            taken.append(time.perf_counter() - began)
            counted = [before + 1 for before in counted]
    return taken


def _figure(connected: http.client.HTTPConnection, path: str, token: str) -> int:
    connected.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    return int(json.loads(connected.getresponse().read())["value"])


def _heap(doors: Sequence[object], chance: random.Random) -> dict[str, float]:
    """Records a second through intake and folding in this process, and the raw COPY of as many rows."""
    author, actor = Author(None, trusted=True), str(access.actor_of_login("grid").account_id)
    heap = [visit(chance.choice(doors), chance) | {"actor": actor} for _ in range(RECORDS)]
    began = time.perf_counter()
    for start in range(0, RECORDS, intake.LIMIT):
        intake.take(heap[start : start + intake.LIMIT], author)
    took_in = time.perf_counter() - began
    began = time.perf_counter()
    folding.fold_here()
    folded = time.perf_counter() - began
    raw = raw_copy(heap)
    return {
        "taken_per_s": RECORDS / took_in,
        "folded_per_s": RECORDS / folded,
        "copy_per_s": RECORDS / raw,
        "taken_to_copy": raw / took_in,
        "folded_to_copy": raw / folded,
    }
