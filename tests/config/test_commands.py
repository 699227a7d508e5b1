"""The real command in homes of its own: from nothing to serving, and back."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from lianfang.config.runtime.postgres import Cluster
from tests.config.conftest import BARE, Command


def answer(port: int, path: str = "/health/ready") -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
            return dict(json.load(found))
    except OSError:
        return {}


def is_ready(port: int) -> Callable[[], bool]:
    return lambda: bool(answer(port).get("ready"))


def serving(command: Command) -> dict[str, int]:
    file = command.home / "run" / "up.json"
    return dict(json.loads(file.read_text())["parts"]) if file.exists() else {}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False).stdout
    return bool(shown) and not shown.startswith("Z")


def test_an_empty_home_says_what_to_type_and_makes_no_database(lianfang: Command) -> None:
    refused = lianfang("doctor")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "./lianfang up" in refused.stderr
    assert not (lianfang.home / "postgres").exists()


def test_wrong_use_is_told_from_refusal(lianfang: Command) -> None:
    assert lianfang("no-such-command").returncode == 2
    assert lianfang("init").returncode == 2
    refused = lianfang("setup", "--demo", "no-such-town")
    assert refused.returncode == 1
    assert "no-such-town" in refused.stderr


def test_setup_leaves_a_sound_database_running_and_may_be_repeated(lianfang: Command) -> None:
    assert lianfang("setup", *BARE).returncode == 0
    first = Cluster(lianfang.home, "").port
    assert lianfang("setup", *BARE).returncode == 0
    assert Cluster(lianfang.home, "").port == first
    examined = lianfang("doctor", "--json")
    found = json.loads(examined.stdout)
    assert [check for check in found["checks"] if not check["ok"]] == []
    assert (examined.returncode, found["ok"]) == (0, True)
    assert lianfang("down").returncode == 0
    assert "Nothing was running" in lianfang("down").stderr


def test_up_serves_restarts_what_dies_and_stops_in_order(lianfang: Command, port: int) -> None:
    up = lianfang.begin("up", *BARE, "--port", str(port))
    lianfang.wait(is_ready(port))
    lianfang.wait(lambda: "is running at" in lianfang.printed())

    again = lianfang("up", "--port", str(port))
    assert again.returncode == 1
    assert f"http://127.0.0.1:{port}" in again.stderr

    before = serving(lianfang)
    os.killpg(before["web"], signal.SIGKILL)
    lianfang.wait(lambda: serving(lianfang).get("web", before["web"]) != before["web"])
    lianfang.wait(is_ready(port))

    assert lianfang("down").returncode == 0
    assert up.wait(timeout=30) == 0
    assert not any(map(alive, before.values()))
    assert not Cluster(lianfang.home, "").is_running()
    assert '"path": "/health/ready"' in (lianfang.home / "logs" / "web.log").read_text()


def test_a_second_up_is_quick_and_keeps_the_database(lianfang: Command, port: int) -> None:
    lianfang("setup", *BARE)
    lianfang("down")
    began = time.monotonic()
    up = lianfang.begin("up", "--port", str(port))
    lianfang.wait(is_ready(port))
    took = time.monotonic() - began
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=30) == 0
    assert took < 10
    assert not Cluster(lianfang.home, "").is_running(), "up stops the database that it started"


def test_nothing_is_left_when_the_supervisor_is_killed(lianfang: Command, port: int) -> None:
    up = lianfang.begin("up", *BARE, "--port", str(port))
    lianfang.wait(is_ready(port))
    parts = serving(lianfang)
    up.kill()
    lianfang.begun.remove(up)
    up.wait()
    lianfang("down")
    lianfang.wait(lambda: not any(map(alive, parts.values())), 20)
    assert not Cluster(lianfang.home, "").is_running()


def test_a_taken_port_is_named_with_another_that_would_do(lianfang: Command, port: int) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port + 1))
        stranger.listen()
        refused = lianfang("up", *BARE, "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port + 1} is in use" in refused.stderr
    assert "./lianfang up --port" in refused.stderr


def test_a_killed_database_comes_back_with_the_next_command(lianfang: Command) -> None:
    lianfang("setup", *BARE)
    os.kill(int((lianfang.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert json.loads(lianfang("doctor", "--json").stdout)["ok"]


def test_secrets_stand_in_no_argument_and_no_log(lianfang: Command, port: int) -> None:
    up = lianfang.begin("up", *BARE, "--port", str(port))
    lianfang.wait(is_ready(port))
    answer(port, "/health/live?name=%E7%8E%8B%E7%A4%BA%E4%BE%8B")
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    words = json.loads((lianfang.home / "secrets" / "database.json").read_text()).values()
    up.terminate()
    up.wait(timeout=30)
    logged = "".join(path.read_text() for path in Path(lianfang.home / "logs").iterdir())
    assert [word for word in words if word in shown or word in logged] == []
    assert "示例" not in logged
    assert "%E7%8E%8B" not in logged
