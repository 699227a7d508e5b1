"""Messages to workers through the doors: written at the desk, fetched and read by phones, sent and asked about by command and by machine."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from lianfang.doors.cli import messages as messages_cli
from lianfang.kernel.ids import new_id
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.cast import Cast
from tests.factories.phones import join


def test_a_message_from_the_desk_to_a_phone_and_its_receipt_back(
    cast: Cast, secretary: Desk, outsider: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    phone, other = join(cast.account("grid.a")), join(cast.account("secretary.b"))
    before = phone.get("poll").json()
    assert (before["messages"], phone.get("bundle").json()["messages"]) == (0, [])
    assert "这里还没有发过消息" in words_of(secretary.get("messages"))
    assert secretary.get("message_new", cast.a.id).status_code == 200
    assert "证件号码" in words_of(secretary.post("message_new", cast.a.id, title="核对", words="找110101199001011234"))
    answer = secretary.post("message_new", cast.a.id, title="明早到岗", words="七点半在北门集合。\n带上门牌表。")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    shown = words_of(secretary.client.get(address))
    assert "七点半在北门集合。" in shown
    assert "手机已收到0人" in shown
    # The phone learns at its next contact, and the desk what became of it.
    waiting = phone.get("poll").json()
    assert (waiting["messages"], waiting["stamp"] != before["stamp"]) == (1, True)
    [told] = phone.get("bundle").json()["messages"]
    assert (told["title"], told["read_at"], told["from"]) == ("明早到岗", None, secretary_name(cast))
    assert other.get("bundle").json()["messages"] == []
    assert other.post(f"messages/{told['id']}/read").status_code == 404
    assert phone.post(f"messages/{new_id()}/read").status_code == 404
    assert phone.post(f"messages/{told['id']}/read", {"ago": 2000}).status_code == 200
    assert phone.get("poll").json()["messages"] == 0
    assert phone.get("bundle").json()["messages"][0]["read_at"] is not None
    assert "已读1人" in words_of(secretary.client.get(address))
    assert "明早到岗" in words_of(secretary.get("messages"))
    assert "明早到岗" not in words_of(outsider.get("messages"))
    assert outsider.client.get(address).status_code == 404
    secretary.post("message_take_back", told["id"])
    assert phone.get("bundle").json()["messages"] == []
    assert "已撤回" in words_of(secretary.client.get(address))
    # By machine.
    http = signed_in("secretary.a")
    sent = http.post(f"/api/v1/messages/{cast.a.id}/send", json.dumps({"title": "示例", "words": "示例"}), content_type="application/json")
    assert (sent.status_code, sent.json()["got"]) == (200, 0)
    listed = http.get(f"/api/v1/messages/{cast.a.id}").json()
    assert [one["title"] for one in listed["messages"]] == ["示例", "明早到岗"]
    assert http.get(f"/api/v1/messages/{cast.a.id}", {"before": sent.json()["id"]}).json()["messages"] == listed["messages"][1:]
    receipts = http.get(f"/api/v1/messages/{cast.a.id}/{told['id']}/receipts").json()
    assert [one["read_at"] is not None for one in receipts if one["account_id"] == str(cast.account("grid.a"))] == [True]
    assert http.get(f"/api/v1/messages/{cast.a_building.id}/{told['id']}/receipts").status_code == 404
    # By command.
    made = run(capsys, "send", cast.a_grid, "示例二", "示例", "--as", "secretary.a")
    assert next(one["title"] for one in run(capsys, "list", cast.a.id)["messages"]) == "示例二"
    assert run(capsys, "show", made["id"])["message"]["told"] == made["told"]
    assert run(capsys, "take-back", made["id"])["withdrawn_at"]
    shown = run(capsys, "show", made["id"], plain=True)
    assert "示例二" in shown
    assert "grid_worker" not in shown


def secretary_name(cast: Cast) -> str:
    return cast.secretary.name


def run(capsys: pytest.CaptureFixture[str], *words: object, plain: bool = False) -> Any:
    parser = argparse.ArgumentParser()
    messages_cli.register(parser.add_subparsers())
    args = parser.parse_args(["message", *map(str, words), *([] if plain else ["--json"])])
    assert args.run(args) == 0
    said = capsys.readouterr().out
    return said if plain else json.loads(said)
