"""Spells of duty: coming on, going off, standing elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianfang.ground.accounts.access import local_administrator
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.ledger.types import NobodyActed
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import NotOnDuty
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table


def test_a_spell_begins_and_ends(town: Cast) -> None:
    commands.sign_on(town.a.place_id, by=town.secretary)
    fold_all()
    [spell] = queries.on_duty([town.a.range])
    assert (spell.account_id, spell.place_id, spell.ended_at) == (town.secretary.account_id, town.a.id, None)
    commands.sign_off(town.a.place_id, by=town.secretary)
    fold_all()
    assert queries.on_duty([town.a.range]) == []
    now = clock.now()
    [ended] = queries.spells([town.a.range], now - timedelta(hours=1), now)
    assert ended.ended_at is not None
    assert queries.people_on_duty([town.a.range], now - timedelta(hours=1), now) == 1
    assert queries.people_on_duty([town.a.range], now - timedelta(days=2), now - timedelta(days=1)) == 0
    assert queries.people_on_duty([], now - timedelta(hours=1), now) == 0


def test_coming_on_elsewhere_ends_the_spell_before(town: Cast) -> None:
    commands.sign_on(town.a.place_id, by=town.secretary)
    commands.sign_on(town.a_building.place_id, by=town.secretary)
    fold_all()
    assert [spell.place_id for spell in queries.on_duty([town.a.range])] == [town.a_building.id]
    with pytest.raises(NotOnDuty):
        commands.sign_off(town.a.place_id, by=town.secretary)
    now = clock.now()
    assert queries.people_on_duty([town.a.range], now - timedelta(hours=1), now) == 1, "one person in two spells"


def test_duty_from_paper_is_somebody_elses(town: Cast) -> None:
    worker = town.grid_worker.account_id
    commands.sign_on(town.a.place_id, by=town.secretary, person=worker)
    fold_all()
    [row] = table("ledger_record")
    assert (row["actor"], row["entered_by"]) == (worker, town.secretary.account_id)
    commands.sign_off(town.a.place_id, by=town.secretary, person=worker)
    fold_all()
    assert queries.on_duty([town.a.range]) == []


def test_who_may(town: Cast) -> None:
    with pytest.raises(NotFound):
        commands.sign_on(town.a.place_id, by=town.outsider)
    with pytest.raises(Denied):
        commands.sign_on(town.a.place_id, by=town.administrator)
    with pytest.raises(NotOnDuty):
        commands.sign_off(town.a.place_id, by=town.secretary)
    with pytest.raises(NobodyActed):
        commands.sign_on(town.a.place_id, by=local_administrator())
    with pytest.raises(NotOnDuty):
        commands.sign_off(town.a.place_id, by=local_administrator())
    assert table("ledger_record") == []
