"""Rare turns: a rebuild overtaken by the folder, batches half known, addresses and methods the intake does not have."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from lianfang.doors.cli import frame as command_line
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import RecordId, new_id
from lianfang.ledger import queries, reacting
from lianfang.ledger.folding import cursors, engine, rebuilding
from lianfang.ledger.intake import deciding, taking
from lianfang.ledger.queries.history import remarks_of
from lianfang.ledger.queries.standing import standing_within
from lianfang.ledger.types import Author, RecordNotFound, Sending
from tests.committed import superuser
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import correction, record, send, words
from tests.ledger.test_envelopes import with_person
from tests.ledger.test_server_limits import Call, body, intake, run, token

__all__ = ["token"]


def test_a_rebuild_overtaken_by_the_folder_catches_up(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records folded between the filling of the shadow and its comparison are neither lacking nor too many."""
    send(record(town.a_door.id), trusted=True)
    fold_all()
    cut_into = rebuilding._ranges

    def overtaken(name: str) -> list[tuple[int, int]]:
        made = record(town.a_door.id, payload={"outcome": "dark"})
        send(made, correction(made, to={"outcome": "lit"}), trusted=True)
        fold_all()
        return cut_into(name)

    monkeypatch.setattr(rebuilding, "_ranges", overtaken)
    assert all(one.same for one in rebuilding.rebuild(check=True))
    assert all(one.same for one in rebuilding.rebuild())


def test_a_call_of_which_one_part_became_known_meanwhile(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made, fresh = record(town.a_door.id), record(town.a_door.id)
    send(made, trusted=True)
    monkeypatch.setattr(taking, "_settle_known", lambda _arrivals: None)
    assert words(send(made, fresh, made | {"payload": {"outcome": "dark"}}, trusted=True)) == [
        "repeated", "kept", "refused same_id_other_content",
    ]  # fmt: skip


def test_a_record_that_brings_somebody_and_became_known_meanwhile_brings_nobody_twice(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = with_person(town)
    assert words(send(made, trusted=True)) == ["kept"]
    before = table("people_person")
    monkeypatch.setattr(taking, "_settle_known", lambda _arrivals: None)
    assert words(send(made, trusted=True)) == ["repeated"]
    assert table("people_person") == before


def test_sendings_that_share_a_record_wait_for_each_other_and_the_rest_goes_along(town: Cast) -> None:
    shared, other = record(town.a_door.id), record(town.a_door.id)
    author = Author(town.secretary.account_id, trusted=True)
    told = taking.take_together([Sending([shared], author), Sending([shared], author), Sending([other], author)], received_at=clock.now())
    assert [words(verdicts) for verdicts in told] == [["kept"], ["repeated"], ["kept"]]


def test_a_waiting_record_whose_place_is_gone_is_not_found(town: Cast) -> None:
    made = record(town.b_door.id)
    send(made, author=town.grid_worker.account_id)
    with superuser() as server:
        server.execute("update ledger_quarantine set place = gen_random_uuid(), position = 1")
    with pytest.raises(RecordNotFound):
        deciding.reject(RecordId(UUID(str(made["id"]))), by=town.outsider)


def test_when_all_that_is_left_waits_for_its_minute_nothing_is_folded(town: Cast) -> None:
    send(record(town.a_door.id), trusted=True)
    engine.ensure_cursors()
    for cursor in cursors.read():
        cursors.stick(cursor.name, "22012", new_id(), clock.now())
    assert engine.fold_available() == 0


def test_a_reaction_whose_connection_is_gone_is_not_at_fault(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise DatabaseError

    monkeypatch.setitem(reacting._reactions, "test.gone", reacting.Reaction("test.gone", ("visit",), fail))
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    send(record(town.a_door.id), trusted=True)
    with pytest.raises(DatabaseError):
        reacting.react_available()


def test_questions_about_nothing(town: Cast) -> None:
    now = clock.now()
    assert standing_within(("visit",), [], now, now) == []
    assert abs(queries.folded_until([]) - now) < timedelta(seconds=10)


def test_remarks_of_several_records(town: Cast) -> None:
    said, silent = record(town.a_door.id, envelope={"remark": "门禁坏了"}), record(town.a_door.id)
    send(said, silent, trusted=True)
    identifiers = [UUID(str(one["id"])) for one in (said, silent)]
    assert remarks_of(identifiers) == {identifiers[0]: "门禁坏了"}


def test_open_doors_are_listed_past_settled_ones_page_by_page(town: Cast) -> None:
    send(record(town.a_door.id), trusted=True)
    fold_all()
    today = Period(clock.today(), clock.today())
    rows, after = [], ""
    while page := reading.trace("doors_open", [town.a.range], today, after=after, limit=2):
        rows += [proof.place_id for proof in page]
        after = page[-1].after
    assert len(rows) == len(set(rows)) == reading.value("doors_open", [town.a.range], today).value == 7


def test_a_figure_waits_for_the_folder_that_runs(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(command_line.folding, "fold_here", lambda: False)
    monkeypatch.setattr(command_line, "wait_until_folded", lambda: waited.append(1))
    command_line.bring_up_to_date()
    assert waited == [1]


def test_addresses_methods_and_senders_the_intake_does_not_have(town: Cast, token: str) -> None:
    with intake() as application:
        application.origins = frozenset({"https://desk.example"})
        calls: list[tuple[Call, int]] = [
            (Call(token, path="/elsewhere"), 404),
            (Call(token, method="GET"), 405),
            (Call(token, method="OPTIONS", origin="https://desk.example"), 204),
            (Call(token, method="GET", path="/intake/health"), 200),
            (Call("", body()), 401),
            (Call("nonsense", body()), 401),
            (Call(token, body(), content_encoding="gzip"), 415),
            (Call(token, b"{"), 400),
        ]
        for call, status in calls:
            run(application, call)
            assert call.status == status
        assert calls[2][0].headers[b"access-control-allow-origin"] == b"https://desk.example"
        assert calls[4][0].headers[b"www-authenticate"] == b"Bearer"
