"""The real command in homes of its own: from nothing to serving, and back."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lianfang.config.runtime import database, installation, priority
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster
from lianfang.kernel import clock
from lianfang.kernel.roles import OWNER
from tests.config.conftest import BARE, Command, commanding, open_place


def own_certificate(place: Path) -> tuple[Path, Path]:
    """A certificate for localhost, with its key in the older form that some tools write."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (place / "cert.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (place / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return place / "cert.pem", place / "key.pem"


SECOND_START = 18
"""Processor seconds until pages are served: within ten seconds on two cores that do nothing else."""


@pytest.fixture(scope="module")
def town() -> Iterator[Command]:
    """One installation for all that follows, made once; each test leaves it as it likes."""
    with open_place() as place, commanding(place) as command:
        assert command("setup", *BARE).returncode == 0
        yield command


def answer(port: int, path: str = "/health/ready") -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
            return dict(json.load(found))
    except (OSError, HTTPException):  # nobody listens yet: refused, or met by our own words on a port of the free range
        return {}


def gives_way(town: Command, role: str) -> set[int]:
    """By how much the processes of the server give way that serve a role's connections."""
    with database.connected(database.engine(Home(town.home)).server(OWNER, "postgres")) as server:
        pids = [pid for (pid,) in server.execute("select pid from pg_stat_activity where usename = %s", [f"lianfang_{role}"]).fetchall()]
    found = set()
    for pid in pids:
        with suppress(ProcessLookupError):
            found.add(os.getpriority(os.PRIO_PROCESS, pid))
    return found


def is_ready(port: int) -> Callable[[], bool]:
    return lambda: bool(answer(port).get("ready"))


def serving(command: Command) -> dict[str, int]:
    file = command.home / "run" / "up.json"
    return dict(json.loads(file.read_text())["parts"]) if file.exists() else {}


def processor_seconds(pid: int) -> float:
    """What a process and all it has started have used of the processors until now, which other work beside them does not lengthen much."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(int, spent[11:15])) / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(child)) for child in below)


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


def test_a_taken_port_is_named_with_another_that_would_do(lianfang: Command, port: int) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port + 1))
        stranger.listen()
        refused = lianfang("up", *BARE, "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port + 1} is in use" in refused.stderr
    assert "./lianfang up --port" in refused.stderr


def test_setup_leaves_a_sound_database_running_and_may_be_repeated(town: Command) -> None:
    port, home = Cluster(town.home, "").port, Home(town.home)
    held = installation.current(home)
    assert held is not None
    with psycopg.connect(database.engine(home).server(OWNER, held.database).url()) as older:
        older.execute("update ledger_cursor set definition = 'of an older version' where name = 'rounds.round_door'")
    assert town("setup").returncode == 0
    assert Cluster(town.home, "").port == port
    examined = town("doctor", "--json")
    found = json.loads(examined.stdout)
    assert [check for check in found["checks"] if not check["ok"]] == []
    assert (examined.returncode, found["ok"]) == (0, True)


def test_a_killed_database_comes_back_with_the_next_command(town: Command) -> None:
    os.kill(int((town.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert json.loads(town("doctor", "--json").stdout)["ok"]


def test_up_again_serves_within_seconds_restarts_what_dies_and_stops_in_order(town: Command, port: int) -> None:
    town("down")
    up = town.begin("up", "--port", str(port))
    town.wait(is_ready(port))
    took = processor_seconds(up.pid)
    assert took < SECOND_START, f"{took:.1f} s of processor time"
    town.wait(lambda: f"is running at http://127.0.0.1:{port}" in town.printed())

    assert_files_are_hashed_compressed_and_kept(port)

    again = town("up", "--port", str(port))
    assert again.returncode == 1
    assert f"http://127.0.0.1:{port}" in again.stderr

    town.wait(lambda: sorted(serving(town)) == ["folder", "intake", "jobs", "web"])
    before, ours = serving(town), os.getpriority(os.PRIO_PROCESS, 0)
    town.wait(lambda: answer(port + 1, "/intake/health") != {} and ours + priority.BEHIND in gives_way(town, "folder"))
    assert gives_way(town, "intake") == {ours + priority.INTAKE}
    assert ours in gives_way(town, "web"), "the pages; jobs are of the same role"
    os.kill(before["web"], signal.SIGKILL)  # its workers outlive it, unless somebody sees to them
    town.wait(lambda: serving(town).get("web", before["web"]) != before["web"])
    town.wait(is_ready(port))
    assert "web ended and is started again" in town.printed()

    os.kill(int((town.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    town.wait(lambda: "database ended and is started again" in town.printed())
    town.wait(is_ready(port))

    answer(port, "/health/live?name=%E7%8E%8B%E7%A4%BA%E4%BE%8B")
    assert_no_secret_and_no_name_is_told(town)
    after = serving(town)
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=30) == 0
    assert not any(map(alive, after.values()))
    assert not Cluster(town.home, "").is_running(), "up stops the database that it started"


def assert_files_are_hashed_compressed_and_kept(port: int) -> None:
    """What a page names never changes under its name, comes compressed, and a browser asks for it once."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as found:
        page = found.read().decode()
    named = sorted(set(re.findall(r"/static/[^\"#?]+", page)))
    assert any(name.endswith(".css") for name in named)
    for name in named:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", name), name
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        there.request("GET", name, headers={"Accept-Encoding": "gzip"})
        found = there.getresponse()
        content = found.read()
        there.close()
        assert (found.status, found.headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
        if found.headers["Content-Encoding"] == "gzip":
            assert len(content) < len(gzip.decompress(content))
        else:
            assert len(content) < 1000, name  # nothing is won by packing what is small


def assert_no_secret_and_no_name_is_told(town: Command) -> None:
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    logged = "".join(path.read_text() for path in (town.home / "logs").iterdir())
    assert '"path": "/health/live"' in logged
    words = json.loads((town.home / "secrets" / "database.json").read_text()).values()
    assert [word for word in words if word in shown or word in logged] == []
    assert "示例" not in logged
    assert "%E7%8E%8B" not in logged


def test_phones_are_served_over_https(town: Command, port: int, tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    up = town.begin("up", "--port", str(port), "--tls", str(certificate), str(key))
    trusting = ssl.create_default_context(cafile=str(certificate))

    def is_served() -> bool:
        try:
            with urllib.request.urlopen(f"https://localhost:{port}/health/live", timeout=5, context=trusting) as found:
                return "max-age" in found.headers["Strict-Transport-Security"]
        except OSError:
            return False

    town.wait(is_served)
    town.wait(lambda: f"https://127.0.0.1:{port}" in town.printed())
    up.terminate()
    assert up.wait(timeout=30) == 0


def test_nothing_is_left_when_the_supervisor_is_killed(town: Command, port: int) -> None:
    up = town.begin("up", "--port", str(port))
    town.wait(is_ready(port))
    parts = serving(town)
    up.kill()
    town.begun.remove(up)
    up.wait()
    assert town("down").returncode == 0
    assert not any(map(alive, parts.values()))
    assert not Cluster(town.home, "").is_running()
    assert "Nothing was running" in town("down").stderr
