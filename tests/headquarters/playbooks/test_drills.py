"""A drill is the same in a book of its own, looks different wherever it is shown, and moves nobody who serves."""

from __future__ import annotations

import pytest
from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.organisations import queries as organisations
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.commands.erasing import erase_book
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.types import AlreadyRunning, RunState
from lianfang.kernel.ranges import EVERYWHERE
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation import queries as forces
from lianfang.work.orders import queries as orders
from tests.factories.plans import Ready, make_ready, switch, switched
from tests.ledger.folded import fold_all


@pytest.fixture
def ready(transactional_db: None) -> Ready:
    return make_ready()


def test_a_drill_says_so_everywhere_and_sends_nobody(ready: Ready) -> None:
    run_id = switched(ready, drill=True)
    fold_all()
    told = queries.run(run_id)
    assert told.state is RunState.DONE
    assert told.drill
    assert next(one.name for one in organisations.posts(incident=told.incident_id)).startswith("演练·")
    [order] = orders.orders_within([EVERYWHERE], incident=told.incident_id)
    assert order.drill
    assert (order.title[:2], order.text[:4]) == ("演练", "【演练】")
    [call] = forces.calls([EVERYWHERE])
    assert call.test
    assert call.words.startswith("【演练】")
    assert {need.name[:2]: need.has for need in forces.needs([EVERYWHERE])} == {"演练": 0}
    with connection.cursor() as cursor:
        cursor.execute("select distinct b.key like 'drill:%%' from ledger_record r join ledger_book b on b.id = r.book")
        assert cursor.fetchall() == [(True,)]
    with pytest.raises(AlreadyRunning):
        commands.activate(ready.plan, switch(drill=True), by=ready.duty)

    # What is real beside it: posts are taken by the drill's holders only until it is over, and no draft mixes the two.
    commands.undo_all(run_id, by=ready.duty)
    commands.carry_on(run_id)
    real = queries.run(switched(ready))
    needs = [need for need in forces.needs([EVERYWHERE]) if need.has]
    assert needs
    assert not any(need.name.startswith("演练") for need in needs)
    draft = queries.made(real.run_id, "assigning")[0]
    with access.scoped(ready.duty):
        assert mobilisation.call_off(draft, by=ready.duty) == sum(need.has for need in needs)

    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_book where incident = %s order by id", [real.incident_id])
        [*books] = [row[0] for row in cursor.fetchall()]
    assert Item.objects.filter(run=real.run_id).exclude(people=[]).exists()
    assert erase_book(books[0]) > 0
    assert erase_book(-1) == 0
    assert not Item.objects.filter(run=real.run_id).exclude(people=[]).exists()
