"""Forces at the desk: the pool, the draft and what stays short, confirmed by a button, and kept from others."""

from __future__ import annotations

from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import Came, NeedKind, NewCall, NewForce, NewNeed
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.cast import Cast


def test_a_draft_is_asked_for_looked_at_and_confirmed(town: Cast) -> None:
    desk, outsider = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    assert "还没有提出需求" in words_of(desk.get("forces", town.a.id))
    commands.register(NewForce(town.resident, Came.MEMBER, town.a_door.place_id), by=town.secretary)
    commands.ask_for(NewNeed("小区卡口", NeedKind.POST, town.a.place_id, 2, 3, led_by_member=True), by=town.secretary)
    commands.call_up(NewCall(town.a.place_id, "请到社区集合", 1), by=town.secretary)
    assert outsider.get("forces", town.a.id).status_code == 404
    assert outsider.post("draft_new", town.a.id).status_code == 404
    asked = words_of(desk.post("draft_new", town.a.id, follow=True))
    assert "等待计算" in asked
    commands.work_off()
    told = queries.latest_draft(town.a.place_id)
    assert told is not None
    page = words_of(desk.get("forces", town.a.id))
    assert "派出1人，缺1人" in page
    assert "没有人具备所需条件" in page
    assert "请到社区集合" in page
    assert "没有人具备所需条件" in words_of(desk.get("forces", town.a.id, query={"short": "1"}))
    assert outsider.post("draft_confirm", told.draft_id).status_code == 404
    assert "已确认" in words_of(desk.post("draft_confirm", told.draft_id, follow=True))
    [need] = [row for row in queries.needs([town.a.range]) if row.has]
    assert need.has == 1
