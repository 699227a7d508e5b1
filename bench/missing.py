"""How fast the missing list of a round over a city of a million people opens, for its city command and a secretary, page by page.

Goal: under half a second for every page. The limit measured in the same run is how long the plain count of the city's doors takes, which
no page may depend on. Measured in the transaction of the web role: what the page and the interface ask.
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import timedelta

from django.db import connection

from bench.frame import Goal, Measured, percentile
from bench.place_pages import DATABASE, PEOPLE, found
from bench.simulation.ground import Town, build
from bench.stage import stage
from lianfang.ground.accounts import access
from lianfang.ground.places.models import Place
from lianfang.kernel import clock
from lianfang.kernel.ids import RoundId
from lianfang.ledger import folding
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.projections import catching_up
from lianfang.work.rounds.types import NewRound, Reason

PAGES, PAGE, GOAL_MS, TRANSACTION_MS = 20, 50, 500.0, 1000.0


def measure(runs: int) -> Measured:
    """Build the city (kept for the next time with LIANFANG_BENCH_KEEP=1), open a round over it, and read what is missing."""
    measured = Measured()
    with stage(DATABASE, keep=os.environ.get("LIANFANG_BENCH_KEEP") == "1") as (_, there):
        town = found() if there else build(PEOPLE)
        round_id, steps = _opened(town)
        measured.notes.append(
            f"doors {town.doors}; a round over the visits of two days was folded in {sum(steps):.1f} s, in {len(steps)} transactions"
        )
        measured.runs = [_one_run(town, round_id) for _ in range(runs)]
    medians = measured.medians()
    measured.goals = [
        Goal(f"{who} {what} ms", medians[f"{who}_{what}_ms"], GOAL_MS) for who in ("city", "secretary") for what in ("first", "p95")
    ]
    measured.goals.append(Goal("longest transaction of opening ms", max(steps) * 1000, TRANSACTION_MS))
    return measured


def _opened(town: Town) -> tuple[RoundId, list[float]]:
    """A round opened over the visits of the past, and how long each transaction took that folded them."""
    folding.fold_here()  # what was left over of an earlier run
    now = clock.now()
    new = NewRound("bench", "headcount", now + timedelta(days=1), place=town.city.place_id, opens_at=now - timedelta(days=30))
    told = commands.open_round(new, by=access.local_administrator())
    steps: list[float] = []
    while True:
        began = time.monotonic()
        if not catching_up.earlier_step():
            break
        steps.append(time.monotonic() - began)
    folding.fold_here()
    with connection.cursor() as cursor:
        cursor.execute("analyze rounds_rounddoor, rounds_roundtally, rounds_round, rounds_member")
    return told.id, steps


def _one_run(town: Town, round_id: RoundId) -> dict[str, float]:
    figures: dict[str, float] = {}
    for login, place in (("city", town.city), ("secretary", town.community)):
        with access.scoped(access.actor_of_login(login)):
            figures |= {f"{login}_{name}": value for name, value in _pages(round_id, place).items()}
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from places_place where level = 'door' and valid_to is null and lo >= %s and lo < %s", town.city.range
        )
        cursor.fetchone()
    figures["plain_count_ms"] = (time.perf_counter() - began) * 1000
    return figures


def _pages(round_id: RoundId, place: Place) -> dict[str, float]:
    taken: list[float] = []
    after: int | None = None
    for _ in range(PAGES):
        began = time.perf_counter()
        page = queries.missing(round_id, [place.range], after=after, limit=PAGE)
        taken.append((time.perf_counter() - began) * 1000)
        if not page:
            break
        after = page[-1].position
    began = time.perf_counter()
    queries.coverage(round_id, [place.range])
    covered = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    queries.missing(round_id, [place.range], reason=Reason.REFUSED, limit=PAGE)
    rare = (time.perf_counter() - began) * 1000
    return {
        "first_ms": taken[0], "median_ms": statistics.median(taken), "p95_ms": percentile(taken, 0.95), "coverage_ms": covered,
        "none_of_reason_ms": rare,
    }  # fmt: skip
