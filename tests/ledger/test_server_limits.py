"""How the intake process says no when there is too much: the application itself, without a network between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from lianfang.ground.accounts.commands import devices
from lianfang.ledger.intake import LIMIT, answering
from lianfang.ledger.intake.sealed import PARCELS
from lianfang.ledger.intake.server import Intake, Limits
from tests.factories.cast import Cast
from tests.factories.phones import join
from tests.ledger.sending import record

pytestmark = pytest.mark.filterwarnings("error")


@contextmanager
def intake(**limits: Any) -> Iterator[Intake]:
    application = Intake(Limits(**limits))
    try:
        yield application
    finally:
        application.close()


@pytest.fixture
def token(town: Cast) -> str:
    return devices.add_device(town.account("grid.a"), "示例手机", by=town.grid_worker).token


class Call:
    """One call: what is sent piece by piece, and what was answered."""

    def __init__(self, token: str, *pieces: bytes, method: str = "POST", path: str = "/intake/records", **headers: str) -> None:
        self.scope = {
            "type": "http", "method": method, "path": path,
            "headers": [(b"authorization", b"Bearer " + token.encode())] + [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        self.pieces = list(pieces)
        self.ends = True
        self.gone = False
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.gone:
            return {"type": "http.disconnect"}
        if not self.pieces:
            await asyncio.sleep(60)
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or not self.ends}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self.sent[1]["body"]))

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


def run(application: Intake, *calls: Call) -> None:
    async def together() -> None:
        await asyncio.gather(*(application(call.scope, call.receive, call.send) for call in calls))

    asyncio.run(together())


def body(*records: object) -> bytes:
    return json.dumps({"records": records}).encode()


def test_a_body_in_pieces_is_taken_whole(town: Cast, token: str) -> None:
    whole = body(record(town.a_door.id))
    with intake() as application:
        call = Call(token, whole[:10], whole[10:], b"")
        run(application, call)
        assert (call.status, call.answer["kept"]) == (200, 1)
        assert (application.collecting, application.held, dict(application.of_device)) == (0, 0, {})


def test_a_slow_body_is_told_to_come_back_with_less(town: Cast, token: str) -> None:
    with intake(body_seconds=0.2) as application:
        call = Call(token, b"{")
        call.ends = False
        run(application, call)
        assert (call.status, call.answer["code"], call.headers[b"retry-after"]) == (408, "body_slow", b"5")
        assert application.held == application.collecting == 0


def test_one_device_sends_a_few_calls_at_a_time(town: Cast, token: str) -> None:
    with intake(body_seconds=0.5, per_device=1) as application:
        slow, second = Call(token, b"{"), Call(token, body())
        slow.ends = False

        async def one_after_the_other() -> None:
            first = asyncio.create_task(application(slow.scope, slow.receive, slow.send))
            while not application.collecting:
                await asyncio.sleep(0.01)
            await application(second.scope, second.receive, second.send)
            await first

        asyncio.run(one_after_the_other())
        assert (second.status, second.answer["code"]) == (429, "too_many_at_once")
        assert 1 <= second.answer["retry_after"] <= 2


def test_sealed_parcels_of_one_phone_come_a_few_calls_at_a_time_whoever_brings_them(town: Cast) -> None:
    phone, other = join(town.account("grid.a")), join(town.account("secretary.a"))
    with intake(threads=1, per_sealing=1) as application:
        mine = [json.dumps({"parcels": [phone.seal(record(town.a_door.id))]}).encode() for _ in range(2)]
        theirs = json.dumps({"parcels": [other.seal(record(town.a_door.id))]}).encode()
        calls = [Call("", content, path="/intake/sealed") for content in (*mine, theirs)]
        run(application, *calls)
        assert sorted(call.status for call in calls[:2]) == [200, 429]
        assert next(call for call in calls if call.status == 429).answer["code"] == "too_many_at_once"
        assert (calls[2].status, dict(application.of_device)) == (200, {})
        torn = Call("", b"{", path="/intake/sealed")
        run(application, torn)
        assert (torn.status, torn.answer["code"]) == (400, "not_json")


@pytest.mark.parametrize("limits", [{"collecting": 0}, {"held_bytes": 3}, {"threads": 1, "queued": -1}])
def test_when_too_much_arrives_nothing_is_lost_and_all_is_said(town: Cast, token: str, limits: dict[str, int]) -> None:
    with intake(**limits) as application:
        call = Call(token, body(record(town.a_door.id)))
        run(application, call)
        assert (call.status, call.answer["code"]) == (503, "busy")
        assert f"again in {call.answer['retry_after']} seconds" in call.answer["error"]
        assert call.headers[b"retry-after"] in {b"1", b"2"}


def test_nobody_joins_a_line_that_takes_too_long(town: Cast, token: str) -> None:
    with intake() as application:
        line, loop = application.gathering, asyncio.new_event_loop()
        line._waiting.append((answering.Call(b"", ""), loop.create_future()))
        line._per_call = 11.0
        call = Call(token, body())
        run(application, call)
        assert (call.status, call.answer["code"]) == (503, "busy")
        assert 11 <= call.answer["retry_after"] <= 20
        line._waiting.clear()
        loop.close()


def test_health_waits_in_no_queue_either(town: Cast) -> None:
    with intake(threads=1, queued=-1) as application:
        call = Call("", method="GET", path="/intake/health")
        run(application, call)
        assert call.status == 503


def test_sizes_are_refused_before_and_while_they_come(town: Cast, token: str) -> None:
    with intake(body_bytes=10) as application:
        announced, grown = Call(token, content_length="11"), Call(token, b"x" * 6, b"x" * 6)
        odd = Call(token, b"{}", content_length="many")
        run(application, announced, grown, odd)
        assert [call.status for call in (announced, grown, odd)] == [413, 413, 400]


def test_a_phone_that_hangs_up_is_not_answered(town: Cast, token: str) -> None:
    with intake() as application:
        call = Call(token)
        call.gone = True
        run(application, call)
        assert call.sent == []
        assert application.collecting == 0


def test_what_nobody_foresaw_is_answered_without_its_words(
    town: Cast, token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("王示例")

    monkeypatch.setattr(answering, "take_calls", fail)
    with intake() as application:
        call = Call(token, body())
        run(application, call)
        assert (call.status, call.answer["code"]) == (503, "away")
        assert "示例" not in json.dumps(call.answer, ensure_ascii=False)
    assert "a call failed" in caplog.text


def test_a_call_that_fails_takes_only_itself_down(
    town: Cast, token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take, other = answering.take_calls, devices.add_device(town.account("secretary.a"), "另一部", by=town.secretary).token

    def fail_on_the_bad_one(calls: Sequence[answering.Call]) -> list[answering.Answer]:
        if any(b"bad" in call.body for call in calls):
            raise RuntimeError
        return take(calls)

    monkeypatch.setattr(answering, "take_calls", fail_on_the_bad_one)
    one = body(record(town.a_door.id))
    good, bad, same = answering.Call(one, token), answering.Call(b"bad", token), answering.Call(one, other)
    assert [answer.status for answer in answering.take_each([good, bad, same])] == [200, 503, 200]
    monkeypatch.setattr(answering, "take_calls", take)
    again = [json.loads(answer.body)["verdicts"][0] for answer in answering.take_each([good, same])]
    assert [(told["verdict"], told.get("code")) for told in again] == [("repeated", None), ("refused", "same_id_other_content")]

    def away(*_: object) -> None:
        raise answering.Away(seconds=5)

    monkeypatch.setattr(answering, "take_calls", fail_on_the_bad_one)
    monkeypatch.setattr(answering, "health", away)
    assert [answer.status for answer in answering.take_each([bad, good])] == [503, 503]
    caplog.clear()
    monkeypatch.setattr(answering, "take_calls", away)
    assert [answer.status for answer in answering.take_each([good])] == [503]
    assert "a call failed" not in caplog.text, "a database that is away is no fault of a call"


def test_whoever_waits_is_told_whatever_happens(town: Cast, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(answering, "take_each", fail)
    with intake() as application:
        call, gone = Call(token, body()), Call(token, body())

        async def one_leaves() -> None:
            leaving = asyncio.create_task(application(gone.scope, gone.receive, gone.send))
            while not application.gathering._tasks:
                await asyncio.sleep(0)
            leaving.cancel()
            await application(call.scope, call.receive, call.send)

        asyncio.run(one_leaves())
        assert (call.status, call.answer["code"], gone.sent) == (503, "away", [])


def test_a_database_error_twice_is_away(town: Cast) -> None:
    from django.db import DatabaseError, OperationalError

    tried = []

    def fail() -> None:
        tried.append(1)
        raise OperationalError if len(tried) == 1 else DatabaseError

    with pytest.raises(answering.Away):
        answering.with_database(fail)
    assert len(tried) == 2


def test_the_life_of_the_server(town: Cast) -> None:
    application = Intake(Limits(threads=2))
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.other"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    asyncio.run(application({"type": "websocket"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_sealed_parcels_are_taken_without_a_credential(town: Cast) -> None:
    phone = join(town.account("grid.a"))
    parcel = phone.seal(record(town.a_door.id))
    with intake() as application:
        nobody, torn = (Call("", piece, path="/intake/sealed") for piece in (json.dumps({"parcels": [parcel]}).encode(), b"{"))
        run(application, nobody, torn)
        assert (nobody.status, [one["verdict"] for one in nobody.answer["verdicts"]], nobody.answer["cut"]) == (200, ["kept"], None)
        assert (torn.status, torn.answer["code"]) == (400, "not_json")


def test_calls_that_cannot_be_read_or_bring_too_much_are_refused_whole(town: Cast, token: str) -> None:
    phone = join(town.account("grid.a"))
    parcel = phone.seal(record(town.a_door.id))
    many = json.dumps({"parcels": [parcel] * (PARCELS + 1)}).encode()
    with intake() as application:
        torn, crowded = Call(token, b"{"), Call("", many, path="/intake/sealed")
        long = Call(token, b'{"records": [' + b"{}," * LIMIT + b"{}]}")
        run(application, torn, crowded, long)
        assert (torn.status, torn.answer["code"]) == (400, "not_json")
        assert [(call.status, call.answer["code"]) for call in (crowded, long)] == [(413, "too_many")] * 2


def test_one_thread_takes_what_several_phones_send_and_turns_away_who_comes_after_the_line_filled(town: Cast, token: str) -> None:
    with intake(threads=1, per_device=9) as application:
        calls = [Call(token, body(record(town.a_door.id))) for _ in range(3)]
        run(application, *calls)
        assert [(call.status, call.answer["kept"]) for call in calls] == [(200, 1)] * 3
    with intake(threads=1, queued=-1) as application, pytest.raises(answering.Busy):
        asyncio.run(application.gathering.take(answering.Call(body(), token)))


def test_a_call_that_comes_while_the_last_taker_leaves_is_taken(town: Cast, token: str) -> None:
    with intake(threads=1) as application:
        line = application.gathering
        group, late = line._group, list[asyncio.Task[answering.Answer]]()

        def empty_handed() -> list[Any]:
            some = group()
            if not some and not late:
                late.append(asyncio.create_task(line.take(answering.Call(body(), token))))
            return some

        line._group = empty_handed  # type: ignore[method-assign]  # the moment between the last look and the end of the task

        async def two() -> list[answering.Answer]:
            return [await line.take(answering.Call(body(), token)), await asyncio.wait_for(late[0], 5)]

        assert [answer.status for answer in asyncio.run(two())] == [200, 200]
