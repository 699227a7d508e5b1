"""The program that is broken: a home of its own, a small town, and `./lianfang up` as everybody starts it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from bench.faults import clocks
from bench.faults.clocks import Clock
from bench.faults.disks import SmallDisk
from bench.faults.phones import Evening, Phone, Told, visit
from lianfang.config.runtime import database, installation
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster, free_port
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverPlace
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries

_DIVISIONS = """code12,name,street_code,street,county_code,county,city_code,city,province_code,province
220106001001,甲社区,220106001,示例街道,220106,绿园区,2201,长春市,22,吉林省
"""
_LAYOUT = "1-3栋，2个单元，6层，每层2户"
_WORKERS, _BATCHES, _BATCH = 3, 4, 20
_UP_WITHIN = 90.0
_CLOSE = 60.0  # seconds by which two looks at a clock may differ on a busy machine


@dataclass
class World:
    """What runs, and what was told."""

    home: Home
    doors: Sequence[UUID]
    tokens: Sequence[tuple[str, str]]
    told: Told = field(default_factory=Told)
    clock: Clock | None = None
    small_disk: SmallDisk | None = None
    port: int = 0
    program: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Cluster:
        """The server."""
        found = database.engine(self.home).cluster
        if found is None:
            raise RuntimeError("faults need a server of their own: unset DATABASE_URL")
        return found

    @property
    def url(self) -> str:
        """How the superuser reaches the database."""
        return self.cluster.server(installation.REAL).url()

    def ask(self, sql: str) -> None:
        """Say something to the server, as its superuser."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as server:
            server.execute(sql.encode())

    def up(self) -> None:
        """Start the program, by a clock that can be set where there may be one, and wait until it serves."""
        self.port = free_port(range(33_000, 39_000, 10))
        said = self.home.path / "up.out"
        with said.open("wb") as log:
            command = [*_COMMAND, "up", "--port", str(self.port)]
            self.program = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        # Not only that it serves: a part that ends before `up` says so is a failed start, and is not started anew.
        self.wait(lambda: b"127.0.0.1:%d" % self.port in said.read_bytes(), _UP_WITHIN, "the program did not come up")

    def must_be_off(self, seconds: int) -> None:
        """Whether the server's clock is off by so many seconds. Raises RuntimeError: what should have been tried was not."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as server:
            row = server.execute("select extract(epoch from clock_timestamp())::float").fetchone()
        if row is None or abs(float(row[0]) - time.time() - seconds) > _CLOSE:
            raise RuntimeError(f"the server's clock is not off by {seconds} s")

    def serves(self) -> bool:
        """Whether pages, intake and folder are well."""
        from lianfang.config.runtime import serving

        return serving.answers(serving.Address(port=self.port))

    @property
    def environment(self) -> dict[str, str]:
        """What the program and the server are started with."""
        return {**os.environ, **(self.clock.environment if self.clock else {})}

    def down(self) -> None:
        """Stop it in order, and the server, as Ctrl+C and `down` do."""
        if self.program is not None:
            self.program.terminate()
            self.program.wait(timeout=90)
        self.cluster.stop()

    def end(self) -> None:
        """Stop everything, whatever state it is in."""
        self.command("down")
        if self.program is not None:
            self.program.kill()
            self.program.wait(timeout=30)
        if self.small_disk is not None:
            self.small_disk.give_up()

    def command(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run one of our commands beside it."""
        return subprocess.run([*_COMMAND, *words], env=self.environment, capture_output=True, timeout=180, check=False)

    def pid(self, part: str) -> int:
        """The process of a part; 0 while it is being started."""
        file = self.home.run / "up.json"
        return int(json.loads(file.read_text())["parts"].get(part, 0)) if file.exists() else 0

    def kill(self, part: str) -> None:
        """Kill a part outright; `postgres` is the server."""
        if part == "postgres":
            file = self.cluster.directory_of_cluster / "postmaster.pid"
            self.wait(lambda: file.exists() and bool(file.read_text()), 60, "the server was not there to be killed")
            pid = int(file.read_text().splitlines()[0])
        else:
            self.wait(lambda: self._lives(self.pid(part)), 60, f"{part} was not there to be killed")
            pid = self.pid(part)
        with suppress(ProcessLookupError):  # it may be going already
            os.kill(pid, signal.SIGKILL)

    @staticmethod
    def _lives(pid: int) -> bool:
        return pid > 0 and Path(f"/proc/{pid}").exists()

    @staticmethod
    def wait(true: Callable[[], bool], within: float, otherwise: str) -> None:
        """Wait until something is true. Raises TimeoutError."""
        until = time.monotonic() + within
        while not true():
            if time.monotonic() > until:
                raise TimeoutError(otherwise)
            time.sleep(0.05)

    def evening(self, chance: random.Random, *, cuts: float = 0.0, clock_off: float = 0.0, thrice: bool = False) -> Evening:
        """What three workers send; with `thrice` each batch three times, shuffled, from both of the worker's devices."""
        walks = []
        for first, second in self.tokens:
            off = (chance.random() * 2 - 1) * clock_off
            batches = [[visit(chance.choice(self.doors), chance, clock_off=off) for _ in range(_BATCH)] for _ in range(_BATCHES)]
            for token in (first, second) if thrice else (first,):
                again = [chance.sample(batch, len(batch)) for batch in batches for _ in range(3 if thrice else 1)]
                chance.shuffle(again)
                walks.append((Phone(self.port + 1, token, self.told, random.Random(chance.random()), cuts), again))
        return Evening(walks)


_COMMAND = (sys.executable, "-m", "lianfang.config.main")


def build(home: Home) -> World:
    """A community of three buildings in a new home, with workers of two devices each; the program is not started yet."""
    installation.set_up(home, "none", divisions=False)
    listed = home.path / "divisions.csv"
    listed.write_text(_DIVISIONS)
    places.load_divisions([listed])
    community = queries.by_code("220106001001")
    places.lay_out(community.place_id, places.parse_layout(_LAYOUT), by=None)
    doors = [door.id for building in queries.buildings_of(community) for door in queries.doors_of(building)]
    here, tokens = access.local_administrator(), []
    for number in range(_WORKERS):
        grant = NewGrant(Role.COMMUNITY_SECRETARY, OverPlace(community.place_id))
        account = accounts.add_account(NewAccount("何示员", f"worker.{number}"), by=here, grants=[grant])
        first, second = (accounts.add_device(account, name, by=here).token for name in ("phone", "tablet"))
        tokens.append((first, second))
    world = World(Home(Path(home.path)), doors, tokens, clock=clocks.made(home.path))
    world.cluster.stop()  # it does not go by that clock yet
    return world
