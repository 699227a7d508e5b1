"""The end that erases, in a real home: canaries behind every door of an incident, real processes, and every byte looked through afterwards."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lianfang.kernel.ids import new_id
from tests.config.conftest import BARE, ROOT, Command
from tests.factories.accounts import PASSWORD
from tests.factories.phones import new_pair
from tests.ledger.sending import record

DOORS = ("message", "roster", "photo", "remark", "label", "reason", "error", "session", "header", "refused", "called", "exported", "mail")
PROGRAM = "import sys, django; django.setup(); from tests.config.erasure_scene import main; main(*sys.argv[1:])"
WITHIN = 120.0  # seconds for the whole erasure, beside other work on the machine


def letters() -> str:
    """A name is made of letters."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(24)).capitalize()


def holds(home: Path, marks: dict[str, bytes]) -> dict[str, list[str]]:
    """In which files of a home each mark lies, as bytes; programs left out."""
    found: dict[str, list[str]] = {}
    for folder, below, names in os.walk(home):
        if Path(folder) == home:
            below[:] = [name for name in below if not name.startswith(("static", "venv", "postgresql", "python"))]
        for name in names:
            path = Path(folder, name)
            try:
                content = path.read_bytes()
            except (FileNotFoundError, OSError):
                continue
            for mark, text in marks.items():
                if text in content:
                    found.setdefault(mark, []).append(str(path.relative_to(home)))
    return found


def signed_in(address: str, login: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=20, follow_redirects=False)
    client.get("/desk/sign-in/")
    answer = client.post("/desk/sign-in/", data={"login": login, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]})
    assert answer.status_code == 302, answer.text
    return client


def planted_in(lianfang: Command, canaries: dict[str, str]) -> dict[str, str]:
    """The scene, made by a process of its own in the home that runs."""
    tests = {name: value for name, value in os.environ.items() if name.startswith("LIANFANG_TEST")}
    environment = (
        lianfang.environment() | tests | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "lianfang.config.settings"}
    )
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM, environment["LIANFANG_HOME"], json.dumps(canaries)], env=environment, cwd=ROOT, text=True, capture_output=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    found: dict[str, str] = json.loads(made.stdout)
    return found


def joined(address: str, scene: dict[str, str]) -> httpx.Client:
    """A grid worker's phone, joined by its link."""
    body = {"token": scene["invited"], "digits": scene["digits"], "device": {"name": "示例手机", "public_key": new_pair()[1]}}
    answer = httpx.post(f"{address}/field/api/join", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return httpx.Client(base_url=address, timeout=30, headers={"authorization": f"Bearer {answer.json()['credential']}"})


@pytest.fixture
def served(lianfang: Command, port: int) -> Iterator[tuple[Command, str, int]]:
    assert lianfang("setup", *BARE).returncode == 0
    lianfang.more["LIANFANG_DEMO"] = "tests"
    lianfang.begin("up", "--port", str(port))
    lianfang.wait(lambda: "is running at" in lianfang.printed(), 90)
    yield lianfang, f"http://127.0.0.1:{port}", port


def ended(lianfang: Command, incident: str) -> Any:
    """A backup, the end, its two people; the process of jobs does the rest. What the log of erasures says of it."""
    assert lianfang("backup").returncode == 0
    assert lianfang("incident", "end", incident, "--authority", "绿园区", "--document", "示例1号").returncode == 0
    seen = json.loads(lianfang("close", incident, "--json").stdout)
    assert seen["goes"]["ledger_record"] >= 32
    proposed = lianfang("close", incident, "--propose", "--authority", "绿园区", "--document", "示例2号", "--as", "city", "--json")
    assert proposed.returncode == 0, proposed.stdout
    assert lianfang("close", incident, "--confirm", "--as", "city").returncode == 1, "four eyes"
    confirmed = lianfang("close", incident, "--confirm", "--as", "officer", "--json")
    assert confirmed.returncode == 0, confirmed.stdout
    until = time.monotonic() + WITHIN
    while (log := json.loads(lianfang("erasures", "--json").stdout)["erasures"][0])["state"] != "done":
        assert time.monotonic() < until, lianfang("close", incident, "--work").stdout
        time.sleep(1)
    return log


@pytest.mark.slow
@pytest.mark.timeout(600)  # two real processes and every file of a home looked through
def test_nothing_of_an_incident_is_left_in_any_byte(served: tuple[Command, str, int]) -> None:
    lianfang, address, port = served
    canaries = {door: secrets.token_hex(12) for door in DOORS} | {"person": letters(), "pooled": letters()}
    marks = {door: text.encode() for door, text in canaries.items()}
    scene = planted_in(lianfang, canaries)
    incident = scene["incident"]

    # Through the intake: a remark, a new person at a new door, and what it refuses or lays aside.
    door, person = new_id(), new_id()
    found = record(door, incident=incident, subject=person, envelope={
        "door": {"building": scene["building"], "label": canaries["label"]},
        "person": {"name": canaries["person"], "household": str(new_id()), "phone": "13800138000"},
    })  # fmt: skip
    said = record(scene["door"], "remark", {"topic": "general"}, incident=incident, envelope={"remark": canaries["remark"]})
    outside = record(scene["b_door"], incident=incident, envelope={"remark": canaries["remark"]})
    broken = record(scene["door"], incident=incident, payload={"outcome": canaries["refused"]})
    bearer = {"authorization": f"Bearer {scene['token']}", "user-agent": canaries["header"]}
    sent = [found, said, outside, broken, *(record(scene["door"], incident=incident) for _ in range(30))]
    answer = httpx.post(f"http://127.0.0.1:{port + 1}/intake/records", json={"records": sent}, headers=bearer, timeout=30)
    assert [one["verdict"] for one in answer.json()["verdicts"]][:4] == ["kept", "kept", "quarantined", "refused"], answer.text

    # A phone takes its bundle along, with the person who was found.
    phone = joined(address, scene)
    bundle = phone.get("/field/api/bundle")
    assert canaries["person"] in bundle.text, bundle.status_code

    # Through the desk: a look with its reason, an address that leads nowhere, a field that asks too much, a session.
    desk = signed_in(address, "grid.a")
    desk.get(f"/desk/{canaries['error']}/", params={"q": canaries["error"]})
    desk.get("/desk/find/", params={"q": canaries["session"]})
    page = f"/desk/people/{person}/reveal/"
    looked = desk.post(page, data={"field": "phone", "words": canaries["reason"], "csrfmiddlewaretoken": desk.cookies["csrftoken"]})
    assert looked.status_code == 200, looked.headers.get("location")
    before = holds(lianfang.home, marks)
    planted = {"message", "label", "person", "roster", "reason", "pooled", "called", "exported"}
    assert planted <= set(before), f"the search finds what is there, but {planted - set(before)}"
    assert {"remark", "photo", "mail"}.isdisjoint(before), "sealed from the beginning"
    assert not any(name.startswith(("logs/", "postgres/log")) for names in before.values() for name in names), before

    log = ended(lianfang, scene["incident"])
    assert log["checked"]["hits"] == []
    assert log["checked"]["files"] > 100
    assert log["checked"]["marks"] > 20
    assert log["counts"]["backups.unreadable"] == 1

    ids = {
        f"record {number}": new_bytes for number, new_bytes in enumerate(bytes.fromhex(str(one["id"]).replace("-", "")) for one in sent[:3])
    }
    left = holds(lianfang.home, marks | ids | {"person id": person.bytes, "incident's remark": canaries["remark"].encode()})
    left.pop("person id", None)  # that somebody looked at a person stays in the log of looks, by number
    assert left == {}

    # Who is still signed in is not; who still sends is told to delete; the rest of the place works.
    assert desk.get("/desk/").status_code == 302
    desk.close()
    anew = phone.get("/field/api/bundle", headers={"if-none-match": bundle.headers["etag"]})
    assert anew.status_code == 200, "the phone is told that what it took along is no longer true"
    assert [name for name, text in canaries.items() if text in anew.text] == []
    phone.close()
    again = httpx.post(f"http://127.0.0.1:{port + 1}/intake/records", json={"records": sent[:2]}, headers=bearer, timeout=30)
    assert {one["code"] for one in again.json()["verdicts"]} == {"ended"}
    assert json.loads(lianfang("doctor", "--json").stdout)["ok"]
    paper = lianfang.home.parent / "certificate.pdf"
    assert lianfang("certificate", str(log["number"]), "--pdf", str(paper)).returncode == 0
    assert paper.read_bytes().startswith(b"%PDF")
