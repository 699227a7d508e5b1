"""How many records a second the intake takes over HTTP, and how long a phone waits.

Phones send batches of 100 at once, as after a day without a signal, and of 1, as with a good one. The limit measured in the same run is a
COPY of the same rows into a bare table: what the database could take if nothing were asked.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.frame import Goal, Measured, percentile
from bench.sending import raw_copy, send, visit, wait_for_intake
from bench.stage import served, stage
from bench.town import build
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.places import queries

PEOPLE = int(os.environ.get("LIANFANG_BENCH_PEOPLE", "20000"))
PHONES, CALLS = 4, 50
BATCH = 100
DATABASE = "lianfang_bench_intake"
# Wuhan in 72 hours: ten million people, three to a household, one visit each, are 13 records a second (MECHANISMS, seed 2); a hundred times that.
GOAL_RECORDS = 1300.0
GOAL_ONE_SECONDS = 0.1


def measure(runs: int) -> Measured:
    """Build a town, serve its intake, let phones send."""
    measured = Measured()
    with stage(DATABASE) as (made, _there):
        town = build(PEOPLE)
        measured.notes.append(f"{town.doors} doors, {PHONES} phones, batches of {BATCH}")
        doors = [door.place_id for door in queries.doors_of(town.community)]
        tokens = [_token(number) for number in range(PHONES)]
        chance = random.Random(1719)
        with served(made, only=("intake", "folder")) as address:
            wait_for_intake(address)
            for _ in range(runs):
                measured.runs.append(_run(address, tokens, doors, chance))
    medians = measured.medians()
    measured.goals = [
        Goal("records a second in batches of 100", medians["taken_per_s"], GOAL_RECORDS, at_least=True),
        Goal("a phone waits for one record, p99 seconds", medians["one_p99_ms"] / 1000, GOAL_ONE_SECONDS),
    ]
    return measured


def _run(address: Address, tokens: Sequence[str], doors: Sequence[object], chance: random.Random) -> dict[str, float]:
    batches = [[[visit(chance.choice(doors), chance) for _ in range(BATCH)] for _ in range(CALLS)] for _ in tokens]
    began = time.perf_counter()
    with ThreadPoolExecutor(PHONES) as phones:
        waits = [one for told in phones.map(lambda phone: _send_all(address, *phone), zip(tokens, batches, strict=True)) for one in told]
    took = time.perf_counter() - began
    records = PHONES * CALLS * BATCH
    ones = _send_all(address, tokens[0], [[visit(chance.choice(doors), chance)] for _ in range(CALLS * 2)])
    raw = raw_copy([record for phone in batches for batch in phone for record in batch])
    return {
        "taken_per_s": records / took,
        "batch_ms": statistics.median(waits) * 1000,
        "batch_p99_ms": percentile(waits, 0.99) * 1000,
        "one_ms": statistics.median(ones) * 1000,
        "one_p99_ms": percentile(ones, 0.99) * 1000,
        "copy_per_s": records / raw,
        "taken_to_copy": raw / took,
    }


def _token(number: int) -> str:
    worker = access.actor_of_login("secretary").account_id
    assert worker is not None  # noqa: S101 - an account has an id
    return accounts.add_device(worker, f"bench {number}", by=access.local_administrator()).token


def _send_all(address: Address, token: str, batches: Sequence[Sequence[dict[str, Any]]]) -> list[float]:
    """Seconds that a phone waited for the answer to each batch, over one kept connection."""
    connected = http.client.HTTPConnection(address.host, address.port + 1, timeout=60)
    waited = []
    for batch in batches:
        began = time.perf_counter()
        send(connected, batch, token)
        waited.append(time.perf_counter() - began)
    connected.close()
    return waited
