"""Forces at the desk: the pool, the draft and what stays short, confirmed by a button, and kept from others."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from lianfang.ground.accounts import commands as accounts
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import NewPerson
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import Came, NeedKind, NewCall, NewForce, NewNeed, Skill
from lianfang.work.outreach import queries as outreach
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.cast import Cast
from tests.factories.people import phone_number


def test_a_draft_is_asked_for_looked_at_and_confirmed(town: Cast) -> None:
    desk, outsider = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    assert "还没有提出需求" in words_of(desk.get("forces", town.a.id))
    commands.register(NewForce(town.resident, Came.MEMBER, town.a_door.place_id), by=town.secretary)
    commands.ask_for(NewNeed("小区卡口", NeedKind.POST, town.a.place_id, 2, 3, led_by_member=True), by=town.secretary)
    commands.call_up(NewCall(town.a.place_id, "请到社区集合", 1), by=town.secretary)
    assert outsider.get("forces", town.a.id).status_code == 404
    assert outsider.post("draft_new", town.a.id).status_code == 404
    asked = words_of(desk.post("draft_new", town.a.id, follow=True))
    assert "等待计算" in asked
    commands.work_off()
    told = queries.latest_draft(town.a.place_id)
    assert told is not None
    page = words_of(desk.get("forces", town.a.id))
    assert "派出1人，缺1人" in page
    assert "没有人具备所需条件" in page
    assert "请到社区集合" in page
    assert "没有人具备所需条件" in words_of(desk.get("forces", town.a.id, query={"short": "1"}))
    assert outsider.post("draft_confirm", told.draft_id).status_code == 404
    assert "已确认" in words_of(desk.post("draft_confirm", told.draft_id, follow=True))
    [need] = [row for row in queries.needs([town.a.range]) if row.has]
    assert need.has == 1


def test_a_call_is_looked_at_started_followed_and_printed_at_the_desk(town: Cast) -> None:
    desk, outsider = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    for order, (home, by) in enumerate(((town.a, town.secretary), (town.a, town.secretary), (town.b, town.outsider)), 81):
        person = NewPerson(PersonId(new_id()), f"示例{'甲乙丙'[order - 81]}", phone=phone_number(order))
        commands.register(NewForce(person, Came.MEMBER, home.place_id, (Skill.MEDICAL,)), by=by)
    form = {"words": "请到社区集合", "wanted": "3", "wait_minutes": "15", "able": ["medical"]}
    shown = words_of(desk.post("call_new", town.a.id, **form, step="look"))
    for word in ("请到社区集合", "立即召集 2 人", "示例街道其余的人 1 人", "比需要的少1人", "这里发不出短信和邮件", "现在召集2人"):
        assert word in shown, word
    assert queries.calls([town.a.range]) == []
    assert outsider.post("call_new", town.a.id, **form, step="call").status_code == 404
    assert desk.post("call_new", town.a.id, **{**form, "able": ["truck"]}, step="call").status_code == 422
    assert desk.post("call_new", town.a.id, **{**form, "words": ""}).status_code == 422
    # The same words go out in the app; where nobody else works, that is said and undoes nothing.
    page = words_of(desk.post("call_new", town.a.id, **form, app="on", step="call", follow=True))
    assert "召集了2人" in page
    [call] = queries.calls([town.a.range])
    [message] = outreach.messages([town.a.range])
    assert message.words == "请到社区集合"
    for word in ("还差3人", "示例街道 1 人"):
        assert word in page, word
    rows = queries.called(call.call_id)
    assert outsider.get("call_page", call.call_id).status_code == 404
    desk.post("call_do", call.call_id, do="on_the_way", summons=str(rows[0].summons_id))
    assert "已在路上" in words_of(desk.get("call_page", call.call_id))
    assert desk.post("call_do", call.call_id, do="yes", summons=str(new_id())).status_code == 404
    assert desk.post("call_do", call.call_id, do="yes", summons="x").status_code == 404
    assert desk.post("call_do", call.call_id, do="dance", summons=str(rows[0].summons_id)).status_code == 404
    assert "又召集了1人" in words_of(desk.post("call_do", call.call_id, do="widen", follow=True))
    for row in queries.called(call.call_id):
        desk.post("call_do", call.call_id, do="here", summons=str(row.summons_id))
    assert "又召集了0人" in words_of(desk.post("call_do", call.call_id, do="widen", follow=True))
    tree = desk.post("call_tree", call.call_id)
    assert tree.content.startswith(b"%PDF")
    looks = people.looks_at(PersonId(queries.force(rows[0].force_id).person_id))
    assert {look.field for look in looks} == {"name,phone"}  # every number on the paper was noted
    assert outsider.post("call_tree", call.call_id).status_code == 404
    desk.post("call_do", call.call_id, do="close")
    assert "召集已结束" in words_of(desk.post("call_do", call.call_id, do="widen", follow=True))
    # The figure, and what stands behind it.
    today = clock.today()
    asked = {"first": today.isoformat(), "last": today.isoformat()}
    assert "3/3" in words_of(desk.get("figure", town.a.id, "minutes_to_enough", query=asked)).replace(" ", "").replace("到场", "")


def test_what_a_phone_of_another_system_reads_and_starts(town: Cast) -> None:
    commands.register(NewForce(town.resident, Came.MEMBER, town.a_door.place_id), by=town.secretary)
    client, outsider = signed_in("secretary.a"), signed_in("secretary.b")
    here = f"/api/v1/forces/{town.a.id}"
    [force] = client.get(here).json()["forces"]
    assert (force["name"], force["came"]) == ("王*", "member")
    started = client.post(f"{here}/calls/start", {"words": "集合", "wanted": 1}, content_type="application/json").json()
    assert (started["called"], started["promised"]) == (1, 0)
    assert [one["id"] for one in client.get(f"{here}/calls").json()] == [started["id"]]
    theirs = f"/api/v1/forces/{town.b.id}/calls/{started['id']}/close"
    assert outsider.post(theirs, content_type="application/json").status_code == 404
    assert client.post(f"{here}/calls/{started['id']}/close", content_type="application/json").json()["closed_at"]
    for part in ("", "/posts", "/teams", "/unsponsored"):
        assert isinstance(client.get(f"/api/v1/organisations/{town.a.id}{part}").json(), list)


def test_a_resident_volunteers_sees_what_is_kept_and_withdraws(town: Cast) -> None:
    [sign] = accounts.door_signs([town.a_door.place_id], by=None)
    client, address = Client(), f"/r/{sign.token}/volunteer/"
    assert "印在您家门卡上" in words_of(client.get(address))
    assert client.post(address, {"code": "000000" if sign.code != "000000" else "111111"}).status_code == 403
    page = client.post(address, {"code": sign.code})
    assert "把我加入名单" in words_of(page)
    opened = re.search(r'name="opened" value="([^"]+)"', page.content.decode())
    assert opened is not None
    offer = {"opened": opened[1], "person": str(town.resident), "able": ["nursing", "car"], "times": ["weekends"], "near": "building"}
    assert client.post(address, {**offer, "opened": "x"}).status_code == 403
    assert client.post(address, offer).status_code == 422  # without consent nothing is kept
    assert client.post(address, {**offer, "consents": "yes", "person": str(town.stranger)}).status_code == 422
    assert "这不是邮箱地址" in words_of(client.post(address, {**offer, "consents": "yes", "mail": "nirgends"}))
    assert queries.forces([town.a.range]) == []
    told = words_of(client.post(address, {**offer, "consents": "yes", "mail": "wang@example.org"}))
    for word in ("您已在名单里", "王*", "护理", "轿车", "周末", "退出"):
        assert word in told, word
    [kept] = queries.forces([town.a.range])
    assert (kept.came, kept.person_id) == (Came.VOLUNTEER, town.resident)
    assert client.post(address, {**offer, "consents": "yes"}).status_code == 422  # once is enough
    assert "已退出名单" not in words_of(client.post(address, {"opened": opened[1], "withdraw": str(town.stranger)}))
    assert "已退出名单" in words_of(client.post(address, {"opened": opened[1], "withdraw": str(town.resident)}))
    assert queries.forces([town.a.range]) == []


def test_a_call_goes_out_by_mail_where_there_is_a_server(town: Cast, settings: Any) -> None:
    person = NewPerson(PersonId(new_id()), "示例甲")
    commands.register(NewForce(person, Came.MEMBER, town.a.place_id, mail="jia@example.org"), by=town.secretary)
    with post_box() as (port, taken):
        settings.LIANFANG_EMAIL_HOST, settings.LIANFANG_EMAIL_PORT, settings.LIANFANG_EMAIL_TLS = "127.0.0.1", port, False
        settings.LIANFANG_PUBLIC_URL = "https://example.org"
        told = commands.call_up(NewCall(town.a.place_id, "请到社区集合", 1), by=town.secretary)
        assert (told.called, told.waiting) == (1, 2)
        assert commands.send_due() == 1  # no adapter for short messages: that one waits
    assert queries.call(told.call_id).sent == 1
    [mail] = taken
    assert "jia@example.org" in mail
    assert "Message-ID:" in mail
    body = email.message_from_string(mail.split("\n", 1)[1])
    assert "https://example.org/r/call/" in body.get_payload(decode=True).decode()
    settings.LIANFANG_EMAIL_PORT = 1  # nobody listens there
    commands.register(NewForce(town.resident, Came.MEMBER, town.a_door.place_id, mail="wang@example.org"), by=town.secretary)
    again = commands.call_up(NewCall(town.a.place_id, "请再到社区集合", 1), by=town.secretary)
    assert commands.send_due() == 2
    assert queries.call(again.call_id).sent == 0


@contextmanager
def post_box() -> Iterator[tuple[int, list[str]]]:
    """A mail server on this machine that takes what it is given, one connection after another, ten seconds at most."""
    taken: list[str] = []

    class Box(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            self.wfile.write(b"220 box\r\n")
            to, lines, reading = "", [], False
            while raw := self.rfile.readline():
                line = raw.decode().rstrip("\r\n")
                if reading:
                    reading = line != "."
                    lines.append(line)
                    if not reading:
                        taken.append(to + "\n" + "\n".join(lines[:-1]))
                        self.wfile.write(b"250 taken\r\n")
                    continue
                word = line[:4].upper()
                to = line if word == "RCPT" else to
                reading = word == "DATA"
                self.wfile.write(b"354 go on\r\n" if reading else b"221 bye\r\n" if word == "QUIT" else b"250 box\r\n")
                if word == "QUIT":
                    return

    with socketserver.TCPServer(("127.0.0.1", 0), Box) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1], taken
        server.shutdown()
        thread.join(10)
