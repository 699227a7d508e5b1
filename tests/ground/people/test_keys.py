"""Keys are rotated while the product runs: sealed anew in small steps, resumable, and old values open until the end."""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path

import pytest
from pytest_django import Settings

from lianfang.doors.cli import keys
from lianfang.ground.people import commands, queries
from lianfang.ground.people.models import Person
from lianfang.ground.people.types import RevealField
from lianfang.kernel import sealed
from lianfang.kernel.sealing import Keyring, keyring
from tests.factories.cast import Cast
from tests.factories.people import household_at, phone_number


@pytest.fixture
def own_ring(cast: Cast, settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "keyring.json"
    keyring().write(path)
    settings.LIANFANG_KEYRING = path
    settings.LIANFANG_FILES = tmp_path / "files"
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    parser = argparse.ArgumentParser()
    keys.register(parser.add_subparsers())
    args = parser.parse_args(["keys", *words, "--json"])
    assert args.run(args) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_rotation_seals_everything_anew_and_searches_still_find(own_ring: Path, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = Person.objects.get(pk=cast.resident)
    held = sealed.keys_in_use()
    assert set(held) == {"k1"}
    assert run(capsys, "rotate") == {"current": "k2", "rows": {"accounts_account": 5, "people_person": 3}}
    assert sealed.keys_in_use() == {"k2": held["k1"]}
    after = Person.objects.get(pk=cast.resident)
    assert Keyring.key_of(bytes(after.phone_sealed or b"")) == "k2"
    assert after.phone_index == before.phone_index
    assert [each.person_id for each in queries.find_by_phone(phone_number(11), [cast.a.range])] == [cast.resident]
    assert commands.reveal(cast.resident, RevealField.PHONE, "回电", by=cast.account("grid.a")) == phone_number(11)
    assert run(capsys, "list")["keys"] == [
        {"key": "k1", "current": False, "values": 0},
        {"key": "k2", "current": True, "values": held["k1"]},
    ]


def test_an_interrupted_rotation_goes_on_where_it_stopped(own_ring: Path, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    household_at(cast.b_door.place_id, "钱示一", "钱示二", "钱示三", order=301)
    keyring().with_new_key().write(own_ring)
    assert len(list(islice(sealed.reseal(keyring(), batch=2), 4))) == 4
    used = sealed.keys_in_use()
    assert set(used) == {"k1", "k2"}
    assert queries.person(cast.resident).phone == "154****0011"
    answer = run(capsys, "rotate", "--resume")
    assert (answer["current"], set(sealed.keys_in_use())) == ("k2", {"k2"})
    assert run(capsys, "rotate", "--resume")["rows"] == {}


def test_a_rotation_is_no_change_of_anybodys_row(own_ring: Path, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    from lianfang.ground.changes.queries import changes_of_row

    before = changes_of_row("people_person", cast.resident)
    run(capsys, "rotate")
    assert changes_of_row("people_person", cast.resident) == before


def test_a_key_is_destroyed_only_when_it_holds_nothing(own_ring: Path, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    for key, why in (("k1", keys.KeyUnknown), ("k9", keys.KeyUnknown)):
        with pytest.raises(why):
            run(capsys, "destroy", key)
    keyring().with_new_key().write(own_ring)
    with pytest.raises(keys.KeyInUse):
        run(capsys, "destroy", "k1")
    run(capsys, "rotate", "--resume")
    assert run(capsys, "destroy", "k1") == {"destroyed": "k1"}
    assert keyring().names == ["k2"]
    assert queries.person(cast.resident).phone == "154****0011"
