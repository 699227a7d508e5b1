"""Matters: raised, settled, late, counted at a past moment, and who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lianfang.ground.incidents.models import Incident
from lianfang.ground.places import commands as laying
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import MatterId, new_id
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.work.matters import commands, queries
from lianfang.work.matters.rules import help_due, is_late
from lianfang.work.matters.types import AlreadySettled, MatterNotFound
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import record, send

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)


def raised(town: Cast, *, due_in: int = 60, **more: object) -> MatterId:
    due = clock.now() + timedelta(minutes=due_in)
    saved = commands.raise_matter(town.a_door.place_id, About.OTHER, due, by=town.secretary, **more)  # type: ignore[arg-type]  # spelled out by the tests
    return MatterId(saved.record_id)


def test_help_is_due_in_a_day_and_late_after_that() -> None:
    assert help_due(NOON) - NOON == timedelta(hours=24)
    assert not is_late(NOON, None, NOON)
    assert is_late(NOON, None, NOON + timedelta(seconds=1))
    assert not is_late(NOON, NOON, NOON + timedelta(days=9))
    assert is_late(NOON, NOON + timedelta(seconds=1), NOON)


def test_a_matter_is_raised_for_the_secretary_and_settled_once(town: Cast) -> None:
    matter_id = raised(town)
    fold_all()
    matter = queries.matter(matter_id)
    assert (matter.owner, matter.raised_by, matter.about, matter.late) == (
        town.secretary.account_id,
        town.secretary.account_id,
        About.OTHER,
        False,
    )
    assert [one.id for one in queries.matters_of(town.account("secretary.a"))] == [matter_id]
    commands.settle_matter(matter_id, Settlement.DONE, by=town.grid_worker, remark="已送药")
    fold_all()
    settled = queries.matter(matter_id)
    assert (settled.settlement, settled.settled_by) == (Settlement.DONE, town.grid_worker.account_id)
    assert queries.matters([town.a.range]) == []
    assert [one.id for one in queries.matters([town.a.range], open_only=False)] == [matter_id]
    with pytest.raises(AlreadySettled):
        commands.settle_matter(matter_id, Settlement.DONE, by=town.grid_worker)


def test_it_may_be_raised_for_somebody_else(town: Cast) -> None:
    matter_id = raised(town, owner=town.grid_worker.account_id, urgent=True)
    fold_all()
    matter = queries.matter(matter_id)
    assert (matter.owner, matter.urgent) == (town.grid_worker.account_id, True)


def test_counts_open_and_late_now_and_then(town: Cast) -> None:
    first, second = raised(town, due_in=-30), raised(town)
    fold_all()
    assert queries.counts([town.a.range]) == queries.MatterCount(2, 1)
    assert [one.id for one in queries.matters([town.a.range], late_only=True)] == [first]
    commands.settle_matter(second, Settlement.NOT_NEEDED, by=town.secretary)
    fold_all()
    assert queries.counts([town.a.range]) == queries.MatterCount(1, 1)
    raised_at = queries.matter(second).raised_at + timedelta(microseconds=1)
    assert queries.counts([town.a.range], raised_at) == queries.MatterCount(2, 1)
    assert [one.id for one in queries.matters([town.a.range], at=raised_at, after=1)] == [second]
    assert queries.counts([town.a.range], raised_at - timedelta(days=1)) == queries.MatterCount(0, 0)
    assert queries.counts([]) == queries.MatterCount(0, 0)


def test_an_open_matter_follows_its_place_and_the_past_stays(town: Cast) -> None:
    raised(town)
    fold_all()
    laying.move(town.a_building.place_id, town.b.place_id, by=None)
    assert queries.counts([town.b.range]).open == 1
    assert queries.counts([town.a.range]).open == 0


def test_a_drill_raises_no_real_matter(town: Cast) -> None:
    drill = Incident.objects.create(id=new_id(), name="演练示例", kind="fire", opened_at=clock.now(), drill=True)
    send(record(town.a_door.id, payload={"outcome": "seen", "wants_help": True}, incident=drill.id), trusted=True)
    fold_all()
    assert len(table("matters_matter")) == 1
    assert queries.counts([town.a.range]).open == 0


def test_who_may_raise_and_settle(town: Cast) -> None:
    matter_id = raised(town)
    fold_all()
    before = table("ledger_record")
    with pytest.raises(NotFound):
        commands.raise_matter(town.a_door.place_id, About.OTHER, clock.now(), by=town.outsider)
    with pytest.raises(NotFound):
        commands.settle_matter(matter_id, Settlement.DONE, by=town.outsider)
    with pytest.raises(Denied):
        commands.settle_matter(matter_id, Settlement.DONE, by=town.administrator)
    with pytest.raises(MatterNotFound):
        commands.settle_matter(MatterId(new_id()), Settlement.DONE, by=town.secretary)
    made = record(town.a_door.id)
    send(made, trusted=True)
    with pytest.raises(MatterNotFound):
        commands.settle_matter(MatterId(table("ledger_record")[-1]["id"]), Settlement.DONE, by=town.secretary)
    with pytest.raises(MatterNotFound):
        queries.matter(MatterId(new_id()))
    assert len(table("ledger_record")) == len(before) + 1


def test_the_web_sees_only_the_matters_of_its_scope(town: Cast) -> None:
    matter_id = raised(town)
    fold_all()
    with town.as_web(town.outsider), pytest.raises(MatterNotFound):
        queries.matter(matter_id)
    with town.as_web(town.secretary):
        assert queries.matter(matter_id).id == matter_id
