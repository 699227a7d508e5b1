"""Corrections: replace, withdraw, move in time, arrive before their root; the last holds, whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import new_id
from lianfang.ledger import commands, queries
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.types import RecordNotFound, Unreadable
from tests.factories.cast import Cast
from tests.ledger.sending import correction, record, send, words

pytestmark = pytest.mark.django_db


def standing(made: dict[str, object]) -> tuple[object, datetime] | None:
    found = queries.standing(UUID(str(made["id"])))
    return (found.payload["outcome"], found.effective_at) if found else None


def at(made: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(made["occurred_at"]))


def later(minutes: int) -> datetime:
    return clock.now() - timedelta(hours=1) + timedelta(minutes=minutes)


def test_the_last_by_its_own_time_holds_whatever_the_order_of_arrival(cast: Cast) -> None:
    made = record(cast.a_door.id, payload={"outcome": "seen"})
    second = correction(made, to={"outcome": "dark"}, occurred_at=later(2))
    first = correction(made, to={"outcome": "lit"}, occurred_at=later(1))
    assert words(send(made, second, first, trusted=True)) == ["kept"] * 3
    assert standing(made) == ("dark", at(made))


def test_at_the_same_time_the_higher_id_holds(cast: Cast) -> None:
    made, moment = record(cast.a_door.id), later(1)
    low, high = sorted([str(new_id(moment)), str(new_id(moment))])
    send(
        made,
        correction(made, id=high, to={"outcome": "dark"}, occurred_at=moment),
        correction(made, id=low, to={"outcome": "lit"}, occurred_at=moment),
        trusted=True,
    )
    assert standing(made) == ("dark", at(made))


def test_a_withdrawn_record_no_longer_stands_and_a_later_correction_raises_it_again(cast: Cast) -> None:
    made = record(cast.a_door.id)
    send(made, correction(made, "withdraw", occurred_at=later(1)), trusted=True)
    assert standing(made) is None
    send(correction(made, to={"outcome": "vacant"}, occurred_at=later(2)), trusted=True)
    assert standing(made) == ("vacant", at(made))


def test_time_is_moved_only_where_time_is_what_is_corrected(cast: Cast) -> None:
    made, moved = record(cast.a_door.id), clock.now() - timedelta(days=2)
    send(made, correction(made, at=moved.isoformat(), occurred_at=later(1)), trusted=True)
    assert standing(made) == ("seen", moved)
    send(correction(made, to={"outcome": "dark"}, occurred_at=later(2)), trusted=True)
    assert standing(made) == ("dark", at(made)), "the last holds whole: what it does not say is as the root said"


def test_nothing_is_moved_into_the_future(cast: Cast) -> None:
    made = record(cast.a_door.id)
    moving = correction(made, at=(clock.now() + timedelta(days=3)).isoformat())
    send(made, moving, trusted=True)
    found = queries.standing(UUID(str(made["id"])))
    assert found is not None
    assert found.effective_at <= clock.now()


def test_a_correction_waits_for_its_root_and_chooses_its_book(cast: Cast) -> None:
    made = record(cast.a_door.id)
    waiting = correction(made, to={"outcome": "dark"})
    assert words(send(waiting, trusted=True)) == ["kept"]
    assert standing(made) is None
    assert words(send(made, made, trusted=True)) == ["kept", "repeated"]
    assert standing(made) == ("dark", at(made))
    with connection.cursor() as cursor:
        cursor.execute("select count(distinct book) from ledger_record")
        assert cursor.fetchone()[0] == 1


def test_a_root_joins_the_book_of_the_correction_that_came_first(cast: Cast) -> None:
    """The correction comes in January and its root in June: by its own time the root would lie in another book."""
    january, june = datetime(2025, 1, 10, tzinfo=clock.LOCAL), datetime(2026, 6, 1, tzinfo=clock.LOCAL)
    made = record(cast.a_door.id, occurred_at=january)
    from lianfang.ledger.intake import take
    from lianfang.ledger.types import Author

    author = Author(None, trusted=True)
    with clock.frozen(january):
        take([correction(made, to={"outcome": "dark"}, occurred_at=january)], author)
    with clock.frozen(june):
        take([made], author)
    with connection.cursor() as cursor:
        cursor.execute("select b.period, r.kind from ledger_record r join ledger_book b on b.id = r.book order by r.seq")
        assert cursor.fetchall() == [("2025", "correction"), ("2025", "visit")]
    assert standing(made) == ("dark", january)


def test_a_correction_elsewhere_or_of_another_kind_is_refused_and_never_counts(cast: Cast) -> None:
    made = record(cast.a_door.id)
    send(made, trusted=True)
    elsewhere = correction(made, to={"outcome": "dark"}, place=cast.b_door.id)
    other_kind = correction(made, payload={"kind": "remark", "version": 1, "action": "withdraw"})
    assert words(send(elsewhere, other_kind, trusted=True)) == ["refused root_differs"] * 2
    unborn = record(cast.a_door.id)
    early = correction(unborn, to={"outcome": "dark"}, place=cast.b_door.id)
    assert words(send(early, unborn, trusted=True)) == ["refused root_differs", "kept"]
    unborn = record(cast.a_door.id)
    assert words(send(correction(unborn, to={"outcome": "dark"}, place=cast.b_door.id), trusted=True)) == ["kept"]
    send(unborn, trusted=True)
    assert standing(unborn) == ("seen", at(unborn)), "whoever may write there only cannot change a record here"


def test_corrections_of_corrections_are_refused(cast: Cast) -> None:
    made = record(cast.a_door.id)
    first = correction(made, "withdraw")
    second = correction(first, payload={"kind": "visit", "version": 1, "action": "withdraw"})
    direct = correction(first, payload={"kind": "correction", "version": 1, "action": "withdraw"})
    assert words(send(made, first, second, direct, trusted=True)) == [
        "kept",
        "kept",
        "refused root_differs",
        "refused correction_of_correction",
    ]


def test_a_correction_named_as_root_before_it_came_keeps_its_own_book(cast: Cast) -> None:
    made = record(cast.a_door.id)
    first = correction(made, to={"outcome": "dark"})
    of_first = correction(first, payload={"kind": "visit", "version": 1, "action": "withdraw"})
    assert words(send(of_first, trusted=True)) == ["kept"]
    assert words(send(made, first, first, trusted=True)) == ["kept", "kept", "repeated"]
    assert standing(made) == ("dark", at(made))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"action": "replace"}, "nothing_replaced"),
        ({"action": "withdraw", "to": {"outcome": "dark"}}, "withdrawn_and_replaced"),
        ({"action": "replace", "to": {"outcome": "gone"}}, "unreadable"),
        ({"action": "replace", "to": {"outcome": "dark", "people_seen": 1}}, "nobody_was_seen"),
        ({"action": "replace", "to": {"outcome": "dark"}, "version": 7}, "unknown_kind"),
    ],
)
def test_a_correction_is_read_as_strictly_as_its_root(cast: Cast, said: dict[str, object], code: str) -> None:
    made = record(cast.a_door.id)
    assert words(send(correction(made, payload={"kind": "visit", "version": 1} | said), trusted=True)) == [f"refused {code}"]


def test_the_command_carries_on_what_an_earlier_correction_said(cast: Cast) -> None:
    made, moved = record(cast.a_door.id), clock.now() - timedelta(days=1)
    send(made, trusted=True)
    identifier = UUID(str(made["id"]))
    commands.correct(identifier, by=cast.grid_worker, reason=Ground.WRONG_TIME, at=moved)
    commands.correct(identifier, by=cast.grid_worker, reason=Ground.MISTYPED, to={"outcome": "away"})
    assert standing(made) == ("away", moved)
    commands.correct(identifier, by=cast.secretary, reason=Ground.WRONG_TIME, at=at(made), remark="看错了日期")
    assert standing(made) == ("away", at(made))
    saved = commands.withdraw(identifier, by=cast.secretary, reason=Ground.RECORDED_TWICE)
    assert standing(made) is None
    assert not saved.folded
    lines = queries.record(identifier)
    assert [line.kind for line in lines] == ["visit", *["correction"] * 4]
    assert lines[0].withdrawn
    assert queries.remark_of(lines[3].id) == "看错了日期"
    assert queries.remark_of(lines[0].id) is None


def test_the_command_asks_who_may(cast: Cast) -> None:
    made = record(cast.a_door.id)
    send(made, trusted=True)
    identifier = UUID(str(made["id"]))
    with pytest.raises(NotFound):
        commands.withdraw(identifier, by=cast.outsider, reason=Ground.OTHER)
    with pytest.raises(Denied):
        commands.withdraw(identifier, by=cast.administrator, reason=Ground.OTHER)
    with pytest.raises(RecordNotFound):
        commands.withdraw(new_id(), by=cast.secretary, reason=Ground.OTHER)
    with pytest.raises(Unreadable):
        commands.correct(identifier, by=cast.secretary, reason=Ground.OTHER, to={"outcome": "gone"})
    assert standing(made) is not None


def test_history_tells_what_became_of_each_record(cast: Cast) -> None:
    first, second = (record(cast.a_door.id, occurred_at=later(minute)) for minute in (1, 2))
    send(first, second, correction(first, to={"outcome": "dark"}, occurred_at=later(3)), trusted=True)
    lines = queries.history([cast.a.range])
    assert [line.kind for line in lines] == ["correction", "visit", "visit"]
    assert [line.standing and line.standing["outcome"] for line in lines] == [None, "seen", "dark"]
    assert not any(line.withdrawn for line in lines)
    assert queries.history([cast.b.range]) == []
    assert queries.history([]) == []
    page = queries.history([cast.a.range], limit=1)
    rest = queries.history([cast.a.range], before=(page[0].effective_at, page[0].id), kinds=["visit"])
    assert [line.id for line in rest] == [line.id for line in lines[1:]]


def test_a_record_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(RecordNotFound):
        queries.record(new_id())
    made = record(cast.a_door.id)
    send(correction(made, "withdraw"), trusted=True)
    with pytest.raises(RecordNotFound):
        queries.record(UUID(str(made["id"])))
