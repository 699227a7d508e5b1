"""Several writers at once: the same records, crossing orders, a root and its correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from lianfang.kernel.ids import new_id
from lianfang.ledger import queries
from lianfang.ledger.intake import envelopes, keeping
from lianfang.ledger.types import Verdict
from tests.factories.cast import Cast
from tests.ledger.recount import table
from tests.ledger.sending import correction, record, send, words


def at_once(*calls: Callable[[], list[Verdict]]) -> list[list[Verdict]]:
    """Run the calls in threads that start together, each on a connection of its own."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], list[Verdict]]) -> list[Verdict]:
        try:
            connection.ensure_connection()
            ready.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@pytest.mark.parametrize("turn", range(3))
def test_the_same_records_from_two_calls_are_kept_once(town: Cast, turn: int) -> None:
    made = [record(town.a_door.id) for _ in range(50)]
    verdicts = at_once(lambda: send(*made, trusted=True), lambda: send(*reversed(made), trusted=True), lambda: send(*made, trusted=True))
    by_id = Counter((verdict.id, verdict.word.value) for call in verdicts for verdict in call)
    assert {identifier: (by_id[identifier, "kept"], by_id[identifier, "repeated"]) for identifier, _ in by_id} == {
        str(one["id"]): (1, 2) for one in made
    }
    assert len(table("ledger_record")) == 50


def test_the_same_id_with_other_content_at_once_is_one_record_and_a_conflict(town: Cast) -> None:
    one = record(town.a_door.id)
    other = one | {"payload": {"outcome": "dark"}}
    verdicts = at_once(lambda: send(one, trusted=True), lambda: send(other, trusted=True))
    assert sorted(words([verdict for call in verdicts for verdict in call])) == ["kept", "refused same_id_other_content"]
    assert len(table("ledger_record")) == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_root_and_its_corrections_arriving_at_once_share_a_book(town: Cast, turn: int) -> None:
    roots = [record(town.a_door.id) for _ in range(20)]
    firsts, seconds = ([correction(root, to={"outcome": "dark"}) for root in roots] for _ in range(2))
    at_once(lambda: send(*roots, trusted=True), lambda: send(*reversed(firsts), trusted=True), lambda: send(*seconds, trusted=True))
    rows = table("ledger_record")
    assert len(rows) == 60
    assert len({row["book"] for row in rows}) == 1
    assert {row["digest"] is None for row in table("ledger_receipt")} == {False}
    found = [queries.standing(UUID(str(root["id"]))) for root in roots]
    assert {one.payload["outcome"] for one in found if one} == {"dark"}


def test_the_first_records_of_a_new_book_from_many_calls(town: Cast) -> None:
    verdicts = at_once(*(lambda: send(record(town.a_door.id), trusted=True) for _ in range(4)))
    assert [words(call) for call in verdicts] == [["kept"]] * 4
    assert len(table("ledger_book")) == 1


def test_the_same_new_door_from_two_phones_is_one_door(town: Cast) -> None:
    door = new_id()
    made = [record(door, envelope={"door": {"building": str(town.a_building.id), "label": "地下室"}}) for _ in range(2)]
    verdicts = at_once(*(partial(send, one, one, trusted=True) for one in made))
    assert [words(call) for call in verdicts] == [["kept", "repeated"]] * 2
    again = at_once(*(lambda: send(made[0], trusted=True) for _ in range(2)))
    assert [words(call) for call in again] == [["repeated"]] * 2


def crosswise(failing: int) -> Callable[..., None]:
    """A writer that is told so many times that it locked crosswise with another."""
    left = [failing]
    real = keeping.keep

    def write(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]  # passed through
        if left[0]:
            left[0] -= 1
            locked = OperationalError("deadlock detected")
            locked.__cause__ = type("Deadlock", (Exception,), {"sqlstate": "40P01"})()
            raise locked

    return write


def test_a_crosswise_lock_is_tried_again(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "keep", crosswise(2))
    assert words(send(record(town.a_door.id), trusted=True)) == ["repeated"], "the first try had already been written here"
    monkeypatch.setattr(keeping, "keep", crosswise(3))
    with pytest.raises(OperationalError):
        send(record(town.a_door.id), trusted=True)


def test_an_envelope_is_not_half_kept_when_its_person_fails(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(envelopes, "_add_person", fail)
    made = record(town.a_door.id, subject=new_id(), envelope={"person": {"name": "周示例", "household": str(town.household)}})
    with pytest.raises(OperationalError):
        send(made, trusted=True)
    assert table("ledger_record") == []
    assert table("ledger_receipt") == []
