"""What the secretary does about phones: a link with its code to scan, the list of devices, the two ways of a cut-off; at the desk and typed."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianfang.config.runtime import secrets
from lianfang.doors.cli import accounts as accounts_cli
from lianfang.doors.cli import keys as keys_cli
from lianfang.ground.accounts import queries
from lianfang.kernel.sealing import KeyMissing, Keyring, keyring
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast
from tests.factories.phones import Phone, digits_of, join, new_pair


def test_a_link_at_the_desk_brings_a_phone_in_and_the_desk_shows_it_out(cast: Cast, secretary: Desk, outsider: Desk) -> None:
    grid = cast.account("grid.a")
    shown = secretary.post("account_phone", grid)
    [address] = re.findall(r"http://testserver/field/join#[\w-]+", shown.content.decode())
    assert "<svg" in shown.content.decode()
    pair, key = new_pair()
    http = Client()
    body = {"token": address.partition("#")[2], "digits": digits_of(grid), "device": {"name": "王示例的手机", "public_key": key}}
    joined = http.post("/field/api/join", json.dumps(body), content_type="application/json")
    phone = Phone(pair, joined.json(), http)
    stolen = join(grid, name="旧手机")
    assert "王示例的手机 外勤手机" in words_of(secretary.get("account", grid))
    assert outsider.post("account_phone", grid).status_code == 404
    secretary.post("cut_off", phone.id)
    secretary.post("cut_off", stolen.id, stolen="yes")
    assert (phone.get("poll").json()["cut"], stolen.get("poll").json()["cut"]) == ("deliver", "stolen")
    stolen.post("wiped")
    told = words_of(secretary.get("account", grid))
    assert "已切断并清除" in told
    assert "已切断" in told.replace("已切断并清除", "")


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*words: object) -> Any:
        parser = argparse.ArgumentParser()
        commands = parser.add_subparsers()
        accounts_cli.register(commands)
        keys_cli.register(commands)
        args = parser.parse_args([str(word) for word in words])
        assert args.run(args) == 0
        said = capsys.readouterr().out
        return json.loads(said) if "--json" in words else said

    return run


def test_the_same_by_command(cast: Cast, typed: Callable[..., Any]) -> None:
    told = typed("accounts", "devices", "link", "grid.a", "--address", "https://town.example/", "--json")
    assert told["address"].startswith("https://town.example/field/join#")
    assert told["token"] in told["address"]
    phone, other = join(cast.account("grid.a"), name="一"), join(cast.account("grid.a"), name="二")
    typed("accounts", "devices", "cut-off", phone.id)
    phone.post("wiped")
    typed("accounts", "devices", "cut-off", other.id, "--stolen")
    listed = typed("accounts", "devices", "list", "grid.a")
    assert [line.split("\t")[1:] for line in listed.splitlines()] == [["二", "已切断"], ["一", "已切断并清除"]]
    assert {one["cut"] for one in typed("accounts", "devices", "list", "grid.a", "--json")["devices"]} == {"deliver", "stolen"}
    assert queries.devices_of(cast.account("grid.a"))[0].stolen


def test_keys_for_phones_are_made_where_they_are_missing_and_renewed_by_command(
    tmp_path: Path, settings: Any, typed: Callable[..., Any]
) -> None:
    Keyring("k1", {"k1": bytes(32)}, bytes(32)).write(tmp_path / "keyring.json")
    settings.LIANFANG_KEYRING = tmp_path / "keyring.json"
    with pytest.raises(KeyMissing):
        _ = keyring().field
    secrets.make_keys(tmp_path)
    first = keyring().field
    assert (first.current, len(first.public), keyring().names) == ("f1", 65, ["k1"])
    secrets.make_keys(tmp_path)
    assert keyring().field.public == first.public
    assert typed("keys", "renew-delivery", "--json") == {"current": "f2"}
    assert keyring().field.scalars.keys() == {"f1", "f2"}
    assert keyring().with_new_key().field.current == "f2"
