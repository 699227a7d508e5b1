"""Every list that somebody can open, timed with a city of a million people loaded: as the city's command, a secretary and a grid worker.

From the first page on every address of the desk is followed once for each kind of address, and every address of the machine interface that asks for
a place only. Goal: none over 300 ms at the median of the runs, downloads and printed sheets apart. The notes name the slowest.
What takes longer than ten seconds is given up and told as such; after three minutes as one reader the rest is left out, and told how much.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from django.urls import reverse

from bench.frame import Goal, Measured
from bench.place_pages import DATABASE, PEOPLE, found
from bench.simulation.ground import PASSWORD, Town, build
from bench.stage import Reader, served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.queries import account_id_of_login

GOAL_MS, SHOWN, MOST = 300.0, 12, 400
PATIENCE, AT_MOST = 10.0, 180.0  # seconds for one list; for all that one reader opens
_HREF = re.compile(rb'href="(/[^"#]*)"')
_NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{12,19}|\d{4}-\d\d-\d\d")
_LEFT_OUT = re.compile(r"sign-out|/static/|language|elder|\.(xlsx|csv|pdf|json|png)|format=|/field/|download")


def measure(runs: int) -> Measured:
    """Build the city (kept for the next time with LIANFANG_BENCH_KEEP=1), serve it, and open everything."""
    measured = Measured()
    taken: dict[tuple[str, str], list[float]] = defaultdict(list)
    with stage(DATABASE, keep=os.environ.get("LIANFANG_BENCH_KEEP") == "1") as (made, there):
        town = found() if there else build(PEOPLE)
        with served(made, only=("web",)) as address:
            for _ in range(runs):
                for login in ("city", "secretary", "grid"):
                    opened, left = _desk(address, login)
                    for path, ms in {**opened, **_machine(address, login, town)}.items():
                        taken[login, path].append(ms)
                    if left:
                        measured.notes.append(f"{login}: {left} kinds of pages not opened, the time was over")
    slowest = sorted(((statistics.median(times), login, path) for (login, path), times in taken.items()), reverse=True)
    for login in ("city", "secretary", "grid"):
        measured.runs.append({f"{login}_lists": float(sum(who == login for _, who, _ in slowest))})
        measured.runs[-1][f"{login}_slowest_ms"] = next(ms for ms, who, _ in slowest if who == login)
    measured.notes += [f"{'over ' if ms >= PATIENCE * 1000 else ''}{ms:.0f} ms {login} {path}" for ms, login, path in slowest[:SHOWN]]
    measured.goals = [
        Goal(f"slowest list of {login} ms", measured.medians()[f"{login}_slowest_ms"], GOAL_MS) for login in ("city", "secretary", "grid")
    ]
    return measured


def _desk(address: Address, login: str) -> tuple[dict[str, float], int]:
    """Milliseconds of each kind of page that is linked from another, the first page first; and how many kinds were left when the time was over."""
    reader, times = Reader(address, patience=PATIENCE), dict[str, float]()
    reader.sign_in(login, PASSWORD)
    waiting, seen, until = [reverse("desk:home")], set[str](), time.monotonic() + AT_MOST
    while waiting and len(seen) < MOST and time.monotonic() < until:
        path = waiting.pop(0)
        kind = _NAMED.sub("…", path)
        if kind in seen or _LEFT_OUT.search(path):
            continue
        seen.add(kind)
        try:
            status, page, _ = reader.get(path)
            if status == http.HTTPStatus.OK:
                times[kind] = min(reader.get(path)[2] for _ in range(2)) * 1000
                waiting += [told.decode().replace("&amp;", "&") for told in dict.fromkeys(_HREF.findall(page))]
        except TimeoutError:
            times[kind] = PATIENCE * 1000
    return times, len({_NAMED.sub("…", path) for path in waiting if not _LEFT_OUT.search(path)} - seen)


def _machine(address: Address, login: str, town: Town) -> dict[str, float]:
    """Milliseconds of each address of the machine interface that asks for nothing but a place the reader may see."""
    token = accounts.add_device(account_id_of_login(login), "bench lists", by=access.local_administrator()).token
    place = {"city": town.city, "secretary": town.community, "grid": town.building}[login]
    connected = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE)

    def get(path: str) -> tuple[int, bytes]:
        try:
            connected.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = connected.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            connected.close()  # the next one is asked over a new connection
            return http.HTTPStatus.GATEWAY_TIMEOUT, b""

    described = json.loads((Path(__file__).parents[1] / "docs" / "openapi.json").read_text())
    times = {}
    for path, methods in described["paths"].items():
        asked = path.replace("{place_id}", str(place.pk)).replace("{key}", "doors_open")
        if "get" not in methods or "{" in asked:
            continue
        status, _ = get(asked)
        if status == http.HTTPStatus.OK:
            times[path] = min(_timed(get, asked) for _ in range(2))
        elif status == http.HTTPStatus.GATEWAY_TIMEOUT:
            times[path] = PATIENCE * 1000
    return times


def _timed(get: Callable[[str], tuple[int, bytes]], path: str) -> float:
    began = time.perf_counter()
    get(path)
    return (time.perf_counter() - began) * 1000
