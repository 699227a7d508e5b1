"""What a record sets off: once, never in a rebuild, and stopping alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lianfang.kernel.ids import derived_id
from lianfang.ledger import reacting
from lianfang.ledger.folding import cursors, engine, rebuilding, restoring
from lianfang.ledger.reacting import Reaction
from lianfang.ledger.types import StandingRecord
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import correction, record, send

HELP = {"outcome": "seen", "wants_help": True}


def raised() -> list[dict[str, Any]]:
    return [row for row in table("ledger_record") if row["kind"] == "matter_raised"]


def test_a_household_that_asks_for_help_raises_one_matter_for_the_secretary(town: Cast) -> None:
    made = record(town.a_door.id, payload=HELP, actor=town.grid_worker.account_id)
    send(made, author=town.grid_worker.account_id)
    fold_all()
    [matter] = table("matters_matter")
    [row] = raised()
    assert matter["owner"] == town.secretary.account_id
    assert matter["cause"] == UUID(str(made["id"]))
    assert matter["raised_by"] == town.grid_worker.account_id
    [visit] = [one for one in table("ledger_record") if one["kind"] == "visit"]
    assert matter["due_at"] - visit["recorded_at"] == timedelta(hours=24)
    assert row["id"] == derived_id(visit["id"], "matters.help_wanted")


def test_nothing_happens_twice_however_often_it_is_folded_corrected_rebuilt_or_restored(town: Cast) -> None:
    made = record(town.a_door.id, payload={"outcome": "dark"})
    send(made, trusted=True)
    fold_all()
    assert raised() == []
    send(correction(made, to=HELP), trusted=True)
    fold_all()
    assert len(raised()) == 1
    send(correction(made, to={"outcome": "seen"}), correction(made, to=HELP), trusted=True)
    fold_all()
    rebuilding.rebuild()
    restoring.adopt()
    fold_all()
    assert len(raised()) == len(table("matters_matter")) == 1


def test_a_correction_that_was_here_before_its_visit_raises_what_it_says(town: Cast) -> None:
    made = record(town.a_door.id, payload={"outcome": "seen"})
    send(correction(made, to=HELP), trusted=True)
    fold_all()
    assert raised() == []
    send(made, trusted=True)
    fold_all()
    assert len(raised()) == 1


def test_a_withdrawn_visit_raises_nothing(town: Cast) -> None:
    made = record(town.a_door.id, payload=HELP)
    send(made, correction(made, "withdraw"), trusted=True)
    fold_all()
    assert raised() == []


def test_where_nobody_holds_the_office_the_matter_has_no_owner(town: Cast) -> None:
    from lianfang.ground.accounts.models import Grant

    Grant.objects.filter(account_id=town.secretary.account_id).delete()
    send(record(town.a_door.id, payload=HELP), trusted=True)
    fold_all()
    assert table("matters_matter")[0]["owner"] is None


def test_a_new_reaction_begins_where_the_book_stands(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[UUID] = []

    def note(one: StandingRecord) -> Sequence[Mapping[str, Any]]:
        seen.append(one.id)
        return ()

    send(record(town.a_door.id), trusted=True)
    fold_all()
    monkeypatch.setitem(reacting._reactions, "test.note", Reaction("test.note", ("visit",), note))
    fold_all()
    assert seen == []
    made = record(town.a_door.id)
    send(made, trusted=True)
    fold_all()
    assert seen == [UUID(str(made["id"]))]


@pytest.mark.parametrize("trouble", ["refused", "wrong"])
def test_a_reaction_that_fails_stops_alone_and_says_so(town: Cast, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    def fail(one: StandingRecord) -> Sequence[Mapping[str, Any]]:
        if trouble == "refused":
            return ({"id": str(derived_id(one.id, "x")), "kind": "nonsense"},)
        raise reacting.ReactionRefused(code="broken")

    monkeypatch.setitem(reacting._reactions, "test.fail", Reaction("test.fail", ("visit",), fail))
    send(record(town.a_door.id, payload=HELP), trusted=True)
    fold_all()
    [stuck] = cursors.read(["test.fail"])
    assert (stuck.state, stuck.trouble) == ("stuck", "unreadable" if trouble == "refused" else "broken")
    assert len(table("matters_matter")) == 1
    monkeypatch.setitem(reacting._reactions, "test.fail", Reaction("test.fail", ("visit",), lambda _: ()))
    fold_all()
    assert cursors.read(["test.fail"])[0].state == "running"


def test_reactions_see_the_book_in_small_batches(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reacting, "BATCH", 1)
    engine.ensure_cursors()
    for _ in range(3):
        send(record(town.a_door.id, payload=HELP), trusted=True)
    fold_all()
    assert len(raised()) == 3
