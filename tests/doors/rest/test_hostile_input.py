"""Hostile input: every address of the machine interface with what its description allows and does not, and records that were tampered with."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import devices
from lianfang.kernel.ids import new_id
from lianfang.ledger.intake import answering
from tests.committed import transactional_db
from tests.factories.cast import Cast, cast
from tests.fuzzing import examples
from tests.ledger.sending import record

__all__ = ["cast", "transactional_db"]

DESCRIPTION = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text())
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()]
UNPLACED = {"/api/v1/places", "/api/v1/kinds", "/api/v1/figures"}
SECRETS = ("王示例", "陈示格", "甲社区", "154")
calm = settings(
    max_examples=examples(5),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def token_of(actor: access.Actor) -> accounts.DeviceToken:
    assert actor.account_id is not None
    return accounts.add_device(actor.account_id, "示例平板", by=access.local_administrator())


def marks() -> tuple[int, ...]:
    """What any write leaves: records, what waits, changes of master data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from ledger_record), (select count(*) from ledger_quarantine),"
            " (select count(*) from changes_change), (select count(*) from outreach_message)"
        )
        return tuple(cursor.fetchone())


@pytest.fixture
def ask(cast: Cast) -> Callable[[Any, str | None], Any]:
    """Send a case at a place of A, or at one that does not exist, with a token or none."""
    client = Client(raise_request_exception=True)

    def send(case: Any, token: str | None) -> Any:
        case.path_parameters = {**(case.path_parameters or {})}
        if "place_id" in case.path_parameters and int(case.path_parameters["place_id"][-1], 16) % 2:
            case.path_parameters["place_id"] = str(cast.a.id)
        headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization" and value.isascii()}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(case.body).encode("utf-8", "surrogatepass") if case.media_type else b""
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        return client.generic(case.method, case.formatted_path, body, "application/json", headers=headers, query_params=query)

    return send


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_no_address_gives_way(operation: Any, cast: Cast, ask: Callable[[Any, str | None], Any]) -> None:
    """Nobody and a device that was cut off are told to sign in, whoever works elsewhere gets nothing of A, and nobody breaks anything."""
    right, wrong, cut = token_of(cast.secretary), token_of(cast.outsider), token_of(cast.secretary)
    devices.cut_off(cut.device_id, by=cast.secretary)
    before = marks()

    @calm
    @given(operation.as_strategy())
    def tried(case: Any) -> None:
        for token in (None, cut.token):
            assert ask(case, token).status_code == 401
        elsewhere = ask(case, wrong.token)
        if operation.path in UNPLACED:
            assert elsewhere.status_code in {200, 400, 422}
        else:
            assert 400 <= elsewhere.status_code < 500, elsewhere.content
        assert not [secret for secret in SECRETS if secret in elsewhere.content.decode()]
        assert marks() == before
        if operation.method == "get":
            assert ask(case, right.token).status_code < 500

    tried()


hostile = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=60), st.just("\x00"), st.just("'; drop table x --"),
    st.lists(st.none(), max_size=3), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), st.just("9" * 5000),
    st.just("9999-12-31T23:59:59+14:00"), st.just("0001-01-01T00:00:00Z"), st.just(str(new_id())),
)  # fmt: skip


@settings(calm, max_examples=examples(40))
@given(data=st.data())
def test_tampered_records_get_a_verdict_each_and_harm_no_other(cast: Cast, data: st.DataObject) -> None:
    """Whatever is put in the place of a field: the call is answered, the good record beside it is kept, and no more than was said."""
    token = token_of(cast.secretary).token
    good, bad = record(cast.a_door.id), copy.deepcopy(record(cast.a_door.id, payload={"outcome": "seen", "people_seen": 1}))
    for field in data.draw(
        st.lists(st.sampled_from([*bad, "envelope", "device_seq", "skew", "corrects", "nonsense"]), min_size=1, max_size=3)
    ):
        bad[field] = data.draw(hostile)
    if data.draw(st.booleans()):
        bad["payload"] = {
            "outcome": "seen",
            data.draw(st.sampled_from(["people_seen", "answers", "next_try_at", "round"])): data.draw(hostile),
        }
    kept_before = marks()[0]
    [answer] = answering.take_each([answering.Call(json.dumps({"records": [good, bad]}).encode(), token)])
    told = json.loads(answer.body)
    if answer.status == 400:  # NaN and the like are not JSON
        assert marks()[0] == kept_before
        return
    assert answer.status == 200
    assert len(told["verdicts"]) == 2
    assert told["verdicts"][0]["verdict"] == "kept"
    assert marks()[0] == kept_before + told["kept"]
