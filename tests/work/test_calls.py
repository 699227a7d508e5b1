"""Call-up: queued at once, sent by the adapter at least once with a key, answered by link and by telephone, widened, measured."""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lianfang.doors.cli import calls as cli
from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.models import Call, Dispatch
from lianfang.work.mobilisation.types import (
    Answer,
    CallClosed,
    CallNotFound,
    CallWrong,
    Came,
    ForceSeen,
    NewCall,
    NewForce,
    NobodyToCall,
    Skill,
)
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def member(cast: Cast, order: int, *able: Skill, place: Any = None, phone: bool = True) -> ForceSeen:
    person = NewPerson(PersonId(new_id()), "示例" + "甲乙丙丁戊"[order % 5], phone=phone_number(order) if phone else "")
    home, by = (place or cast.a), (cast.outsider if place else cast.secretary)
    return commands.register(NewForce(person, Came.MEMBER, home.place_id, able), by=by)


@pytest.fixture
def receiver(settings: Any) -> Iterator[list[dict[str, str]]]:
    """What takes short messages on this machine: it fails the first time it sees a key."""
    taken: list[dict[str, str]] = []
    seen: set[str] = set()

    class Adapter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            first = told["key"] not in seen
            seen.add(told["key"])
            if not first:
                taken.append(told | {"bearer": self.headers["Authorization"]})
            self.send_response(503 if first else 202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Adapter)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.LIANFANG_SMS_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.LIANFANG_SMS_TOKEN = "token"
    settings.LIANFANG_PUBLIC_URL = "https://example.org"
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_call_goes_out_is_answered_and_the_minutes_are_measured(town: Cast, receiver: list[dict[str, str]]) -> None:
    one, two = member(town, 61, Skill.MEDICAL), member(town, 62)
    silent = member(town, 63, phone=False)
    with pytest.raises(CallWrong):
        commands.call_up(NewCall(town.a.place_id, " ", 1), by=town.secretary)
    with pytest.raises(Denied):
        commands.call_up(NewCall(town.a_building.place_id, "集合", 1), by=town.grid_worker)
    with pytest.raises(NobodyToCall):
        commands.call_up(NewCall(town.a.place_id, "集合", 1, (Skill.TRUCK,)), by=town.secretary)
    told = commands.call_up(NewCall(town.a.place_id, "请到社区集合", 2), by=town.secretary)
    assert (told.called, told.waiting, told.minutes) == (3, 3, None)
    assert commands.send_due() == 3
    told = queries.call(told.call_id)
    assert (told.sent, told.waiting, told.unreachable) == (0, 2, 1)  # the adapter failed; they wait and go again with the same key
    Dispatch.objects.update(due_at=clock.now())
    assert commands.send_due() == 2
    assert commands.send_due() == 0
    assert queries.call(told.call_id).sent == 2
    assert {message["to"] for message in receiver} == {phone_number(61), phone_number(62)}
    assert {message["bearer"] for message in receiver} == {"Bearer token"}
    assert all("请到社区集合 https://example.org/r/call/" in message["text"] and "示例" not in message["text"] for message in receiver)

    path = next(message["text"] for message in receiver if message["to"] == phone_number(61)).removeprefix(
        "请到社区集合 https://example.org"
    )
    browser = Client()
    assert "请到社区集合" in browser.get(path).content.decode()
    assert browser.post(path, {"answer": "on_the_way"}).status_code == 200
    assert browser.post(path, {"answer": "dance"}).status_code == 200
    assert [browser.post(path, choice).status_code for choice in ({"language": "en"}, {"elder": "on"})] == [302, 302]
    browser.post(path, {"language": "zh-hans"})
    assert queries.call(told.call_id).answers == {Answer.ON_THE_WAY: 1}
    browser.post(path, {"answer": "here"})
    people = {row.force_id: row for row in queries.called(told.call_id)}
    assert (people[one.force_id].answer, people[two.force_id].answer) == (Answer.HERE, None)
    Call.objects.update(called_at=clock.now() - timedelta(minutes=12))
    now = commands.answer_for(people[silent.force_id].summons_id, Answer.HERE, by=town.secretary)
    assert (now.promised, now.minutes) == (2, pytest.approx(12, abs=0.1))
    with pytest.raises(CallNotFound):
        commands.answer_for(new_id(), Answer.NO, by=town.secretary)
    closed = commands.close_call(told.call_id, by=town.secretary)
    assert closed.closed_at is not None
    with pytest.raises(CallClosed):
        commands.answer_for(people[two.force_id].summons_id, Answer.NO, by=town.secretary)
    assert "召集已结束" in browser.post(path, {"answer": "no"}).content.decode()
    assert browser.put(path).status_code == 405
    for wrong in (path[:-3] + "AA/", "/r/call/x/", "/r/call/ä/"):
        assert browser.get(wrong).status_code == 404
    commands.withdraw(one.force_id, by=town.secretary)
    assert browser.get(path).status_code == 404  # who left the pool is in no call any more
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from mobilisation_dispatch d where to_jsonb(d)::text like %s", [f"%{phone_number(62)}%"])
        assert cursor.fetchone() == (0,)


def test_too_few_promise_and_the_neighbours_are_called(town: Cast) -> None:
    member(town, 64)
    neighbour, _other = member(town, 65, place=town.b), member(town, 66, place=town.b)
    told = commands.call_up(NewCall(town.a.place_id, "集合", 1, wait_minutes=10, test=True), by=town.secretary)
    assert commands.send_due() == 0  # no adapter: nothing goes out
    assert queries.call(told.call_id).called == 1
    Call.objects.update(wave_at=clock.now() - timedelta(minutes=9))
    commands.send_due()
    assert queries.call(told.call_id).wave == 1
    Call.objects.update(wave_at=clock.now() - timedelta(minutes=10))
    commands.send_due()
    told = queries.call(told.call_id)
    assert (told.wave, told.called, told.test) == (2, 3, True)
    [row] = [row for row in queries.called(told.call_id) if row.force_id == neighbour.force_id]
    assert row.wave == 2
    commands.answer_for(row.summons_id, Answer.YES, by=town.secretary)
    for _ in range(6):  # enough have promised: nobody else is called, however long it takes
        Call.objects.update(wave_at=clock.now() - timedelta(minutes=10))
        commands.send_due()
    assert queries.call(told.call_id).wave == 2
    commands.answer_for(row.summons_id, Answer.NO, by=town.secretary)
    for _ in range(6):
        Call.objects.update(wave_at=clock.now() - timedelta(minutes=10))
        commands.send_due()
    assert queries.call(told.call_id).called == 3  # above the province there is nobody
    # The street has nobody left: the pool of the whole district is called at once, and told of before.
    assert queries.could_come(told.call_id) == []
    far = places.by_code("220106002001")
    person = NewPerson(PersonId(new_id()), "示例远", phone=phone_number(60))
    commands.register(NewForce(person, Came.MEMBER, far.place_id), by=access.local_administrator())
    assert [(step.name, more) for step, more in queries.could_come(told.call_id)] == [("绿园区", 1)]
    Call.objects.update(wave=1, wave_at=clock.now() - timedelta(minutes=10))
    commands.send_due()
    told = queries.call(told.call_id)
    assert (told.wave, told.called) == (3, 4)
    sent: list[str] = []
    Dispatch.objects.update(tries=5)
    assert commands.send_due(lambda key, _to, _text: sent.append(key) or False) == 4
    assert queries.call(told.call_id).unreachable == 4


def test_two_thousand_people_are_queued_in_seconds(town: Cast) -> None:
    template = member(town, 67)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into mobilisation_force (id, person, came, place, position, able, near_lo, near_hi, channel, own_person, valid_from) "
            "select gen_random_uuid(), gen_random_uuid(), came, place, position, able, near_lo, near_hi, channel, false, valid_from "
            "from mobilisation_force, generate_series(1, 1999) where id = %s",
            [template.force_id],
        )
    began = time.monotonic()
    with town.as_web(town.secretary):
        told = commands.call_up(NewCall(town.a.place_id, "集合", 2000), by=town.secretary)
    assert (told.called, told.waiting) == (2000, 2000)
    assert time.monotonic() - began < 30


def test_the_command_line_calls_too(town: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: object) -> dict[str, Any]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args([*(str(word) for word in words), "--json"])
        assert args.run(args) == frame.DONE
        return dict(json.loads(capsys.readouterr().out))

    one = member(town, 68, Skill.DRIVING)
    member(town, 69)
    told = run("call", "up", town.a.code, "--wanted", 1, "--words", "集合", "--able", "驾驶", "--as", "secretary.a")
    assert told["called"] == 1
    [row] = run("call", "show", told["call_id"])["people"]
    assert row["force_id"] == str(one.force_id)
    assert run("call", "answer", row["summons_id"], "here")["minutes"] is not None
    assert run("call", "close", told["call_id"])["closed_at"]
    listed = run("call", "up", town.a.code, "--wanted", 1, "--words", "集合", "--force", one.force_id, "--test")
    assert (listed["called"], listed["test"]) == (1, True)
    assert len(run("call", "list", town.a.code)["calls"]) == 2
