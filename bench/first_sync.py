"""How fast a phone gets its doors for the first time: one grid of 500 households alone, and a thousand phones at once.

Goals: one bundle under 3 s and 1.5 MB; of a thousand that ask at the same moment 95 in 100 have theirs within 10 s (told to come again
counts as waiting), and desk pages meanwhile answer with a p95 under 300 ms. The limit measured in the same run is the time that the
process takes for the page that tells whether it lives.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus

from django.db import connection
from django.urls import reverse

from bench.frame import Goal, Measured, percentile
from bench.simulation.ground import PASSWORD, Town, build
from bench.stage import Reader, served, stage
from lianfang.config.runtime.serving import Address
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverArea
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries
from lianfang.ground.places.types import AreaKind
from lianfang.kernel.delivering import DeliveryKeys
from lianfang.kernel.ids import AreaId

DATABASE = "lianfang_bench_sync"
PEOPLE = int(os.environ.get("LIANFANG_BENCH_PEOPLE", "60000"))
PHONES = int(os.environ.get("LIANFANG_BENCH_PHONES", "1000"))
GRID = 500
ALONE, WHOLE_S, WHOLE_MB, CROWD_S, DESK_MS = 10, 3.0, 1.5, 10.0, 300.0
PATIENCE_S = 120.0
_CHANCE_S = 0.2  # as the app adds to its turn


def measure(runs: int) -> Measured:
    """Build the town, give every grid its workers and phones, and let them come."""
    measured = Measured()
    with stage(DATABASE) as (made, _):
        town = build(PEOPLE)
        tokens = _phones(_grids(town))
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        measured.notes.append(f"doors {town.doors}, people {town.people}, phones {len(tokens)}, grids of about {GRID} doors")
        with served(made, only=("web",)) as address:
            measured.runs = [_one_run(address, town, tokens) for _ in range(runs)]
    medians = measured.medians()
    measured.goals = [
        Goal("one bundle s", medians["alone_s"], WHOLE_S),
        Goal("one bundle MB", medians["bundle_mb"], WHOLE_MB),
        Goal("all at once p95 s", medians["crowd_p95_s"], CROWD_S),
        Goal("desk pages meanwhile p95 ms", medians["desk_p95_ms"], DESK_MS),
    ]
    return measured


def _grids(town: Town) -> list[AreaId]:
    """Every community cut into grids of about 500 doors, of whole buildings side by side."""
    found = []
    for county in queries.children(town.city):
        for community in (one for street in queries.children(county) for one in queries.children(street)):
            held, doors = [], 0
            for building in queries.buildings_of(community):
                held.append(building.place_id)
                doors += queries.door_counts([building.range]).doors
                if doors >= GRID:
                    found.append(places.found_area(AreaKind.GRID, f"手机第{len(found) + 1}格", community.place_id, held, by=None))
                    held, doors = [], 0
    return found


def _phones(grids: list[AreaId]) -> list[str]:
    """The credentials of phones, one each of a worker of its own, spread over the grids."""
    here, key, tokens = access.local_administrator(), DeliveryKeys.generate().public, []
    for number in range(PHONES):
        phone = f"154{number:08d}"
        account = accounts.add_account(NewAccount("何示员", "", phone), by=here)
        accounts.give(account, NewGrant(Role.GRID_WORKER, OverArea(grids[number % len(grids)])), by=here)
        link = accounts.invite_phone(account, by=here)
        tokens.append(accounts.join_phone(link.token, phone[-4:], name="bench", key=key).token)
    return tokens


@dataclass
class Crowd:
    """Phones that ask at once: how long each waited, how often they were told to come again."""

    address: Address
    waited: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    again: int = 0

    async def phone(self, token: str, began: float) -> None:
        """Ask until the bundle is there, as the app does."""
        while time.monotonic() - began < PATIENCE_S:
            status, pause, body = await self._ask(token)
            if status == 200:
                self.waited.append(time.monotonic() - began)
                self.sizes.append(len(body))
                return
            self.again += 1
            await asyncio.sleep(pause + random.random() * _CHANCE_S)
        self.waited.append(PATIENCE_S)

    async def _ask(self, token: str) -> tuple[int, float, bytes]:
        try:
            reader, writer = await asyncio.open_connection(self.address.host, self.address.port)
            writer.write(
                f"GET /field/api/bundle HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
                "accept-encoding: gzip\r\nconnection: close\r\n\r\n".encode()
            )
            answer = await reader.read()
            writer.close()
        except OSError:
            return 0, 1.0, b""
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head[9:12] or 0)
        return status, json.loads(body)["error"]["facts"]["ms"] / 1000 if status == HTTPStatus.SERVICE_UNAVAILABLE else 1.0, body


def _one_run(address: Address, town: Town, tokens: list[str]) -> dict[str, float]:
    alone = Crowd(address)
    for token in tokens[:ALONE]:
        asyncio.run(alone.phone(token, time.monotonic()))
    crowd, desk, over = Crowd(address), [], threading.Event()

    def look() -> None:
        who = Reader(address)
        who.sign_in("secretary", PASSWORD)
        while not over.is_set():
            status, _page, seconds = who.get(reverse("desk:place", args=[town.building.pk]))
            desk.append(seconds * 1000 if status == 200 else PATIENCE_S * 1000)
            over.wait(0.2)

    async def all_at_once() -> None:
        began = time.monotonic()
        await asyncio.gather(*(crowd.phone(token, began) for token in tokens))

    looking = threading.Thread(target=look)
    looking.start()
    time.sleep(1)
    asyncio.run(all_at_once())
    over.set()
    looking.join()
    bare = [Reader(address).get("/health/live")[2] for _ in range(ALONE)]
    return {
        "alone_s": statistics.median(alone.waited),
        "alone_times_bare": statistics.median(alone.waited) / statistics.median(bare),
        "bundle_mb": max(crowd.sizes) / 2**20,
        "crowd_p50_s": percentile(crowd.waited, 0.5),
        "crowd_p95_s": percentile(crowd.waited, 0.95),
        "told_to_come_again": crowd.again,
        "desk_p50_ms": statistics.median(desk),
        "desk_p95_ms": percentile(desk, 0.95),
    }
