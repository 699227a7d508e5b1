"""Records outside their author's grant: sealed, listed for the secretary, released or rejected."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from lianfang.ground.changes.queries import changes_of_row
from lianfang.ground.places import queries as places
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import PlaceId, RecordId, new_id
from lianfang.ledger import queries
from lianfang.ledger.intake import deciding
from lianfang.ledger.intake import quarantine as waiting_room
from lianfang.ledger.types import Ended, NotWaiting, RecordNotFound
from tests.factories.cast import Cast
from tests.ledger.sending import correction, record, send, words

pytestmark = pytest.mark.django_db


def lay_aside(cast: Cast, **more: object) -> tuple[dict[str, object], RecordId]:
    made = record(cast.b_door.id, **more)
    assert words(send(made, author=cast.grid_worker.account_id)) == ["quarantined outside_grant"]
    return made, RecordId(UUID(str(made["id"])))


def test_the_secretary_of_the_place_sees_what_waits_and_nobody_else_does(cast: Cast) -> None:
    _, identifier = lay_aside(cast, envelope={"remark": "王示例在家"})
    with cast.as_web(cast.outsider):
        [one] = queries.waiting([cast.b.range])
        assert queries.waiting_count([cast.b.range]) == 1
    assert (one.id, one.kind, one.author) == (identifier, "visit", cast.grid_worker.account_id)
    assert one.payload == {"outcome": "seen"}
    assert one.brings == ("remark",)
    with cast.as_web(cast.secretary):
        assert queries.waiting([cast.b.range]) == []
    assert queries.waiting([]) == []


def test_the_body_lies_sealed(cast: Cast) -> None:
    lay_aside(cast, envelope={"remark": "王示例在家"})
    with connection.cursor() as cursor:
        cursor.execute("select sealed, digest from ledger_quarantine")
        sealed = bytes(cursor.fetchone()[0])
    assert "示例".encode() not in sealed
    assert b"seen" not in sealed


def test_a_released_record_is_kept_as_its_author_sent_it(cast: Cast) -> None:
    made, identifier = lay_aside(cast, envelope={"remark": "敲门无人应，灯亮"})
    with cast.as_web(cast.outsider):
        deciding.release(identifier, by=cast.outsider)
    [line] = queries.record(identifier)
    assert (line.actor, line.entered_by, line.has_remark) == (cast.grid_worker.account_id, None, True)
    assert queries.remark_of(identifier) == "敲门无人应，灯亮"
    assert words(send(made, author=cast.grid_worker.account_id)) == ["repeated"]
    assert queries.waiting_count([cast.b.range]) == 0
    assert [change.action for change in changes_of_row("ledger_quarantine", identifier)] == ["update", "insert"]
    decided = changes_of_row("ledger_quarantine", identifier)[0]
    assert decided.actor == cast.outsider.account_id
    assert decided.new["state"] == "released"
    assert decided.old["sealed"] == "…"


def test_a_released_root_lies_in_the_book_that_its_correction_had_chosen(cast: Cast) -> None:
    made, identifier = lay_aside(cast)
    early = correction(made, "withdraw")
    assert words(send(early, trusted=True)) == ["kept"]
    deciding.release(identifier, by=cast.outsider)
    with connection.cursor() as cursor:
        cursor.execute("select count(*), count(distinct book) from ledger_record where id = any(%s::uuid[])", [[made["id"], early["id"]]])
        assert cursor.fetchone() == (2, 1)


def test_a_rejected_record_is_gone_and_its_sender_is_told(cast: Cast) -> None:
    made, identifier = lay_aside(cast)
    deciding.reject(identifier, by=cast.outsider)
    assert words(send(made, author=cast.grid_worker.account_id)) == ["refused was_rejected"]
    with connection.cursor() as cursor:
        cursor.execute("select sealed is null, state from ledger_quarantine")
        assert cursor.fetchone() == (True, "rejected")


def test_who_may_decide(cast: Cast) -> None:
    _, identifier = lay_aside(cast)
    with pytest.raises(NotFound):
        deciding.release(identifier, by=cast.secretary)
    with pytest.raises(Denied):
        deciding.reject(identifier, by=cast.city_command)
    with pytest.raises(RecordNotFound):
        deciding.release(RecordId(new_id()), by=cast.outsider)
    assert queries.waiting_count([cast.b.range]) == 1


def test_a_decision_is_made_once(cast: Cast) -> None:
    _, identifier = lay_aside(cast)
    deciding.release(identifier, by=cast.outsider)
    with pytest.raises(NotWaiting):
        deciding.reject(identifier, by=cast.outsider)


def test_what_cannot_be_kept_still_waits(cast: Cast) -> None:
    made, identifier = lay_aside(cast)
    send(record(cast.b_door.id), trusted=True)
    with connection.cursor() as cursor:
        cursor.execute("update ledger_book set state = 'ended'")
    with pytest.raises(Ended):
        deciding.release(identifier, by=cast.outsider)
    assert words(send(made, author=cast.grid_worker.account_id)) == ["quarantined outside_grant"]


def test_a_device_gone_wrong_does_not_bury_the_secretary(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_room, "WAITING_AT_MOST", 2)
    verdicts = send(*(record(cast.b_door.id) for _ in range(3)), author=cast.grid_worker.account_id)
    assert words(verdicts) == ["quarantined outside_grant"] * 2 + ["refused too_many_waiting"]
    assert words(send(record(cast.b_door.id), author=cast.grid_worker.account_id)) == ["refused too_many_waiting"]


def test_nobody_without_an_account_is_laid_aside(cast: Cast) -> None:
    assert words(send(record(cast.b_door.id))) == ["refused unknown_author"]


def test_a_new_door_outside_the_grant_waits_until_it_is_released(cast: Cast) -> None:
    door = PlaceId(new_id())
    made = record(door, envelope={"door": {"building": str(cast.b_building.id), "label": "地下室"}})
    assert words(send(made, author=cast.grid_worker.account_id)) == ["quarantined outside_grant"]
    assert places.places_by_id([door]) == {}
    with cast.as_web(cast.outsider):
        deciding.release(RecordId(UUID(str(made["id"]))), by=cast.outsider)
    assert places.place(door).name == "地下室"
    assert queries.standing(UUID(str(made["id"]))) is not None
