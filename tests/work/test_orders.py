"""Orders down the tree: every level answers, who has not is visible by level, the late become matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from lianfang.ground.incidents import commands as incidents
from lianfang.ground.incidents.types import IncidentEnded
from lianfang.ground.places.types import Level
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.ids import OrderId, new_id
from lianfang.kernel.ranges import EVERYWHERE, Range
from lianfang.ledger.commands import withdraw
from lianfang.ledger.folding.rebuilding import rebuild
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.orders import Answer
from lianfang.work.matters import queries as matters
from lianfang.work.orders import commands, queries, types
from lianfang.work.orders.rules import answering_levels, branches, is_late
from lianfang.work.orders.rules import by_level as levels
from lianfang.work.orders.types import NewOrder, OrderSeen, Standing, Tally
from tests.committed import transactional_db
from tests.factories.cast import Cast, make_cast
from tests.factories.incidents import LOCAL, ORDER, opened
from tests.ledger.folded import fold_all

__all__ = ["transactional_db"]


@pytest.fixture
def town(transactional_db: None) -> Cast:
    return make_cast()


def wished(cast: Cast, **more: object) -> NewOrder:
    now = clock.now()
    order = NewOrder(
        "关于做好入户排查的通知", "请各街道、社区立即开展入户排查。", "示例〔2022〕3号", cast.city.place_id, "community",
        now + timedelta(hours=2), now + timedelta(days=1),
    )  # fmt: skip
    return replace(order, **more)


def by_level(told: OrderSeen, within: list[Range] | None = None, at: datetime | None = None) -> dict[str, Tally]:
    return levels(queries.recipients(told, within), told, at or clock.now())


def test_every_level_answers_and_who_has_not_is_seen_by_level(town: Cast) -> None:
    cast = town
    with cast.as_web(cast.city_command):
        order = OrderId(commands.issue_order(wished(cast), by=cast.city_command).record_id)
    fold_all()
    began = clock.now()
    told = queries.order(order)
    assert told.levels == ("county", "street", "community")
    assert by_level(told) == {"county": Tally(1, 0, 0, 0), "street": Tally(2, 0, 0, 0), "community": Tally(3, 0, 0, 0)}
    with cast.as_web(cast.secretary):
        assert [one.title for one in queries.orders_within([cast.a.range])] == ["关于做好入户排查的通知"]
        commands.answer_order(order, cast.a.place_id, Answer.ACKNOWLEDGED, by=cast.secretary)
    with cast.as_web(cast.outsider):
        commands.answer_order(order, cast.b.place_id, Answer.HINDERED, by=cast.outsider, remark="缺人手")
        for place, why in ((cast.a.place_id, NotFound), (cast.street.place_id, NotFound)):
            with pytest.raises(why), transaction.atomic():
                commands.answer_order(order, place, Answer.COMPLETED, by=cast.outsider)
    with cast.as_web(cast.grid_worker), pytest.raises((NotFound, Denied)), transaction.atomic():
        commands.answer_order(order, cast.a.place_id, Answer.COMPLETED, by=cast.grid_worker)
    commands.answer_order(order, cast.street.place_id, Answer.COMPLETED, by=LOCAL)
    fold_all()
    assert by_level(told) == {"county": Tally(1, 0, 0, 0), "street": Tally(2, 1, 1, 0), "community": Tally(3, 2, 0, 0)}
    # two hours on those who have not acknowledged are late; a day on, those who have not completed are
    assert by_level(told, at=began + timedelta(hours=3)) == {
        "county": Tally(1, 0, 0, 1), "street": Tally(2, 1, 1, 1), "community": Tally(3, 2, 0, 1),
    }  # fmt: skip
    assert by_level(told, [cast.a.range], began + timedelta(days=2))["community"] == Tally(1, 1, 0, 1)
    [county] = branches(queries.recipients(told), told, began + timedelta(days=2))
    assert (county.recipient.name, county.late, county.below) == ("绿园区", True, Tally(5, 3, 1, 4))
    standing = {one.place_id: one.standing for one in queries.recipients(told)}
    assert standing[cast.a.place_id] is Standing.ACKNOWLEDGED
    assert standing[cast.b.place_id] is Standing.HINDERED
    assert standing[cast.street.place_id] is Standing.COMPLETED
    assert standing[cast.other_street.place_id] is Standing.UNANSWERED
    for place, answer in ((cast.a, Answer.ACKNOWLEDGED), (cast.street, Answer.COMPLETED)):
        with pytest.raises(types.AlreadyAnswered):
            commands.answer_order(order, place.place_id, answer, by=LOCAL)
    with pytest.raises(types.NotARecipient):
        commands.answer_order(order, cast.city.place_id, Answer.COMPLETED, by=LOCAL)
    with clock.frozen(began + timedelta(days=2)):
        assert commands.chase_late() == 5
        assert commands.chase_late() == 0
        fold_all()
        owed = matters.matters([EVERYWHERE])
    assert len(owed) == 5
    assert {one.cause for one in owed} == {order}
    assert [one.owner for one in owed if one.place_id == cast.a.id] == [cast.secretary.account_id]
    assert all(one.same for one in rebuild(["orders.orders", "orders.answers"], check=True))
    withdraw(order, by=LOCAL, reason=Ground.OTHER)
    fold_all()
    with pytest.raises(types.OrderNotFound):
        queries.order(order)


def test_an_order_over_an_area_reaches_only_whom_it_touches_and_drills_stay_apart(town: Cast) -> None:
    cast = town
    drill = opened("演练", place=cast.city.place_id, drill=True)
    order = OrderId(commands.issue_order(wished(cast, area=cast.a_grid, incident=drill), by=LOCAL).record_id)
    fold_all()
    told = queries.order(order)
    assert told.drill
    assert [one.name for one in queries.recipients(told)] == ["绿园区", "示例街道", "甲社区"]
    assert queries.orders_within([cast.b.range]) == []
    assert len(queries.orders_within([cast.a.range], incident=drill)) == 1
    commands.answer_order(order, cast.a.place_id, Answer.COMPLETED, by=LOCAL)
    fold_all()
    assert by_level(told)["community"] == Tally(1, 1, 1, 0)


def test_an_order_is_not_lost_behind_later_ones_elsewhere(town: Cast) -> None:
    here = commands.issue_order(wished(town, place=town.street.place_id, area=town.a_grid), by=LOCAL).record_id
    for _ in range(4):
        commands.issue_order(wished(town, place=town.other_street.place_id), by=LOCAL)
    fold_all()
    assert [one.id for one in queries.orders_within([town.a.range], limit=1)] == [here]
    assert [one.id for one in queries.orders_within([town.street.range])] == [here]
    assert len(queries.orders_within([EVERYWHERE])) == 5


def test_what_is_wrong_is_said(town: Cast) -> None:
    cast = town
    now = clock.now()
    incident = opened(place=cast.city.place_id)
    incidents.end_incident(incident, ORDER, by=LOCAL)
    for why, more in (
        (types.TitleMissing, {"title": " "}),
        (types.TitleMissing, {"text": ""}),
        (types.TimesWrong, {"acknowledge_by": now - timedelta(hours=1)}),
        (types.TimesWrong, {"due_at": now + timedelta(hours=1)}),
        (types.NobodyBelow, {"place": cast.a.place_id}),
        (IncidentEnded, {"incident": incident}),
    ):
        with pytest.raises(why):
            commands.issue_order(wished(cast, **more), by=LOCAL)
    with cast.as_web(cast.secretary), pytest.raises(NotFound), transaction.atomic():
        commands.issue_order(wished(cast), by=cast.secretary)
    with pytest.raises(NotFound):
        commands.issue_order(wished(cast, place=cast.a.place_id), by=cast.grid_worker)
    with pytest.raises(types.OrderNotFound):
        queries.order(OrderId(new_id()))
    assert answering_levels(Level.PROVINCE, Level.CITY) == ("city",)


def test_a_closed_order_is_owed_by_nobody_and_says_why(town: Cast) -> None:
    cast = town
    order = OrderId(commands.issue_order(wished(cast), by=LOCAL).record_id)
    fold_all()
    with cast.as_web(cast.secretary), pytest.raises(types.OrderNotFound), transaction.atomic():
        commands.close_order(order, "示例", by=cast.secretary)
    for wrong, why, refused in ((order, " ", types.ReasonMissing), (OrderId(new_id()), "示例", types.OrderNotFound)):
        with pytest.raises(refused):
            commands.close_order(wrong, why, by=LOCAL)
    late = queries.order(order).due_at + timedelta(hours=1)
    owing = queries.recipients(queries.order(order))
    assert any(is_late(one, queries.order(order), late) for one in owing)
    commands.close_order(order, "响应终止", by=LOCAL)
    commands.close_order(order, "again", by=LOCAL)
    told = queries.order(order)
    assert told.closed_because == "响应终止"
    assert not any(is_late(one, told, late) for one in owing)
    with pytest.raises(types.OrderClosed):
        commands.answer_order(order, cast.a.place_id, Answer.COMPLETED, by=cast.secretary)
