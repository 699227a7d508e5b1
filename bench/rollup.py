"""How long a figure takes over HTTP, rolled up to a community, a street, a district and the city, with few records in the book and with many.

Goal: within 50 ms at p99, with 0.1 million records and with ten times as many alike. The limit of the same run is the page that tells
whether the process lives.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection

from bench.frame import Goal, Measured, percentile
from bench.simulation.ground import Ground, build_doors
from bench.stage import Reader, served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import account_id_of_login
from lianfang.ground.places import queries
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.ledger import folding, intake
from lianfang.ledger.types import Author

DATABASE = "lianfang_bench_rollup"
COMMUNITIES = int(os.environ.get("LIANFANG_BENCH_COMMUNITIES", "40"))
HEAPS = [int(size) for size in os.environ.get("LIANFANG_BENCH_RECORDS", "100000,1000000").split(",")]
ASKED, DAYS, GOAL_MS = 300, 30, 50.0
FIGURES = ("visits", "doors_visited", "doors_settled")


def measure(runs: int) -> Measured:
    """Build a town, fill its book to each size in turn, and ask."""
    measured = Measured()
    with stage(DATABASE) as (made, _there):
        town = build_doors(COMMUNITIES)
        doors = [door for grid in town.grids for door in grid.doors]
        held, chance = 0, random.Random(1719)
        measured.notes.append(f"{len(doors)} doors, {COMMUNITIES} communities, heaps of {HEAPS} records over {DAYS} days")
        with served(made, only=("web",)) as address:
            for heap in HEAPS:
                _fill(doors, heap - held, chance)
                held = heap
                measured.runs += [_asked(address, town, heap) for _ in range(runs)]
    medians = measured.medians()
    measured.goals = [Goal(f"a figure p99 ms, {heap} records", medians[f"p99_ms_{heap}"], GOAL_MS) for heap in HEAPS]
    return measured


def _fill(doors: Sequence[PlaceId], count: int, chance: random.Random) -> None:
    author, now = Author(None, trusted=True), clock.now()
    actor = str(access.actor_of_login("city").account_id)

    def visits() -> Iterator[dict[str, object]]:
        for _ in range(count):
            at = now - timedelta(days=chance.random() * DAYS)
            outcome = chance.choice(("seen", "seen", "phone", "dark", "away"))
            yield {
                "id": str(new_id(at)), "kind": "visit", "version": 2, "place": str(chance.choice(doors)), "occurred_at": at.isoformat(),
                "actor": actor, "payload": {"outcome": outcome, "people_seen": 2 if outcome == "seen" else 0},
            }  # fmt: skip

    batch: list[dict[str, object]] = []
    for one in visits():
        batch.append(one)
        if len(batch) == intake.LIMIT:
            intake.take(batch, author)
            batch = []
    intake.take(batch, author)
    folding.fold_here()
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _asked(address: Address, town: Ground, heap: int) -> dict[str, float]:
    token = accounts.add_device(account_id_of_login("city"), "bench", by=access.local_administrator()).token
    day = clock.today()
    community = town.communities[0].place
    above = [*queries.ancestors(community), community]
    places = [place for place in above if place.lo >= town.top.lo and place.hi <= town.top.hi]
    period = f"first={day - timedelta(days=2)}&last={day}"
    paths = [f"/api/v1/figures/{figure}/{place.pk}?{period}" for figure in FIGURES for place in places]
    asking = http.client.HTTPConnection(address.host, address.port, timeout=60)
    waited, values = [], set()
    for number in range(ASKED):
        began = time.perf_counter()
        asking.request("GET", paths[number % len(paths)], headers={"Authorization": f"Bearer {token}"})
        answer = json.loads(asking.getresponse().read())
        waited.append((time.perf_counter() - began) * 1000)
        values.add((number % len(paths), answer["value"]))
    if len(values) != len(paths):
        raise RuntimeError(f"figures differ from one moment to the next: {values}")
    bare = [Reader(address).get("/health/live")[2] * 1000 for _ in range(20)]
    return {
        f"p50_ms_{heap}": statistics.median(waited),
        f"p99_ms_{heap}": percentile(waited, 0.99),
        f"times_bare_{heap}": statistics.median(waited) / statistics.median(bare),
    }
