"""A verdict for every record, and nothing kept that should not be."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lianfang.ground.incidents.models import Incident
from lianfang.kernel import clock
from lianfang.kernel.ids import derived_id, new_id
from lianfang.ledger import kinds
from lianfang.ledger.intake import LIMIT, take
from lianfang.ledger.intake.incoming import digest, read
from lianfang.ledger.kinds import registry
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.types import VERDICT_REASONS, Author, TooMany, Unreadable, Verdict, Word
from tests.factories.cast import Cast
from tests.ledger.sending import correction, record, send, words

pytestmark = pytest.mark.django_db


def stored(identifier: object) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("select * from ledger_record where id = %s", [str(identifier)])
        row = cursor.fetchone()
        return dict(zip((column.name for column in cursor.description), row, strict=True)) if row else {}


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


def test_a_visit_is_kept_with_position_time_and_book(cast: Cast) -> None:
    made = record(cast.a_door.id, payload={"outcome": "seen", "people_seen": 2}, channel="seen")
    assert words(send(made, author=cast.grid_worker.account_id)) == ["kept"]
    kept = stored(made["id"])
    assert kept["position"] == cast.a_door.lo
    assert kept["actor"] == cast.grid_worker.account_id
    assert kept["entered_by"] is None
    assert kept["effective_at"] == datetime.fromisoformat(str(made["occurred_at"]))
    assert json.loads(str(kept["payload"])) == {"outcome": "seen", "people_seen": 2, "wants_help": False}
    assert kept["channel"] == "seen"


def test_the_same_record_again_is_one_record_and_with_other_content_a_conflict(cast: Cast) -> None:
    made = record(cast.a_door.id)
    other = made | {"payload": {"outcome": "dark"}}
    author = cast.grid_worker.account_id
    assert words(send(made, made, other, author=author)) == ["kept", "repeated", "refused same_id_other_content"]
    assert words(send(made, other, author=author)) == ["repeated", "refused same_id_other_content"]
    assert words(send(made, author=cast.secretary.account_id)) == ["refused same_id_other_content"], "somebody else did not do this"
    assert count("ledger_record") == 1


def test_a_record_outside_the_grant_waits_and_says_so_again(cast: Cast) -> None:
    made = record(cast.b_door.id)
    author = cast.grid_worker.account_id
    assert words(send(made, made, author=author)) == ["quarantined outside_grant"] * 2
    assert words(send(made, author=author)) == ["quarantined outside_grant"]
    assert words(send(made | {"payload": {"outcome": "dark"}}, author=author)) == ["refused same_id_other_content"]
    assert count("ledger_record") == 0
    assert count("ledger_quarantine") == 1


def test_grants_are_asked_for_the_time_when_it_was_done(cast: Cast) -> None:
    before = clock.day_bounds(date(2022, 1, 1))[0] - timedelta(hours=1)
    assert words(send(record(cast.a_door.id, occurred_at=before), author=cast.grid_worker.account_id)) == ["quarantined outside_grant"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"kind": "knock"}, "unknown_kind"),
        ({"version": 9}, "unknown_kind"),
        ({"id": str(uuid4())}, "id_without_time"),
        ({"place": str(new_id())}, "unknown_place"),
        ({"payload": {"outcome": "gone"}}, "unreadable"),
        ({"payload": {"outcome": "seen", "name": "王示例"}}, "unreadable"),
        ({"payload": {"outcome": "dark", "people_seen": 2}}, "nobody_was_seen"),
        ({"incident": str(new_id())}, "unknown_incident"),
        ({"actor": str(new_id())}, "unknown_actor"),
        ({"occurred_at": "2026-03-12T09:00:00"}, "unreadable"),
        ({"corrects": str(new_id())}, "correction_incomplete"),
        ({"kind": "matter_settled", "version": 1, "payload": {"settlement": "done"}}, "subject_missing"),
        ({"kind": "remark", "version": 1, "payload": {}}, "remark_missing"),
        ({"nonsense": 1}, "unreadable"),
        ({"device_seq": -1}, "unreadable"),
    ],
)
def test_what_is_refused_and_why(cast: Cast, broken: dict[str, object], code: str) -> None:
    made = record(cast.a_door.id) | broken
    assert words(send(made, author=cast.secretary.account_id)) == [f"refused {code}"]
    assert count("ledger_record") + count("ledger_quarantine") + count("ledger_receipt") == 0


def test_a_kind_is_made_only_at_its_levels(cast: Cast) -> None:
    assert words(send(record(cast.a.id), author=cast.secretary.account_id)) == ["refused not_made_there"]
    presence = record(cast.a.id, "presence", {"duty": "on"})
    assert words(send(presence, author=cast.secretary.account_id)) == ["kept"]


def test_presence_is_about_somebody(cast: Cast) -> None:
    assert words(send(record(cast.a.id, "presence", {"duty": "on"}), trusted=True)) == ["refused nobody_acted"]
    assert words(send(record(cast.a_door.id), trusted=True)) == ["kept"]


def test_a_refusal_never_repeats_what_was_sent(cast: Cast) -> None:
    secret = "王示例 13800001111"
    bad = [
        record(cast.a_door.id) | {"payload": {"outcome": secret}},
        record(cast.a_door.id) | {"payload": {"outcome": "seen", secret: 1}},
        record(cast.a_door.id) | {secret: 1},
        record(cast.a_door.id) | {"kind": secret},
        record(cast.a_door.id) | {"place": secret},
        {"id": secret},
    ]
    for verdict in send(*bad, author=cast.secretary.account_id):
        assert verdict.word is Word.REFUSED
        assert "示例" not in json.dumps(verdict.form(), ensure_ascii=False)
        assert "1380" not in json.dumps(verdict.form())


def test_what_cannot_even_be_read_keeps_its_name_where_it_has_one() -> None:
    made = new_id()
    verdicts = take(
        [b"not json", b'{"id": "%s", "kind": 1}' % str(made).encode(), b'{"id": 7}', {"id": "x"}, {}], Author(None, trusted=True)
    )
    assert [verdict.id for verdict in verdicts] == ["", str(made), "", "", ""]
    assert {verdict.word for verdict in verdicts} == {Word.REFUSED}
    assert verdicts[0].reason == "The record cannot be read: $ this is not JSON."


def test_a_long_list_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(TooMany, match=f"at most {LIMIT} records"):
        take([{}] * (LIMIT + 1), Author(None, trusted=True))


def test_an_empty_call_is_no_trouble() -> None:
    assert take([], Author(None, trusted=True)) == []


def test_paper_is_entered_by_one_and_done_by_another(cast: Cast) -> None:
    made = record(cast.a_door.id, actor=cast.grid_worker.account_id, channel="paper")
    assert words(send(made, author=cast.secretary.account_id)) == ["kept"]
    kept = stored(made["id"])
    assert (kept["actor"], kept["entered_by"]) == (cast.grid_worker.account_id, cast.secretary.account_id)


def test_a_channel_is_given_to_those_that_say_none(cast: Cast) -> None:
    silent, spoken = record(cast.a_door.id), record(cast.a_door.id, channel="neighbour")
    take([silent, spoken], Author(None, trusted=True), channel=Channel.IMPORT)
    assert [stored(made["id"])["channel"] for made in (silent, spoken)] == ["import", "neighbour"]
    assert words(send(silent, trusted=True)) == ["repeated"], "the channel given here is not part of what was sent"


def test_a_clock_ahead_is_corrected_and_never_reaches_into_the_future(cast: Cast) -> None:
    now = clock.now()
    ahead = record(cast.a_door.id, occurred_at=now + timedelta(hours=2), skew=int(timedelta(hours=2, minutes=5).total_seconds() * 1000))
    wild = record(cast.a_door.id, occurred_at=now + timedelta(days=4000))
    send(ahead, wild, trusted=True)
    assert abs(stored(ahead["id"])["effective_at"] - (now - timedelta(minutes=5))) < timedelta(seconds=1)
    assert stored(wild["id"])["effective_at"] == stored(wild["id"])["recorded_at"]


def test_a_version_is_taken_for_thirty_days_and_what_was_kept_then_is_repeated_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, late = record(cast.a_door.id), record(cast.a_door.id)
    assert words(send(made, trusted=True)) == ["kept"]
    visit = kinds.current("visit")
    old = type(visit)(**{name: getattr(visit, name) for name in visit.__slots__} | {"superseded_on": clock.today() - timedelta(days=31)})
    monkeypatch.setitem(registry._kinds, ("visit", visit.version), old)
    assert words(send(made, late, trusted=True)) == ["repeated", "refused version_retired"]


def test_books_follow_incident_class_and_drill(cast: Cast) -> None:
    now = clock.now()
    real, drill = (
        Incident.objects.create(id=new_id(), name="示例事件", kind="epidemic", opened_at=now, drill=drilled) for drilled in (False, True)
    )
    made = [
        record(cast.a_door.id),
        record(cast.a_door.id, incident=real.id),
        record(cast.a.id, "presence", {"duty": "on"}, incident=real.id),
        record(cast.a_door.id, incident=drill.id),
    ]
    assert words(send(*made, author=cast.secretary.account_id)) == ["kept"] * 4
    with connection.cursor() as cursor:
        cursor.execute("select b.key from ledger_record r join ledger_book b on b.id = r.book order by r.seq")
        keys = [row[0] for row in cursor.fetchall()]
    local = clock.local(now)
    assert keys == [f"peacetime:{local:%Y}", f"incident:{real.id}:resident", f"incident:{real.id}:service", f"drill:{local:%Y-%m}"]


def test_a_phone_with_a_clock_years_off_still_finds_a_book(cast: Cast) -> None:
    years = [datetime(2001, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)]
    assert words(send(*(record(cast.a_door.id, occurred_at=year) for year in years), trusted=True)) == ["kept", "kept"]
    with connection.cursor() as cursor:
        cursor.execute("select period from ledger_book")
        assert {row[0] for row in cursor.fetchall()} <= {str(clock.today().year), str(clock.today().year - 1)}


def test_a_record_for_an_erased_book_is_told_to_go(cast: Cast) -> None:
    made, late = record(cast.a_door.id), record(cast.a_door.id)
    send(made, trusted=True)
    with connection.cursor() as cursor:
        cursor.execute("update ledger_book set state = 'ended', ended_at = now()")
    verdicts = send(made, late, correction(made, action="withdraw"), trusted=True)
    assert words(verdicts) == ["refused ended"] * 3
    assert "delete it" in verdicts[0].reason


def test_every_reason_has_a_code_of_its_own_and_a_sentence() -> None:
    codes = [reason.code for reason in VERDICT_REASONS]
    assert len(set(codes)) == len(codes)
    assert all((reason.__doc__ or "").strip().endswith(".") for reason in VERDICT_REASONS)


def test_a_verdict_is_answered_with_code_reason_and_facts() -> None:
    assert Verdict("x", Word.KEPT).form() == {"id": "x", "verdict": "kept"}
    told = Verdict("x", Word.REFUSED, Unreadable(at="$.id", why="wrong")).form()
    assert told == {
        "id": "x", "verdict": "refused", "code": "unreadable", "reason": "The record cannot be read: $.id wrong.",
        "facts": {"at": "$.id", "why": "wrong"},
    }  # fmt: skip


def test_the_fingerprint_sees_content_and_actor_but_not_the_order_of_keys(cast: Cast) -> None:
    made = record(cast.a_door.id, payload={"outcome": "seen", "people_seen": 1})
    turned = dict(reversed(list(made.items()))) | {"payload": {"people_seen": 1, "outcome": "seen"}}
    actor = new_id()
    assert digest(read(made), actor) == digest(read(turned), actor) == digest(read(json.dumps(made).encode()), actor)
    assert digest(read(made), actor) != digest(read(made), None)


def test_what_a_reaction_appends_lies_in_the_period_of_its_cause(cast: Cast) -> None:
    cause = new_id()
    made = record(cast.a_door.id, id=derived_id(cause, "x"))
    assert words(send(made, made, trusted=True)) == ["kept", "repeated"]
