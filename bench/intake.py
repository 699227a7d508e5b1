"""What the intake takes over HTTP from 1, 8, 32 and 400 phones: single records, and batches of 1,000.

Each case tells records a second until the last answer and until the last record is folded (sustained), how long a phone waited, the
processor time of a record with folding counted in, and that all that was answered as kept is in the book. The limits of the same run: raw
COPY into a table like the book in commits of the same size, the disk's fsync, and an answer of the intake that asks nothing.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bench import cost
from bench.crowd import Crowd, Line, head
from bench.frame import Goal, Measured, percentile
from bench.sending import visit_bodies, wait_for_intake
from bench.simulation.ground import build_doors, workers
from bench.stage import Stage, served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ledger.queries import wait_until_folded

COMMUNITIES = int(os.environ.get("LIANFANG_BENCH_COMMUNITIES", "30"))
ALREADY = int(os.environ.get("LIANFANG_BENCH_ALREADY", "0"))  # records in the book before the first run
SHARE = float(os.environ.get("LIANFANG_BENCH_SHARE", "1"))  # of the records of each case, for a quick look
DATABASE = "lianfang_bench_intake"
BATCH, PHONES = 1000, 400
# How many calls all phones of a case make together.
SINGLES = {1: 500, 8: 3000, 32: 6000, 400: 8000}
BATCHES = {1: 30, 8: 64, 32: 96, 400: 400}
FOLDED_WITHIN = 600.0
# ODK Central 2026.2 on two such cores: 168 submissions a second to 32 clients, p99 253 ms (issue 6).
GOALS = (
    ("single records a second, 32 phones", "single_32_per_s", 840.0, True),
    ("single records p99 ms, 32 phones", "single_32_p99_ms", 63.0, False),
    ("processor ms of a single record, folding counted in", "single_32_cpu_ms", 2.0, False),
    ("sustained to answered, single records", "single_32_sustained", 0.95, True),
    ("records a second in batches of 1,000", "batch_8_per_s", 20_000.0, True),
    ("batches to raw COPY", "batch_8_to_copy", 0.25, True),
    ("400 phones to the best rate, single records", "single_400_to_best", 0.9, True),
    ("400 phones to the best rate, batches", "batch_400_to_best", 0.9, True),
    ("timeouts", "timeouts", 0.0, False),
    ("lost", "lost", 0.0, False),
)


@dataclass(frozen=True, slots=True)
class Phones:
    """Who sends: the token of each, and the doors of its grid."""

    tokens: Sequence[str]
    doors: Sequence[Sequence[UUID]]


def measure(runs: int) -> Measured:
    """Build a town, serve its intake and folder, let phones send."""
    measured = Measured()
    with stage(DATABASE) as (made, _there):
        town = build_doors(COMMUNITIES)
        grids = town.grids
        tokens = workers([grid.area_id for grid in grids], PHONES)
        phones = Phones(tokens, [grids[number % len(grids)].doors for number in range(PHONES)])
        measured.notes.append(
            f"{sum(len(grid.doors) for grid in grids)} doors, {len(grids)} grids, {PHONES} phones, {ALREADY} records in the book before"
        )
        with served(made, only=("intake", "folder")) as address:
            wait_for_intake(address)
            _fill(address, phones)
            for number in range(runs):
                measured.runs.append(_run(made, address, phones, random.Random(1719 + number)))
            measured.notes.append("largest process MB: " + ", ".join(f"{kind} {size:.0f}" for kind, size in cost.memory(made).items()))
    medians = measured.medians()
    measured.goals = [Goal(name, medians[key], goal, at_least) for name, key, goal, at_least in GOALS]
    return measured


def _fill(address: Address, phones: Phones) -> None:
    """Records before the first run, sent like all others, and folded."""
    left, chance = ALREADY, random.Random(20)
    while left > 0:
        calls = min(64, -(-left // BATCH))
        Crowd(address).send(_loads(phones, 8, calls, BATCH, chance))
        left -= calls * BATCH
    wait_until_folded(FOLDED_WITHIN)


def _run(made: Stage, address: Address, phones: Phones, chance: random.Random) -> dict[str, float]:
    told: dict[str, float] = {"timeouts": 0.0, "lost": 0.0}
    for name, cases, size in (("single", SINGLES, 1), ("batch", BATCHES, BATCH)):
        for count, calls in cases.items():
            told |= _case(made, address, f"{name}_{count}", _loads(phones, count, max(count, round(calls * SHARE)), size, chance), told)
        best = max(told[f"{name}_{count}_per_s"] for count in cases)
        told[f"{name}_400_to_best"] = told[f"{name}_400_per_s"] / best
    told["copy_per_s"] = _raw_copy(chance)
    told["batch_8_to_copy"] = told["batch_8_per_s"] / told["copy_per_s"]
    told["fsync_us"] = _fsync(made)
    told["bare_per_s"] = _bare(address)
    told["single_32_to_bare"] = told["single_32_per_s"] / told["bare_per_s"]
    return told


def _loads(phones: Phones, count: int, calls: int, size: int, chance: random.Random) -> list[tuple[str, list[bytes]]]:
    """What each of so many phones sends: its share of the calls."""
    share = [calls // count + (number < calls % count) for number in range(count)]
    return [(phones.tokens[number], list(visit_bodies(phones.doors[number], share[number], size, chance))) for number in range(count)]


def _case(made: Stage, address: Address, name: str, loads: list[tuple[str, list[bytes]]], so_far: dict[str, float]) -> dict[str, float]:
    records_before, spent = _records(), cost.seconds(made)
    crowd = Crowd(address)
    took = crowd.send(loads)
    folded_since = time.perf_counter()
    if not wait_until_folded(FOLDED_WITHIN):
        raise TimeoutError("the records were not folded")
    until_folded = took + time.perf_counter() - folded_since
    used = cost.since(spent, made)
    if crowd.failed:
        raise RuntimeError(f"refused: {crowd.failed[0]}")
    serving = {kind: seconds for kind, seconds in used.items() if kind != "load"}
    return {
        f"{name}_per_s": crowd.kept / took,
        f"{name}_sustained": took / until_folded,
        f"{name}_p50_ms": statistics.median(crowd.waits) * 1000,
        f"{name}_p99_ms": percentile(crowd.waits, 0.99) * 1000,
        f"{name}_cpu_ms": sum(serving.values()) / crowd.kept * 1000,
        **{f"{name}_cpu_ms_{kind}": seconds / crowd.kept * 1000 for kind, seconds in used.items()},
        f"{name}_again": crowd.again,
        "timeouts": so_far["timeouts"] + crowd.timeouts,
        "lost": so_far["lost"] + max(0, crowd.kept - (_records() - records_before)),
    }


def _records() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_record")
        return int(cursor.fetchone()[0])


def _raw_copy(chance: random.Random) -> float:
    """Rows a second of COPY, in commits of 1,000, into a table with the columns, partition and indexes of the book."""
    columns = "id, book, kind, version, place, position, actor, occurred_at, device, recorded_at, effective_at, payload"
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists bench_raw")
        cursor.execute("create table bench_raw (like ledger_record including all) partition by list (book)")
        cursor.execute("create table bench_raw_1 partition of bench_raw for values in (1)")
        cursor.execute(f"select {columns} from ledger_record order by id desc limit 30000")
        rows = [list(row) for row in cursor.fetchall()]
        chance.shuffle(rows)
        payload = '{"outcome":"seen","people_seen":2,"wants_help":false}'
        began = time.perf_counter()
        for start in range(0, len(rows), BATCH):
            with cursor.copy(f"copy bench_raw ({columns}) from stdin") as copy:
                for row in rows[start : start + BATCH]:
                    copy.write_row([row[0], 1, *row[2:11], payload])
        took = time.perf_counter() - began
        cursor.execute("drop table bench_raw")
    return len(rows) / took


def _fsync(made: Stage) -> float:
    """Microseconds of one fsync of 8 kB where the database writes."""
    cluster = made.engine.cluster
    if cluster is None:
        return 0.0  # a server elsewhere
    file = cluster.directory_of_cluster / "bench_fsync"
    times = []
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    for _ in range(200):
        os.pwrite(descriptor, b"x" * 8192, 0)
        began = time.perf_counter()
        os.fdatasync(descriptor)
        times.append(time.perf_counter() - began)
    os.close(descriptor)
    file.unlink()
    return statistics.median(times) * 1e6


class _Bare(Crowd):
    """Phones that ask what needs no work."""

    async def _until_taken(self, line: Line, request: bytes) -> None:
        await line.ask(head(self.path, "", len(request), "OPTIONS"))


def _bare(address: Address) -> float:
    """Answers a second to 32 phones that ask nothing."""
    calls = 100
    return 32 * calls / _Bare(address).send([("", [b""] * calls)] * 32)
