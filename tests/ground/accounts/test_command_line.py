"""The command line of accounts and people: what scripts rely on."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from lianfang.doors.cli import accounts as accounts_cli
from lianfang.doors.cli import frame
from lianfang.doors.cli import people as people_cli
from lianfang.ground.accounts import commands, queries
from lianfang.ground.accounts.types import AccountNotFound, LocalOnly, NotForYou, PasswordCommon
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PersonNotFound
from lianfang.kernel.errors import Denied, NotFound, Refused
from tests.factories.accounts import PASSWORD
from tests.factories.cast import Cast
from tests.factories.people import phone_number

Found = dict[str, Any]


class Line:
    """Types commands and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def parsed(self, *words: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers()
        accounts_cli.register(subparsers)
        people_cli.register(subparsers)
        return parser.parse_args([str(word) for word in words])

    def json(self, *words: object) -> Found:
        args = self.parsed(*(str(word) for word in words), "--json")
        assert args.run(args) == frame.DONE
        return dict(json.loads(self.capsys.readouterr().out))

    def text(self, *words: object) -> str:
        args = self.parsed(*(str(word) for word in words))
        assert args.run(args) == frame.DONE
        return self.capsys.readouterr().out

    def refused(self, why: type[Refused], *words: object) -> None:
        args = self.parsed(*(str(word) for word in words))
        with pytest.raises(why):
            args.run(args)


@pytest.fixture
def line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


def test_an_account_from_nothing_to_signing_in(cast: Cast, line: Line) -> None:
    made = line.json(
        "accounts", "add", "何示新", "--phone", phone_number(700), "--role", "grid_worker", "--over", "area:甲一网格", "--as", "secretary.a"
    )
    assert made["login"] == "heshixin"
    assert made["address"] == f"http://127.0.0.1:8000/join/{made['token']}"
    commands.join(str(made["token"]), "0700", PASSWORD)
    assert commands.sign_in("heshixin", PASSWORD)
    shown = line.json("accounts", "show", "heshixin", "--as", "secretary.a")
    assert [grant["scope_name"] for grant in shown["grants"]] == ["甲一网格"]
    assert "154****0700" in line.text("accounts", "show", "heshixin")


def test_a_password_may_come_from_the_environment_but_not_a_bad_one(cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LF_PASSWORD", PASSWORD)
    line.text("accounts", "add", "何示新", "--login", "he.new", "--password-from", "LF_PASSWORD")
    assert commands.sign_in("he.new", PASSWORD)
    monkeypatch.setenv("LF_PASSWORD", "1234567890")
    line.refused(PasswordCommon, "accounts", "add", "何示坏", "--login", "he.bad", "--password-from", "LF_PASSWORD")
    with pytest.raises(AccountNotFound):
        queries.account_id_of_login("he.bad")


def test_role_and_place_go_together(line: Line) -> None:
    args = line.parsed("accounts", "add", "何示新", "--role", "volunteer")
    with pytest.raises(frame.WrongUse):
        args.run(args)


def test_grants_are_given_and_revoked_as_somebody(cast: Cast, line: Line) -> None:
    line.refused(NotForYou, "accounts", "grant", "grid.a", "street_duty", cast.a.code, "--as", "secretary.a")
    line.refused(NotFound, "accounts", "grant", "grid.a", "volunteer", cast.b.code, "--as", "secretary.a")
    given = line.json("accounts", "grant", "grid.a", "volunteer", cast.a.code, "--to", "2999-01-01", "--as", "secretary.a")
    line.text("accounts", "revoke", given["grant_id"], "--as", "secretary.a")
    assert [grant.role for grant in queries.grants_of(cast.account("grid.a"))] == ["grid_worker"]


def test_reset_close_and_devices(cast: Cast, line: Line) -> None:
    device = line.json("accounts", "devices", "add", "grid.a", "手机", "--as", "secretary.a")
    assert queries.device_of_token(str(device["token"])) is not None
    line.json("accounts", "devices", "cut-off", device["device_id"], "--stolen", "--as", "secretary.a")
    assert queries.device_of_token(str(device["token"])) is None
    link = line.json("accounts", "reset", "grid.a", "--reason", "忘了", "--as", "secretary.a")
    assert queries.joining(str(link["token"])).login == "grid.a"
    line.refused(AccountNotFound, "accounts", "close", "grid.a", "--as", "secretary.b")
    line.text("accounts", "close", "grid.a", "--as", "secretary.a")
    listed = line.json("accounts", "list", "--within", cast.a.code)
    assert [each["login"] for each in listed["accounts"]] == ["secretary.a"]


def test_people_at_a_door_and_their_counts(cast: Cast, line: Line) -> None:
    shown = line.json("people", "show", cast.a_door.id, "--as", "grid.a")
    assert [each["name"] for each in shown["people"]] == ["王*", "张*"]
    line.refused(NotFound, "people", "show", cast.a_door.id, "--as", "secretary.b")
    line.refused(Denied, "people", "show", cast.a_door.id, "--as", "admin")
    assert line.json("people", "counts", cast.a.code, "--as", "secretary.a") == {"households": 1, "registered": 2, "living": 2}
    assert line.json("people", "counts", "area:甲一网格") == {"households": 1, "registered": 2, "living": 2}
    line.refused(Denied, "people", "counts", cast.b.code, "--as", "secretary.a")


def test_a_full_value_needs_a_name_in_the_log(cast: Cast, line: Line) -> None:
    line.refused(LocalOnly, "people", "reveal", cast.resident, "phone", "--reason", "回电")
    line.refused(PersonNotFound, "people", "reveal", cast.resident, "phone", "--reason", "回电", "--as", "secretary.b")
    assert line.json("people", "reveal", cast.resident, "phone", "--reason", "回电", "--as", "grid.a") == {"value": phone_number(11)}
    looks = line.json("people", "looks", cast.a.code, "--as", "secretary.a")["looks"]
    assert [(look["field"], look["reason"], look["channel"]) for look in looks] == [("phone", "回电", "cli")]


def test_people_are_found_ended_and_counted_anew(cast: Cast, line: Line) -> None:
    for text in ("王示", "wsl", phone_number(11)):
        found = line.json("people", "find", text, "--as", "secretary.a")["people"]
        assert [each["person_id"] for each in found] == [str(cast.resident)]
    assert line.json("people", "find", "王示", "--as", "secretary.b") == {"people": []}
    line.text("people", "end", cast.resident, "--reason", "去世", "--as", "secretary.a")
    assert [each.person_id for each in people.people_of_door(cast.a_door.place_id)] == [cast.neighbour]
    assert line.json("people", "recount") == {"buildings": 2}
    assert line.json("people", "mend-positions") == {"rows": 0}


def test_a_list_is_imported_with_its_two_files(cast: Cast, line: Line, tmp_path: Path) -> None:
    from tests.ground.accounts.test_importing import leader, workbook

    source, answers, links = tmp_path / "list.xlsx", tmp_path / "answers.xlsx", tmp_path / "links.xlsx"
    source.write_bytes(workbook(leader("王示楼", 501), leader("李示元", 502, building="99栋")))
    dry = line.json("accounts", "import", source, "--dry-run", "--links", links, "--as", "secretary.a")
    assert (dry["added"], dry["refused"], dry["dry_run"], links.exists()) == (1, 1, True, False)
    said = line.text("accounts", "import", source, "--answers", answers, "--links", links, "--as", "secretary.a")
    assert "99" in said
    assert answers.stat().st_size > 1000
    assert links.stat().st_mode & 0o777 == 0o600
