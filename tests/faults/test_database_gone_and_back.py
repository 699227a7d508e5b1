"""The database goes away under the running program and comes back: all four processes serve again within two seconds, none is started anew."""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from lianfang.config.runtime.postgres import Cluster, free_port
from tests.config.conftest import BARE, Command, commanding, open_place

AWAY = 4.0  # seconds: longer than the first pauses that grow from one second
AGAIN_WITHIN = 2.0


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with open_place() as made:
        yield made


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Cluster]:
    made = Cluster(place / "server", "only-for-tests", small=True)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def town(place: Path, server: Cluster) -> Iterator[Command]:
    with commanding(place) as command:
        command.more["DATABASE_URL"] = server.server("town").url()
        assert command("setup", *BARE).returncode == 0
        yield command


def ask(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=15) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()
    except OSError:
        return 0, b""


def pids(town: Command) -> dict[str, int]:
    return dict(json.loads((town.home / "run" / "up.json").read_text())["parts"])


def all_at_once(count: int, what: Callable[[], None]) -> None:
    threads = [threading.Thread(target=what, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def test_all_serve_again_within_two_seconds_of_its_return(town: Command, server: Cluster) -> None:
    port = free_port(range(33_000, 39_000, 10))
    town.begin("up", "--port", str(port))
    town.wait(lambda: "is running at" in town.printed())
    town.wait((town.home / "run" / "jobs.beat").exists)  # jobs begin when the pages are served: they work before it goes away
    before = pids(town)
    all_at_once(8, lambda: ask(port, "/health/ready") and None)

    server.stop()
    gone = time.monotonic()
    during: list[int] = []

    def visitors() -> None:
        while time.monotonic() < gone + AWAY:
            during.append(ask(port, "/health/ready")[0])

    assert ask(port, "/desk/sign-in/")[0] in {200, 503}
    all_at_once(16, visitors)
    assert set(during) == {503}
    assert ask(port + 1, "/intake/health")[0] == 503

    server.start()
    back = time.monotonic()
    answered: dict[str, float] = {}
    looks: dict[str, Callable[[], bool]] = {
        "web": lambda: all(ask(port, "/health/ready")[0] == 200 for _ in range(8)),
        "intake": lambda: ask(port + 1, "/intake/health")[0] == 200,
        **{name: lambda name=name: (town.home / "run" / f"{name}.beat").stat().st_mtime > back for name in ("folder", "jobs")},
    }

    def look(name: str) -> None:
        while name not in answered and time.monotonic() < back + 30:
            if looks[name]():
                answered[name] = time.monotonic() - back
            time.sleep(0.02)

    watching = [threading.Thread(target=look, args=[name], daemon=True) for name in looks]
    for one in watching:
        one.start()
    for one in watching:
        one.join(timeout=40)
    assert sorted(answered) == sorted(looks)
    assert max(answered.values()) < AGAIN_WITHIN * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)), answered
    assert pids(town) == before, "nothing was started anew"
    town("down")


def test_up_refuses_a_role_that_may_lose_what_it_confirms(town: Command, server: Cluster) -> None:
    with psycopg.connect(server.server().url(), autocommit=True) as administrator:
        administrator.execute("alter role lianfang_intake set synchronous_commit = off")
        refused = town("up", "--port", str(free_port(range(33_000, 39_000, 10))))
        administrator.execute("alter role lianfang_intake reset synchronous_commit")
    assert refused.returncode == 1
    assert "synchronous_commit switched off" in refused.stderr
