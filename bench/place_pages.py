"""How fast a place page answers with a city of a million people loaded, as grid worker, secretary and city.

Goal: under 150 ms at the median for each of the three. The limit measured in the same run is the page that tells whether the
process lives: it does nothing but answer.
"""

from __future__ import annotations

import os
import statistics
import time

from django.db import connection
from django.urls import reverse

from bench.frame import Goal, Measured, percentile
from bench.simulation.ground import PASSWORD, Town, build
from bench.stage import Reader, served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ground.places import queries

PEOPLE = int(os.environ.get("LIANFANG_BENCH_PEOPLE", "1000000"))
LOOKS = 40
GOAL_MS = 150.0
DATABASE = "lianfang_bench_pages"


def measure(runs: int) -> Measured:
    """Build the city (kept for the next time with LIANFANG_BENCH_KEEP=1), serve it, and read its pages."""
    measured = Measured()
    with stage(DATABASE, keep=os.environ.get("LIANFANG_BENCH_KEEP") == "1") as (made, there):
        began = time.monotonic()
        town = found() if there else build(PEOPLE)
        measured.notes.append(f"doors {town.doors}, people {town.people}, visits {town.visits}, built in {time.monotonic() - began:.0f} s")
        with served(made, only=("web",)) as address:
            measured.runs = [_one_run(address, town) for _ in range(runs)]
    medians = measured.medians()
    measured.goals = [Goal(f"{who} median ms", medians[f"{who}_ms"], GOAL_MS) for who in ("grid", "secretary", "city")]
    return measured


def found() -> Town:
    """The town of an earlier run, with how many people and visits it has now."""
    city = queries.by_code("220100000000")
    community = next(one for county in queries.children(city) for street in queries.children(county) for one in queries.children(street))
    building = queries.buildings_of(community)[0]
    doors = queries.door_counts([city.range]).doors
    with connection.cursor() as cursor:
        cursor.execute("select (select count(*) from people_person), (select count(*) from ledger_record where kind = 'visit')")
        people, visits = cursor.fetchone() or (0, 0)
    return Town(city, community, building, queries.doors_of(building)[7], doors, people, visits)


def _one_run(address: Address, town: Town) -> dict[str, float]:
    pages = {"grid": town.building, "secretary": town.community, "city": town.city}
    figures: dict[str, float] = {}
    for login, place in pages.items():
        who = Reader(address)
        who.sign_in(login, PASSWORD)
        path = reverse("desk:place", args=[place.pk])
        taken = []
        for _ in range(LOOKS):
            status, _page, seconds = who.get(path)
            if status != 200:
                raise RuntimeError(f"{login} got {status} for the page of {place.name}")
            taken.append(seconds * 1000)
        figures |= {f"{login}_ms": statistics.median(taken), f"{login}_p95_ms": percentile(taken, 0.95)}
        bare = [who.get("/health/live")[2] * 1000 for _ in range(LOOKS)]
        figures[f"{login}_times_bare"] = figures[f"{login}_ms"] / max(statistics.median(bare), 0.01)
    return figures
