"""Posts, teams and responsibility areas at the desk; duty at a post, by its code too; attendance and one's own record of service."""

from __future__ import annotations

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from lianfang.doors.desk.parts.release import asked_before_lifting
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.force_types import Hours, PostSeen
from lianfang.ground.organisations.rules import hours_read, hours_written
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.ledger.queries import remark_of
from lianfang.work.matters import queries as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation import queries as duty
from lianfang.work.mobilisation.types import Came, NewForce
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast
from tests.factories.members import make_party

POST = {"name": "东门先锋岗", "kind": "pioneer", "duty": "查码测温", "hours": "1-5 08:00-20:00\n6-7 09:00-17:00", "needed": 2}


def test_a_post_is_opened_manned_changed_and_closed_at_the_desk(cast: Cast) -> None:
    desk, outsider, worker = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b")), Desk(signed_in("grid.a"))
    assert "看不懂这个班次" in words_of(desk.post("post_new", cast.a.id, **{**POST, "hours": "早班"}))
    opened = desk.post("post_new", cast.a.id, follow=True, **POST)
    [post] = queries.posts([cast.a.range])
    shown = words_of(opened)
    for word in ("东门先锋岗", "查码测温", "周一至周五 08:00–20:00", "周六至周日 09:00–17:00", "还没有人签到", "0/2"):
        assert word in shown, word
    assert outsider.get("post", post.post_id).status_code == 404
    assert worker.post("post_do", post.post_id, do="close").status_code == 404  # it stands at the community, outside the grid
    # By name, or out of the pool; nobody comes to be known by being named, and nobody has two posts.
    assert "没有" in words_of(desk.post("post_do", post.post_id, do="man", name="赵示远"))
    assert "请选择或写出一个人" in words_of(desk.post("post_do", post.post_id, do="man"))
    assert "王*" in words_of(desk.post("post_do", post.post_id, do="man", name="王示例", follow=True))
    pooled = mobilisation.register(NewForce(cast.neighbour, Came.MEMBER, cast.a_door.place_id), by=cast.secretary)
    assert "张*" in words_of(desk.post("post_do", post.post_id, do="man", force=str(pooled.force_id), follow=True))
    desk.post("post_new", cast.a.id, **{**POST, "name": "西门岗"})
    other = next(one for one in queries.posts([cast.a.range]) if one.name == "西门岗")
    assert desk.post("post_do", other.post_id, do="man", name="王示例").status_code == 422
    assert queries.who_mans(other.post_id) == []
    [holder, _neighbour] = queries.who_mans(post.post_id)
    assert desk.post("post_do", other.post_id, do="leave", holder=str(holder.row_id)).status_code == 404
    desk.post("post_do", post.post_id, do="leave", holder=str(holder.row_id))
    assert len(queries.who_mans(post.post_id)) == 1
    assert desk.post("post_do", post.post_id, do="dance").status_code == 404
    changed = {"name": "东门岗", "duty": "查码", "hours": "00:00-24:00", "needed": 1}
    assert "24小时" in words_of(desk.post("post_change", post.post_id, follow=True, **changed))
    assert 'value="东门岗"' in desk.get("post_change", post.post_id).content.decode()
    assert desk.get("post_poster", post.post_id).content.startswith(b"%PDF")
    desk.post("post_do", post.post_id, do="close")
    assert [one.name for one in queries.posts([cast.a.range])] == ["西门岗"]
    assert desk.get("post", post.post_id).status_code == 404
    assert Client().get(reverse("residents:post", args=[post.post_id])).status_code == 404


def test_teams_and_responsibility_areas_are_kept_at_the_desk(cast: Cast) -> None:
    desk = Desk(signed_in("secretary.a"))
    make_party(cast)
    team = {"name": "甲社区突击队", "kind": "commando", "tasks": "排查，送药", "of_party": "on"}
    assert "正式党员" in words_of(desk.post("team_new", cast.a.id, **team, leader="王示例"))
    page = words_of(desk.post("team_new", cast.a.id, **team, leader="钱示一", follow=True))
    assert "排查, 送药" in page
    [formed] = queries.teams([cast.a.range])
    assert "没有" in words_of(desk.post("team_do", formed.team_id, do="join", name="无此人"))
    desk.post("team_do", formed.team_id, do="join", name="孙示二")
    first, second = queries.team_members(formed.team_id)
    assert "正式党员" in words_of(desk.post("team_do", formed.team_id, do="leave", member=str(first.row_id), follow=True))
    desk.post("team_do", formed.team_id, do="lead", member=str(second.row_id))
    leader, member = queries.team_members(formed.team_id)
    assert (leader.name, leader.leads, member.leads) == ("孙*", True, False)
    desk.post("team_do", formed.team_id, do="leave", member=str(member.row_id))
    assert desk.post("team_do", formed.team_id, do="lead", member="x").status_code == 404
    assert desk.post("team_do", formed.team_id, do="dance").status_code == 404
    area = laying.found_area(AreaKind.RESPONSIBILITY, "1栋责任区", cast.a.place_id, [cast.a_building.place_id], by=None)
    assert "没有人负责" in words_of(desk.get("organisations", cast.a.id))
    assert "请选择" in words_of(desk.post("responsibility", cast.a.id, follow=True, area=str(area)))
    assert "李*" in words_of(desk.post("responsibility", cast.a.id, follow=True, area=str(area), name="李示三"))
    assert "已" in words_of(desk.post("responsibility", cast.a.id, follow=True, area=str(area), name="李示三"))
    [held] = queries.responsibilities([cast.a.range])
    assert desk.post("responsibility", cast.b.id, end=str(held.responsibility_id)).status_code == 404
    assert desk.post("responsibility", cast.a.id, end="x").status_code == 404
    desk.post("responsibility", cast.a.id, end=str(held.responsibility_id))
    assert queries.responsibilities([cast.a.range]) == []
    assert desk.post("responsibility", cast.a.id, close="x").status_code == 404
    desk.post("responsibility", cast.a.id, close=str(area))
    assert "1栋责任区" not in words_of(desk.get("organisations", cast.a.id))
    desk.post("team_do", formed.team_id, do="disband")
    assert queries.teams([cast.a.range]) == []


def test_duty_at_a_post_is_public_attended_to_and_mended_by_its_owner(town: Cast) -> None:
    desk, outsider = Desk(signed_in("secretary.a")), Desk(signed_in("secretary.b"))
    desk.post("post_new", town.a.id, **POST)
    [post] = queries.posts([town.a.range])
    public = Client()
    address = reverse("residents:post", args=[post.post_id])
    assert "现在还没有人签到" in words_of(public.get(address))
    assert [public.post(address + part).status_code for part in ("language/", "size/", "")] == [302, 302, 405]
    desk.post("post_duty", post.post_id, duty="on")
    fold_all()
    seen = words_of(public.get(address))
    assert "现在有1人值守" in seen
    assert "刘示甲" not in seen  # whoever passes learns that it is manned, not by whom
    assert reverse("desk:post", args=[post.post_id]) in public.get(address).content.decode()
    board = words_of(public.get(reverse("residents:place", args=[town.a.id])))
    assert "现在有人值守" in board
    assert "刘示甲" in words_of(desk.get("post", post.post_id))
    assert "东门先锋岗" in words_of(desk.get("duty"))
    assert "东门先锋岗" not in words_of(outsider.get("duty"))
    assert outsider.post("post_duty", post.post_id, duty="on").status_code == 404
    desk.post("post_duty", post.post_id, duty="off")
    fold_all()
    _attended_to_and_mended(town, desk, outsider, post)


def _attended_to_and_mended(town: Cast, desk: Desk, outsider: Desk, post: PostSeen) -> None:
    assert "不在" in words_of(desk.post("post_duty", post.post_id, duty="off", follow=True))
    # Attendance: by day, by place and post, by organisation; in Excel too.
    page = words_of(desk.get("attendance", town.a.id))
    for word in ("按日", "1 人", "1 人次", "东门先锋岗", "这里不掌握", "刘示甲"):
        assert word in page, word
    assert outsider.get("attendance", town.a.id).status_code == 404
    book = desk.get("attendance_list", town.a.id, query={"from": clock.today().isoformat(), "to": clock.today().isoformat()})
    with ZipFile(io.BytesIO(book.content)) as packed:
        assert "刘示甲" in "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))
    old = {"from": "2022-01-01", "to": "2022-01-02"}
    assert "没有人在岗" in words_of(desk.get("attendance", town.a.id, query=old))
    # One's own record, and asking that it be mended: a matter with the words sealed, then a correction that leaves a trace.
    [spell] = duty.spells_of(town.secretary.account_id)
    assert "东门先锋岗" in words_of(desk.get("my_record"))
    assert "东门先锋岗" not in words_of(outsider.get("my_record"))
    assert outsider.post("record_wrong", spell.record_id, words="不是我").status_code == 404
    assert "请写明" in words_of(desk.post("record_wrong", spell.record_id, words=" ", follow=True))
    assert "已记下" in words_of(desk.post("record_wrong", spell.record_id, words="八点就到了", follow=True))
    fold_all()
    [matter] = [one for one in matters.matters([town.a.range]) if one.cause == spell.record_id]
    assert (matter.owner, remark_of(matter.id)) == (town.secretary.account_id, "八点就到了")
    came, went = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
    form = "%Y-%m-%dT%H:%M"
    wrong = {"begins": clock.local(went).strftime(form), "ends": clock.local(came).strftime(form)}
    assert "离岗要晚于上岗" in words_of(desk.post("spell_correct", spell.record_id, **wrong))
    right = {"begins": clock.local(came).strftime(form), "ends": clock.local(went).strftime(form)}
    assert outsider.post("spell_correct", spell.record_id, **right).status_code == 404
    assert desk.post("spell_correct", spell.record_id, **right).status_code == 302
    fold_all()
    [mended] = duty.spells_of(town.secretary.account_id)
    assert mended.minutes == 120
    # One that goes on is given an end of its own.
    mobilisation.sign_on(town.a.place_id, by=town.secretary, post=post.post_id)
    fold_all()
    last = duty.spells_of(town.secretary.account_id)[0]
    assert duty.at_post(post.post_id)[0].record_id == last.record_id
    with clock.frozen(clock.now() + timedelta(hours=1)):
        mobilisation.correct_spell(last, last.began_at, clock.now() - timedelta(minutes=5), by=town.secretary)
    fold_all()
    assert duty.at_post(post.post_id) == []


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("00:00-24:00", [Hours(127, 0, 1440)]),
        ("1-5 8:00-20:00；周六 09:00至17:30", [Hours(31, 480, 720), Hours(32, 540, 510)]),
        ("周六至周一 22:00-06:00", [Hours(0b1100001, 1320, 480)]),
        ("周日 08:00-08:00", [Hours(64, 480, 1440)]),
        ("", []),
        ("早班", None),
        ("24:00-25:00", None),
        ("08:60-09:00", None),
        ("08:00-09:60", None),
        ("08:00-24:01", None),
    ],
)
def test_the_hours_of_a_post_are_read_as_people_write_them(text: str, hours: list[Hours] | None) -> None:
    assert hours_read(text) == hours
    if hours:
        again = hours_read(hours_written(hours)) or []
        assert {(day, one.begins, one.lasts) for one in again for day in range(7) if one.days >> day & 1} == {
            (day, one.begins, one.lasts) for one in hours for day in range(7) if one.days >> day & 1
        }


def test_the_service_card_goes_back_to_the_unit_each_quarter(cast: Cast) -> None:
    party = make_party(cast)
    unit, a = party.department, cast.a.place_id
    report = commands.report_for_duty(unit, a, party.members[0], by=None)
    commands.sign_report(report, by=cast.account("secretary.a"))
    taken = commands.claim(commands.publish_need(a, "送药上门", by=None), report, by=None)
    commands.certify(taken, 90, by=cast.account("secretary.a"))
    commands.sponsor(unit, a, is_area=False, document="示例〔2022〕9号", by=None)
    desk = Desk(signed_in("city"))
    card = words_of(desk.get("service_card", unit))
    for word in ("季度服务记录卡", "钱*", "送药上门", "1 小时 30 分", "刘示甲", "甲社区", "示例〔2022〕9号"):
        assert word in card.replace("1小时30分", "1 小时 30 分"), word
    year = clock.today().year - 1
    assert "本季度没有经确认的服务" in words_of(desk.get("service_card", unit, query={"quarter": f"{year}-4"}))
    assert Desk(signed_in("secretary.a")).get("service_card", unit).status_code == 404  # seated elsewhere


def test_what_the_rules_ask_before_a_zone_is_lifted_is_said_in_words() -> None:
    with override("zh-hans"):
        assert asked_before_lifting("CN-V9", "high") == [
            "连续7天没有新增感染者",
            "第7天完成一轮全员检测，均为阴性",
            "解除后转为：中风险区",
        ]
        assert asked_before_lifting("CN-V8", "sealed")[1:] == ["最后一名密接转运后满14天", "解除前2天内完成一轮全员检测，均为阴性"]
        assert asked_before_lifting("CN-V8", "precaution") == ["本次事件的其他各区都已解除"]
        assert asked_before_lifting("", "one_gate") == asked_before_lifting("CN-V9", "one_gate") == []
