"""How fast the official lists load and the addresses of a roster are read.

The nation's skeleton (44,703 divisions) and the 2,798 communities of Changchun into an empty database, as on the first start; then
100,000 rows of a street whose eight communities were laid out, as its rosters give them. The limit measured in the same run is a COPY
of the same rows into a bare table.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection

from bench.frame import Goal, Measured
from bench.stage import stage
from lianfang.ground.places import commands, divisions, queries
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import Level
from lianfang.kernel import db

DATABASE = "lianfang_bench_places"
NATION, CHANGCHUN = "national_2023-06-30.csv.gz", "changchun_2023-06-30.csv.gz"
DISTRICT, STREET = "220104000000", "永昌街道"
PHRASE = "1-36栋，3个单元，18层，每层2户"
COMMUNITIES, ROWS = 8, 100_000
GOAL_NATION, GOAL_CHANGCHUN, GOAL_ADDRESSES = 15.0, 3.0, 20.0


def measure(runs: int) -> Measured:
    """Load into a database of its own, made anew for each run."""
    measured = Measured(runs=[_run() for _ in range(runs)])
    medians = measured.medians()
    measured.goals = [
        Goal("the nation's skeleton, seconds", medians["nation_s"], GOAL_NATION),
        Goal("Changchun's communities, seconds", medians["changchun_s"], GOAL_CHANGCHUN),
        Goal("100,000 addresses of one street, seconds", medians["addresses_s"], GOAL_ADDRESSES),
    ]
    return measured


def _run() -> dict[str, float]:
    with stage(DATABASE):
        nation = _load(NATION)
        changchun = _load(CHANGCHUN)
        bare = _copy()
        texts, street = _roster()
        began = time.perf_counter()
        found = queries.parse_addresses(texts, street)
        addresses = time.perf_counter() - began
        if any(match.place is None or match.place.at_level is not Level.DOOR for match in found):
            raise RuntimeError("not every address was read to its door")
        return {
            "nation_s": nation,
            "changchun_s": changchun,
            "copy_s": bare,
            "nation_to_copy": nation / bare,
            "addresses_s": addresses,
            "distinct_addresses": float(len(set(texts))),
        }


def _load(file: str) -> float:
    began = time.perf_counter()
    commands.load_divisions([divisions.HERE / file])
    return time.perf_counter() - began


def _copy() -> float:
    """Seconds to put the rows of all places into a bare table."""
    rows = list(Place.objects.values_list("id", "level", "name", "code", "lo", "hi"))
    with connection.cursor() as cursor:
        cursor.execute("create table bare (id uuid, level text, name text, code text, lo bigint, hi bigint)")
    began = time.perf_counter()
    db.copy_rows("bare", ("id", "level", "name", "code", "lo", "hi"), rows)
    return time.perf_counter() - began


def _roster() -> tuple[list[str], Place]:
    """The addresses of all doors of a street laid out here, several people a door, and the street."""
    street = next(child for child in queries.children(queries.by_code(DISTRICT)) if child.name == STREET)
    texts = [text for number, community in enumerate(queries.children(street)[:COMMUNITIES]) for text in _laid_out(community, number)]
    return (texts * (ROWS // len(texts) + 1))[:ROWS], street


def _laid_out(community: Place, number: int) -> Iterator[str]:
    compound = f"银河{'一二三四五六七八'[number]}期"
    commands.lay_out(community.place_id, commands.parse_layout(PHRASE), by=None, compound=compound)
    for building in range(1, 37):
        for unit in range(1, 4):
            for floor in range(1, 19):
                for door in (1, 2):
                    yield f"{community.name}{compound}{building}栋{unit}单元{floor}{door:02d}室"
