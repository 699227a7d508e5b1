"""How a phone gets in and is shown out: links, digits, codes, cut-offs, over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.commands import joining_phones
from lianfang.ground.accounts.types import DeviceNotFound, JoiningRefused, OutranksYou, PhoneNeeded
from lianfang.kernel import clock
from tests.factories.accounts import account_of
from tests.factories.cast import Cast, cast
from tests.factories.phones import digits_of, join, new_pair

__all__ = ["cast"]


def ask(body: object, language: str = "en") -> tuple[int, str, str]:
    answer = Client().post("/field/api/join", json.dumps(body), content_type="application/json", headers={"accept-language": language})
    told = answer.json().get("error", {})
    return answer.status_code, told.get("code", ""), told.get("message", "")


def test_a_link_lets_one_phone_in_once(cast: Cast) -> None:
    grid = cast.account("grid.a")
    link = commands.invite_phone(grid, by=cast.secretary)
    device = {"name": "示例手机", "public_key": new_pair()[1]}
    asked = {"token": link.token, "digits": digits_of(grid), "device": device}
    assert ask({**asked, "token": "nonsense"})[:2] == (400, "joining_refused")
    assert ask({**asked, "digits": " "})[:2] == (422, "digits_needed")
    assert ask({**asked, "digits": "0000"}) == (422, "digits_wrong", "The last four digits of the telephone number are wrong.")
    assert ask({**asked, "digits": "0000"}, "zh")[2] == "手机号后四位不对。"
    for wrong in ("!", "AAAA", device["public_key"][:-4] + "AAAA"):
        assert ask({**asked, "device": {"name": "x", "public_key": wrong}})[:2] == (400, "key_unreadable")
    assert ask([])[:2] == (422, "not_readable")
    assert ask({**asked, "device": {"name": "x" * 70_000, "public_key": ""}})[:2] == (422, "not_readable")
    answer = Client().post("/field/api/join", json.dumps(asked), content_type="application/json")
    told = answer.json()
    assert answer.status_code == 200
    assert told["account"] == {"id": str(grid), "name": "陈示格"}
    assert told["roles"] == [{"role": "grid_worker", "word": {"zh": "网格员", "en": "Grid worker"}, "where": "甲一网格"}]
    assert told["lock_after_days"] == 8
    assert told["intake"] == "http://testserver/intake/"
    assert (len(told["server_key"]), told["server_key_id"]) == (87, "f1")
    assert ask(asked)[:2] == (400, "joining_refused")
    [seen] = queries.devices_of(grid)
    assert (seen.name, seen.in_the_field, seen.cut) == ("示例手机", True, None)
    assert Client().get("/field/api/join").status_code == 405


def test_five_wrong_digits_half_an_hour_or_a_newer_link_end_a_link(cast: Cast) -> None:
    grid = cast.account("grid.a")
    device = {"name": "x", "public_key": new_pair()[1]}

    def tried(token: str, digits: str = "0000") -> str:
        return ask({"token": token, "digits": digits, "device": device})[1]

    worn = commands.invite_phone(grid, by=cast.secretary)
    assert [tried(worn.token) for _ in range(6)] == ["digits_wrong"] * 5 + ["joining_refused"]
    replaced, newer = (commands.invite_phone(grid, by=cast.secretary) for _ in range(2))
    assert tried(replaced.token) == "joining_refused"
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert tried(newer.token) == "joining_refused"
    password = commands.invite(grid, by=cast.secretary)
    assert tried(password.token) == "joining_refused"
    with pytest.raises(JoiningRefused):
        queries.joining(commands.invite_phone(grid, by=cast.secretary).token)
    with pytest.raises(PhoneNeeded):
        commands.invite_phone(account_of("李示无"), by=access.local_administrator())
    with pytest.raises(OutranksYou):
        commands.invite_phone(cast.account("admin"), by=access.actor_of_id(cast.account("city")))


def test_a_code_carries_the_login_to_another_browser(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = cast.account("grid.a")
    old = join(grid)
    first = old.post("handover").json()["code"]
    code = old.post("handover").json()["code"]
    device = {"name": "浏览器", "public_key": new_pair()[1]}
    asked = {"code": code, "digits": digits_of(grid), "device": device}
    assert len(code) == 6
    assert code.isdigit()
    if first != code:
        assert ask({**asked, "code": first})[1] == "joining_refused"
    assert [ask({**asked, "digits": "0000"})[1] for _ in range(4)] == ["digits_wrong"] * 3 + ["joining_refused"]
    asked["code"] = old.post("handover").json()["code"]
    told = Client().post("/field/api/join", json.dumps(asked), content_type="application/json").json()
    assert told["account"]["name"] == "陈示格"
    assert ask(asked)[1] == "joining_refused"
    assert old.get("poll").json()["cut"] == "deliver"
    assert old.get("bundle").status_code == 403
    assert old.post("handover").json()["error"]["code"] == "device_cut_off"
    with pytest.raises(DeviceNotFound):
        commands.hand_over(joining_phones.DeviceId(old.id))
    assert queries.device_of_token(old.joined["credential"]) is None
    assert old.post("wiped").status_code == 200
    assert old.get("poll").status_code == 401
    monkeypatch.setattr(joining_phones, "WRONG_CODES", 3)
    told_again = [ask({**asked, "code": "99999"})[1] for _ in range(3)]
    assert told_again[-1] == "too_many_tries"


def test_a_phone_that_was_cut_off_learns_that_and_nothing_else(cast: Cast) -> None:
    phone, stolen, kept = (join(cast.account("grid.a"), name=name, language="en") for name in ("一", "二", "三"))
    assert phone.get("poll").json()["cut"] is None
    assert phone.post("wiped").json()["error"]["code"] == "not_cut_off"
    commands.cut_off(joining_phones.DeviceId(phone.id), by=cast.secretary)
    commands.cut_off(joining_phones.DeviceId(stolen.id), by=cast.secretary, stolen=True)
    assert phone.get("poll").json().keys() == {"now", "cut", "server_key", "server_key_id", "intake"}
    assert (phone.get("poll").json()["cut"], stolen.get("poll").json()["cut"]) == ("deliver", "stolen")
    assert [phone.get("bundle").status_code, stolen.get("bundle").status_code, kept.get("bundle").status_code] == [403, 403, 200]
    assert [one.post("wiped").status_code for one in (phone, stolen)] == [200, 200]
    assert [one.get("poll").status_code for one in (phone, stolen, kept)] == [401, 401, 200]
    assert [seen.wiped_at is None for seen in queries.devices_of(cast.account("grid.a"))] == [True, False, False]
    commands.close_account(cast.account("grid.a"), by=cast.secretary)
    assert kept.get("poll").json()["cut"] == "deliver"
    assert Client().get("/field/api/poll").json()["error"]["code"] == "device_unknown"
    assert Client().get("/field/api/poll", headers={"authorization": "Basic x"}).status_code == 401


def test_a_phone_that_is_tried_out_hears_the_time_and_where_the_intake_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> tuple[str, str]:
        page = Client().get("/field/test")
        policy = page.headers["Content-Security-Policy"].split("connect-src ")[1].split(";")[0] if page.status_code == 200 else "not built"
        return Client().get("/field/api/hello").json()["intake"], policy

    monkeypatch.setenv("LIANFANG_INTAKE_PORT", "8001")
    assert told()[0] == "http://testserver:8001/intake/"
    monkeypatch.setenv("LIANFANG_INTAKE", "/")  # a proxy of one port
    assert told()[0] == "http://testserver/intake/"
    monkeypatch.setenv("LIANFANG_INTAKE", "https://intake.example.cn/")
    intake, policy = told()
    assert intake == "https://intake.example.cn/intake/"
    assert policy in {"'self' https://intake.example.cn", "not built"}
