"""Health endpoints, protecting headers, request ids, and what the log tells."""

from __future__ import annotations

import json
import logging
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from lianfang.config.beats import beat, last_beat
from lianfang.config.logs import JsonLines, request_id

PHONE = "13812340000"


def line(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(JsonLines().format(record)))


def test_a_live_process_says_so_without_a_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"live": True}


@pytest.mark.django_db
def test_ready_names_database_schema_and_the_folders_last_beat(client: Client) -> None:
    found = client.get("/health/ready").json()
    assert (found["ready"], found["database"], found["schema"]) == (True, True, True)
    beat("folder")
    found = client.get("/health/ready").json()
    assert found["folder"] is True
    assert found["folder_beat_seconds"] < 5


def test_a_clock_set_back_does_not_make_a_dead_folder_look_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    beat("folder")
    said, right = time.monotonic_ns(), time.time()
    monkeypatch.setattr(time, "monotonic_ns", lambda: said + 60 * 10**9)
    monkeypatch.setattr(time, "time", lambda: right - 86_400)
    assert (last_beat("folder") or 0) >= 60
    monkeypatch.setattr(time, "monotonic_ns", lambda: 1)
    assert last_beat("folder") is None, "said before the machine was started"


def test_every_answer_carries_the_protecting_headers(client: Client) -> None:
    headers = client.get("/health/live").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "frame-ancestors 'none'" in policy
    assert [headers["X-Content-Type-Options"], headers["Referrer-Policy"]] == ["nosniff", "same-origin"]
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_request_keeps_its_id_and_a_strange_one_is_replaced(client: Client) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": "abcdef-1234"}).headers["X-Request-ID"] == "abcdef-1234"
    assert client.get("/health/live", headers={"X-Request-ID": "a b\nc"}).headers["X-Request-ID"] not in {"", "a b\nc"}


def test_the_log_names_the_path_and_never_the_query(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "lianfang.requests"):
        client.get(f"/health/live?phone={PHONE}")
    [record] = [record for record in caplog.records if record.name == "lianfang.requests"]
    found = line(record)
    assert (found["method"], found["path"], found["status"]) == ("GET", "/health/live", 200)
    assert PHONE not in json.dumps(found)


@pytest.mark.django_db
def test_a_fault_is_logged_by_class_and_place_and_not_by_its_words(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("lianfang.tests")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("create temporary table phone (number text unique) on commit drop")
            cursor.execute("insert into phone values (%s), (%s)", [PHONE, PHONE])
    except IntegrityError:
        logger.exception("refused")
    [record] = caplog.records
    mark = request_id.set("request-1")
    found = line(record)
    request_id.reset(mark)
    assert PHONE not in json.dumps(found)
    assert (found["says"], found["request"]) == ("refused", "request-1")
    fault = found["fault"]
    assert isinstance(fault, dict)
    assert fault["class"] == "django.db.utils.IntegrityError"
    assert fault["cause"]["sqlstate"] == "23505"
    assert any("test_health.py" in place for place in fault["at"])
