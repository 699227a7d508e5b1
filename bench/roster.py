"""How long a roster of 100,000 rows takes from the file to the last verdict, and how much memory.

Goals: 60 seconds and 400 MB, no transaction longer than five seconds. The roster is invented: the doors of one large community, 2.6 people
each, with papers, telephone numbers and relations. The second run of each pair loads the same file again, which changes nothing.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench.frame import Goal, Measured
from bench.stage import stage
from lianfang.ground.people.rules.papers import check_character
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries
from lianfang.kernel.sheets import Page, write

ROWS = int(os.environ.get("LIANFANG_BENCH_ROWS", "100000"))
DATABASE = "lianfang_bench_roster"
COMMUNITY = "220104005001"
HEADINGS = ("序号", "姓名", "性别", "身份证号", "联系电话", "与户主关系", "楼栋", "单元", "房号")
UNITS, FLOORS, A_FLOOR = 3, 33, 4
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "安宁平和顺康乐明清正文华春秋冬夏山川江河云月星辰松柏梅兰竹菊"
RELATIONS = ("户主", "配偶", "子女", "父母")
GOAL_SECONDS, GOAL_MEGABYTES, GOAL_TRANSACTION = 60.0, 400.0, 5.0


def measure(runs: int) -> Measured:
    """Lay out a community, write a roster, load it in a process of its own."""
    measured = Measured()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.xlsx"
        for _ in range(runs):
            with stage(DATABASE) as (made, _there):
                places.load_shipped()
                community = queries.by_code(COMMUNITY)
                buildings = -(-ROWS * 10 // 26 // (UNITS * FLOORS * A_FLOOR)) + 1
                places.lay_out(
                    community.place_id, places.parse_layout(f"1-{buildings}栋，{UNITS}个单元，{FLOORS}层，每层{A_FLOOR}户"), by=None
                )
                file.write_bytes(write([Page("名册", _rows(buildings))]))
                url = made.engine.server("lianfang_owner", DATABASE).url()
                first = _load(file, url)
                again = _load(file, url)
                measured.runs.append({**first, **{f"again_{name}": value for name, value in again.items()}})
    medians = measured.medians()
    measured.notes.append(f"{ROWS} rows, {buildings} buildings of {UNITS * FLOORS * A_FLOOR} doors")
    measured.goals = [
        Goal("seconds", medians["seconds"], GOAL_SECONDS),
        Goal("megabytes", medians["megabytes"], GOAL_MEGABYTES),
        Goal("longest transaction, seconds", medians["longest_transaction"], GOAL_TRANSACTION),
        Goal("rows with a verdict", medians["verdicts"], ROWS, at_least=True),
        Goal("the same file again: changed rows", ROWS - medians["again_unchanged"], 0),
    ]
    return measured


def _rows(buildings: int) -> Iterator[list[str | int | None]]:
    yield list(HEADINGS)
    chance, number = random.Random(1719), 0
    for building in range(1, buildings + 1):
        for unit in range(1, UNITS + 1):
            for floor in range(1, FLOORS + 1):
                for door in range(1, A_FLOOR + 1):
                    for place in range(chance.choices((1, 2, 3, 4), (15, 30, 35, 20))[0]):
                        number += 1
                        if number > ROWS:
                            return
                        yield _person(number, place, chance, (building, unit, f"{floor}{door:02d}"))


def _person(number: int, place: int, chance: random.Random, door: tuple[int, int, str]) -> list[str | int | None]:
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(30_000))
    body = f"99{number // 1000:04d}{born:%Y%m%d}{number % 1000:03d}"  # no two alike, whatever the days of birth
    name = chance.choice(SURNAMES) + "示" + chance.choice(GIVEN)
    sex = "男" if number % 2 else "女"
    return [
        number,
        name,
        sex,
        body + check_character(body),
        f"154{number:08d}",
        RELATIONS[place],
        f"{door[0]}栋",
        f"{door[1]}单元",
        door[2],
    ]


def _load(file: Path, url: str) -> dict[str, float]:
    """One load by the command line, watched from beside."""
    command = [sys.executable, "-m", "bench.roster_load", "roster", "load", str(file), "--community", COMMUNITY, "--json"]
    environment = {**os.environ, "LIANFANG_DATABASE": url, "DJANGO_SETTINGS_MODULE": "lianfang.config.settings"}
    watching, longest = threading.Event(), [0.0]
    watcher = threading.Thread(target=_watch, args=(url, watching, longest))
    watcher.start()
    began = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    peak = _peak(child)
    out, _ = child.communicate()
    took = time.perf_counter() - began
    watching.set()
    watcher.join()

    found = json.loads(out.splitlines()[-1])
    if child.returncode:
        raise RuntimeError(found)
    return {
        "seconds": took,
        "megabytes": peak,
        "longest_transaction": longest[0],
        "verdicts": sum(found[verdict] for verdict in ("added", "merged", "changed", "unchanged", "waiting", "refused")),
        "added": found["added"],
        "unchanged": found["unchanged"],
    }


def _peak(child: subprocess.Popen[str]) -> float:
    """The most resident memory the process and those it started had at one time, in MB."""
    most = 0.0
    while child.poll() is None:
        most = max(most, sum(_resident(pid) for pid in _family(child.pid)))
        time.sleep(0.05)
    return most


def _family(pid: int) -> list[int]:
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for one in below for each in _family(int(one)))]


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 2**20


def _watch(url: str, stopping: threading.Event, longest: list[float]) -> None:
    """The longest time any transaction of this database has held an id of its own."""
    ask = (
        "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity "
        "where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connected:
        while not stopping.wait(0.1):
            [found] = connected.execute(ask).fetchone() or [0]
            longest[0] = max(longest[0], float(found))
