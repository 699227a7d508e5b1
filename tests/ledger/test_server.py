"""The intake process over HTTP: verdicts, tokens, limits in words, slow phones, a database that goes away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from django.db import connection

from lianfang.ground.accounts.commands import devices
from lianfang.kernel.ids import new_id
from tests.factories.cast import Cast
from tests.ledger.recount import table
from tests.ledger.sending import record
from tests.settings import ROLE_PASSWORD, SERVER

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 30


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Wire:
    """A line between the intake process and the database that can be cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.whole = True
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.whole = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self.listener.close()


class Served:
    """The intake process, running; `said` is what it has logged during a test."""

    def __init__(self, port: int, wire: Wire, log: Path) -> None:
        self.port, self.wire, self.log = port, wire, log
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)
        self.begun = 0

    def send(self, token: str, *records: object, **headers: str) -> httpx.Response:
        return self.client.post("/intake/records", json={"records": records}, headers={"authorization": f"Bearer {token}", **headers})

    def said(self) -> str:
        return self.log.read_text()[self.begun :]


@pytest.fixture(scope="module")
def process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One intake process for all tests: between them the database is emptied, as its rows come and go in life."""
    wire = Wire((SERVER.host, SERVER.port))
    database = replace(
        SERVER, host="127.0.0.1", port=wire.port, user="lianfang_intake", password=ROLE_PASSWORD, name=str(connection.settings_dict["NAME"])
    )
    port, log = free_port(), tmp_path_factory.mktemp("intake") / "intake.log"
    environment = os.environ | {
        "LIANFANG_DATABASE": database.url(),
        "DJANGO_SETTINGS_MODULE": "lianfang.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "LIANFANG_LOG": "json",
        "LIANFANG_ORIGINS": "https://desk.example",
    }
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "lianfang.config.serve", "intake", "--host", "127.0.0.1", "--port", str(port)],
            env=environment, stdout=out, stderr=out, cwd=ROOT,
        )  # fmt: skip
    running = Served(port, wire, log)
    try:
        end = time.monotonic() + STARTS_WITHIN
        while True:
            with suppress(httpx.HTTPError):
                if running.client.get("/intake/health").status_code == 200:
                    break
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)
        running.client.close()
        wire.close()


@pytest.fixture
def served(town: Cast, process: Served) -> Served:
    process.begun = len(process.log.read_text())
    return process


@pytest.fixture
def token(town: Cast) -> str:
    return devices.add_device(town.account("grid.a"), "示例手机", by=town.grid_worker).token


def test_records_sent_by_a_phone_get_their_verdicts_and_are_durable(served: Served, town: Cast, token: str) -> None:
    made = [record(town.a_door.id), record(town.b_door.id), record(town.a_door.id) | {"kind": "knock"}]
    answer = served.send(token, *made, made[0])
    assert answer.status_code == 200
    told = answer.json()
    assert [one["verdict"] for one in told["verdicts"]] == ["kept", "quarantined", "refused", "repeated"]
    assert (told["kept"], told["repeated"], told["refused"], told["quarantined"]) == (1, 1, 1, 1)
    assert told["verdicts"][2] == {
        "id": made[2]["id"], "verdict": "refused", "code": "unknown_kind", "facts": {},
        "reason": "There is no kind of record of this name and version here; the program on the device may be newer than the server.",
    }  # fmt: skip
    assert "received_at" in told
    assert len(table("ledger_record")) == 1
    assert table("accounts_device")[0]["last_seen_at"] is not None


def test_the_log_says_how_many_and_nothing_of_what(served: Served, town: Cast, token: str) -> None:
    served.send(token, record(town.a_door.id, envelope={"remark": "王示例 13800001111"}))
    served.client.post("/intake/records?name=王示例", content="王示例".encode(), headers={"authorization": f"Bearer {token}"})
    time.sleep(0.3)
    said = served.said()
    calls = [line for line in map(json.loads, said.splitlines()) if line.get("by") == "lianfang.intake"]
    assert [(line["status"], line["code"]) for line in calls] == [(200, ""), (400, "not_json")]
    assert calls[0]["kept"] == 1
    for secret in ("示例", "1380", token, str(town.a_door.id), "\\u738b"):
        assert secret not in said


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b'{"records": ' + b"[" * 100_000, 400, "not_json"),
        (b'{"records": [' + b"{}," * 5000 + b"{}]}", 413, "too_many"),
        (b" " * (8 * 2**20 + 1), 413, "body_too_large"),
    ],
    ids=["cut off", "a list", "not text", "deep", "too many", "too large"],
)
def test_bodies_that_are_refused_whole(served: Served, token: str, body: bytes, status: int, code: str) -> None:
    answer = served.client.post("/intake/records", content=body, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["error"]


def test_a_body_without_a_length_is_stopped_at_the_limit(served: Served, token: str) -> None:
    pieces = (b" " * 2**20 for _ in range(20))
    with suppress(httpx.WriteError, httpx.RemoteProtocolError):
        answer = served.client.post("/intake/records", content=pieces, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 413


def test_who_may_not_and_what_is_not_there(served: Served, town: Cast, token: str) -> None:
    for wrong in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic x"}):
        answer = served.client.post("/intake/records", json={"records": []}, headers=wrong)
        assert (answer.status_code, answer.json()["code"], answer.headers["www-authenticate"]) == (401, "device_unknown", "Bearer")
    assert served.client.get("/intake/records").status_code == 405
    assert served.client.get("/elsewhere").json()["code"] == "no_such_address"
    assert served.send(token, **{"content-encoding": "gzip"}).status_code == 415
    [device] = table("accounts_device")
    devices.cut_off(device["id"], by=town.grid_worker)
    assert served.send(token, record(town.a_door.id)).status_code == 401
    assert table("ledger_record") == []


def test_only_our_own_origin_may_call_from_a_page(served: Served) -> None:
    ours = served.client.options("/intake/records", headers={"origin": "https://desk.example"})
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (204, "https://desk.example")
    assert (
        "access-control-allow-origin"
        not in served.client.options("/intake/records", headers={"origin": "https://elsewhere.example"}).headers
    )


def test_a_database_that_goes_away_and_comes_back_needs_no_restart(served: Served, town: Cast, token: str) -> None:
    first, second = record(town.a_door.id), record(town.a_door.id)
    assert served.send(token, first).status_code == 200
    served.wire.cut()
    away = served.send(token, second)
    assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "away", "5")
    assert served.client.get("/intake/health").status_code == 503
    served.wire.mend()
    back = served.send(token, first, second)
    assert [one["verdict"] for one in back.json()["verdicts"]] == ["repeated", "kept"]
    assert len(table("ledger_record")) == 2


def test_slow_phones_hold_nobody_up(served: Served, town: Cast) -> None:
    """Forty phones each send a letter now and then; another one is answered at once."""
    slow = []
    tokens = [devices.add_device(town.account("grid.a"), f"慢{number}", by=town.grid_worker).token for number in range(40)]
    for one in tokens:
        line = socket.create_connection(("127.0.0.1", served.port))
        line.sendall(
            b"POST /intake/records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %b\r\ncontent-length: 500000\r\n\r\n{" % one.encode()
        )
        slow.append(line)
    other = devices.add_device(town.account("secretary.a"), "另一部", by=town.secretary).token
    began = time.monotonic()
    assert served.send(other, record(town.a_door.id)).status_code == 200
    assert time.monotonic() - began < 5
    for line in slow:
        line.close()


def test_many_phones_at_once(served: Served, town: Cast) -> None:
    tokens = [devices.add_device(town.account("secretary.a"), f"手机{number}", by=town.secretary).token for number in range(8)]

    def phone(token: str) -> list[int]:
        return [served.send(token, *(record(town.a_door.id) for _ in range(5))).status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as phones:
        assert {status for statuses in phones.map(phone, tokens) for status in statuses} == {200}
    assert len(table("ledger_record")) == 8 * 5 * 5
    assert served.send(tokens[0], record(new_id())).json()["verdicts"][0]["code"] == "unknown_place"
