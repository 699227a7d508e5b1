"""Rounds at the desk: opened by a form, followed by coverage and by the doors that are missing, ended, and kept from others."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from lianfang.ground.people import commands as people
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.matters import queries as matters
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.queries import soundness
from lianfang.work.rounds.types import NewRound, Reason, RoundSeen, RoundState
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast


def opened(town: Cast, name: str = "第二轮敲门行动") -> RoundSeen:
    until = clock.now() + timedelta(hours=6)
    new = NewRound(name, "headcount", until, place=town.a.place_id, legal_basis="示例通知第12号", purpose="核实居住人员")
    return commands.open_round(new, by=town.secretary)


def test_without_a_round_the_list_says_what_to_do_next(secretary: Desk) -> None:
    told = words_of(secretary.get("rounds"))
    assert "还没有开过排查" in told
    assert "发起一轮排查" in told


def test_a_round_is_opened_by_a_form_and_stands_in_the_list(town: Cast) -> None:
    desk = Desk(signed_in("secretary.a"))
    until = clock.local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = desk.post("round_new", town.a.id, follow=True, name="第一轮", form="headcount", closes_at=until, purpose="核实居住人员")
    told = words_of(sent)
    assert "核实居住人员" in told
    assert "未访 8" in told
    [made] = queries.rounds([town.a.range])
    assert (made.name, made.place_id) == ("第一轮", town.a.place_id)
    assert "第一轮" in words_of(desk.get("rounds"))


def test_a_deadline_in_the_past_is_told_beside_its_field_and_opens_nothing(town: Cast) -> None:
    answer = Desk(signed_in("secretary.a")).post("round_new", town.a.id, name="第一轮", form="headcount", closes_at="2020-01-01T08:00")
    assert "closes_at" in answer.context["form"].errors
    assert queries.rounds([town.a.range]) == []


def test_coverage_and_the_missing_doors_follow_what_is_recorded(town: Cast) -> None:
    told = opened(town)
    commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker)
    fold_all()
    desk = Desk(signed_in("secretary.a"))
    page = desk.get("round", told.id)
    assert [row["value"] for row in page.context["strip"]][:4] == [1, 7, 7, 1]
    assert [row["door"].label for row in page.context["rows"]][:2] == ["201", "202"]
    assert town.a_door.place_id not in {row["door"].place_id for row in page.context["rows"]}
    assert len(desk.get("round", told.id, query={"by": "unit"}).context["table"].lines) == 2
    assert desk.get("round", told.id, query={"reason": "dark"}).context["rows"] == []
    assert len(desk.get("round", told.id, query={"by": "grid"}).context["table"].lines) == 1


def test_the_page_answers_that_it_still_stands(town: Cast) -> None:
    told = opened(town)
    desk = Desk(signed_in("secretary.a"))
    commands.record_visit(town.a_door.place_id, Outcome.DARK, by=town.grid_worker)
    fold_all()
    with clock.frozen(clock.now()):
        mark = {"If-None-Match": desk.get("round", told.id)["ETag"]}
        assert desk.get("round", told.id, **mark).status_code == 304
        late = {"occurred_at": clock.now() - timedelta(hours=1)}
        commands.record_visit(places.doors_of(town.a_building)[2].place_id, Outcome.SEEN, by=town.grid_worker, **late)
        fold_all()
        assert desk.get("round", told.id, **mark).status_code == 200, "what arrives late is news, though it is not the last by its own time"


def test_the_missing_doors_go_out_on_paper_and_come_back_filled_in(town: Cast) -> None:
    told = opened(town)
    desk = Desk(signed_in("secretary.a"))
    assert desk.get("round_paper", told.id).content.startswith(b"%PDF")
    book = load_workbook(BytesIO(desk.get("round_list", told.id).content))
    sheet = book.active
    head = next(row for row in sheet.iter_rows() if "结果" in [cell.value for cell in row])
    at = {cell.value: cell.column for cell in head}
    assert [sheet.cell(head[0].row + number, at["门牌"]).value for number in range(1, 9)] == ["201", "202", "101", "102"] * 2
    for number, outcome, unlisted in ((1, "见面", 1), (2, "不知道", None), (3, "暗", None)):
        sheet.cell(head[0].row + number, at["结果"], outcome)
        sheet.cell(head[0].row + number, at["未登记人数"], unlisted)
    out = BytesIO()
    book.save(out)

    def brought(**more: str) -> Any:
        return desk.post("round_back", told.id, file=SimpleUploadedFile("清单.xlsx", out.getvalue()), **more)

    said = words_of(brought())
    assert "已记录 2行" in said
    assert "“结果”" in said
    fold_all()
    assert queries.coverage(told.id, [town.a.range]).by_outcome == {Outcome.SEEN: 1}
    [matter] = matters.matters([town.a.range])
    assert (matter.about, matter.owner, matter.due_at > clock.now()) == ("people_unlisted", town.grid_worker.account_id, True)
    verdicts = load_workbook(BytesIO(brought(fetch="1").content)).active
    assert {"没有变化", "未收录"} <= {cell.value for row in verdicts.iter_rows() for cell in row}
    assert "file" in desk.post("round_back", told.id, file=SimpleUploadedFile("x.csv", "姓名,电话".encode())).context["form"].errors
    assert "撤回这一轮" not in words_of(desk.get("round", told.id))


def test_two_rounds_stand_side_by_side(town: Cast) -> None:
    first, second = opened(town, "第一轮"), opened(town, "第二轮")
    commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker, round_id=first.id)
    fold_all()
    page = Desk(signed_in("secretary.a")).get("round", second.id, query={"beside": str(first.id)})
    assert page.context["compared"]["both"].only_in_first == 1


def test_the_building_map_shows_the_doors_of_a_chosen_round(town: Cast) -> None:
    every = places.doors_of(town.a_building)
    compound = laying.found_area(AreaKind.COMPOUND, "示例小区", town.a.place_id, [one.place_id for one in every[:6]], by=None)
    until = clock.now() + timedelta(hours=6)
    area = getattr(compound, "area_id", compound)
    part = commands.open_round(NewRound("只查六户", "headcount", until, area=area), by=town.secretary)
    other = opened(town)
    commands.record_visit(every[0].place_id, Outcome.SEEN, by=town.grid_worker, round_id=other.id)
    commands.record_visit(every[1].place_id, Outcome.DARK, by=town.grid_worker, round_id=part.id)
    fold_all()
    desk = Desk(signed_in("secretary.a"))

    def states(**query: str) -> list[tuple[str, bool]]:
        drawn = desk.get("place", town.a_building.id, query=query).context["map"]
        cells = {cell.id: cell for row in drawn.rows for _floor, found in row.floors for cell in found if cell}
        return [(cells[door.id].state, cells[door.id].outside) for door in every]

    assert states()[:2] == [("seen", False), ("dark", False)]
    assert states(round=str(part.id)) == [("none", False), ("dark", False), *[("none", False)] * 4, *[("none", True)] * 2]
    assert states(round=str(other.id)) == [("seen", False), *[("none", False)] * 7]
    page = desk.get("place", town.a_building.id, query={"round": str(part.id), "door": str(every[0].id)})
    assert (page.context["map"].doors, page.context["map"].still_open) == (6, 6)
    assert {one.id for one in page.context["rounds"]} == {part.id, other.id}
    assert page.content.decode().count("不在本轮范围") == 4  # two doors, each in its title and for screen readers
    mark = {"If-None-Match": page["ETag"]}
    assert desk.get("place", town.a_building.id, query={"round": str(part.id), "door": str(every[0].id)}, **mark).status_code == 304
    moved_on = desk.client.post(
        f"{reverse('desk:visit', args=[every[2].id])}?round={part.id}", {"key": "1"}, headers={"HX-Request": "true"}, follow=True
    )
    assert f"round={part.id}" in moved_on.redirect_chain[-1][0]
    fold_all()
    assert queries.coverage(part.id, [town.a.range]).settled == 1
    assert Desk(signed_in("grid.a")).get("place", town.a_building.id, query={"round": "nonsense"}).context["round"] is None


def test_a_round_is_given_more_time_by_a_form_and_says_so(town: Cast) -> None:
    told = opened(town)
    desk = Desk(signed_in("secretary.a"))
    earlier = clock.local(told.closes_at - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    refused = desk.post("round_extend", told.id, until=earlier, reason="雨大，示例")
    assert "until" in refused.context["form"].errors
    until = clock.local(told.closes_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    said = words_of(desk.post("round_extend", told.id, follow=True, until=until, reason="雨大，示例"))
    assert "截止时间由" in said
    assert "雨大，示例" in said
    assert queries.one(told.id).first_closes_at == told.closes_at
    assert desk.get("round_extend", told.id).status_code == 200
    interface = f"/api/v1/rounds/{town.a.id}/{told.id}/extend"
    later = {"until": (queries.one(told.id).closes_at + timedelta(days=1)).isoformat(), "reason": "示例"}
    answer = desk.client.post(interface, later, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    again = desk.client.post(interface, later, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "not_later")


def test_a_round_says_how_far_earlier_visits_are_taken_in(town: Cast) -> None:
    commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker)
    fold_all()
    new = NewRound(
        "补开一轮", "headcount", clock.now() + timedelta(hours=6), place=town.a.place_id, opens_at=clock.now() - timedelta(days=1)
    )
    told = commands.open_round(new, by=town.secretary)
    desk = Desk(signed_in("secretary.a"))
    assert "正在计入（已到0%" in words_of(desk.get("round", told.id))
    fold_all()
    assert "正在计入" not in words_of(desk.get("round", told.id))


def test_a_round_is_ended_by_a_button(town: Cast) -> None:
    told = opened(town)
    ended = Desk(signed_in("secretary.a")).post("round_close", told.id, follow=True)
    assert "已结束" in words_of(ended)
    assert queries.end_statement(told.id, [town.a.range]) is None
    fold_all()
    said = words_of(Desk(signed_in("secretary.a")).get("round", told.id))
    assert "结束时上报" in said
    assert "未访到 8 户 / 8" in said
    commands.record_visit(
        town.a_door.place_id, Outcome.SEEN, by=town.grid_worker, round_id=told.id, occurred_at=told.opens_at + timedelta(microseconds=1)
    )
    fold_all()
    assert "之后的记录又办结1户" in words_of(Desk(signed_in("secretary.a")).get("round", told.id))
    assert queries.one(told.id).closed_at is not None


def test_a_round_of_the_next_community_does_not_exist_for_its_neighbour(town: Cast) -> None:
    told = opened(town)
    outsider = Desk(signed_in("secretary.b"))
    for name in ("round", "round_list"):
        assert outsider.get(name, told.id).status_code == 404
    assert "第二轮敲门行动" not in words_of(outsider.get("rounds"))


def test_the_city_reads_a_round_of_a_community_and_a_community_its_part_of_the_citys(town: Cast) -> None:
    told = commands.open_round(
        NewRound("全市一轮", "headcount", clock.now() + timedelta(hours=6), place=town.city.place_id), by=town.city_command
    )
    page = Desk(signed_in("secretary.a")).get("round", told.id)
    assert page.context["place"].id == town.a.id
    assert page.context["strip"][0]["denominator"] == 8
    assert Desk(signed_in("city")).get("round", told.id).context["strip"][0]["denominator"] == 16


def test_what_is_seen_is_set_against_the_list_from_the_longer_form(town: Cast) -> None:
    told = opened(town)
    desk = Desk(signed_in("secretary.a"))
    second = people.add_household(town.a_door.place_id, by=None, name="租客", since=clock.today() - timedelta(days=2))
    sent = {"outcome": "seen", "channel": "seen", "people_seen": "2", "unlisted": "1", "unseen": "1", "household": str(second)}
    desk.post("visit", town.a_door.id, follow=True, **sent)
    fold_all()
    raised = matters.matters([town.a.range])
    assert sorted(one.about for one in raised) == ["people_unlisted", "people_unseen"]
    assert all(one.owner is not None and one.due_at > clock.now() for one in raised)
    assert queries.coverage(told.id, [town.a_door.range]).by_reason == {Reason.HOUSEHOLD: 1}
    desk.post("visit", town.a_door.id, outcome="away", channel="seen", household=str(town.household), away_to="长春市")
    fold_all()
    assert queries.coverage(told.id, [town.a_door.range]).settled == 1
    refused = desk.post("visit", town.a_door.id, outcome="seen", channel="seen", away_to="长春市")
    assert "away_to" in refused.context["visit_form"].errors
    refused = desk.post("visit", town.a_door.id, outcome="away", channel="seen", away_to="火星")
    assert "away_to" in refused.context["visit_form"].errors


def test_a_round_opened_by_mistake_is_taken_back_while_nothing_is_recorded(town: Cast) -> None:
    mistaken, right = opened(town, "开错的一轮"), opened(town, "第二轮")
    desk = Desk(signed_in("secretary.a"))
    assert "撤回这一轮" in words_of(desk.get("round", mistaken.id))
    assert "reason" in desk.post("round_withdraw", mistaken.id, reason=" ").context["form"].errors
    said = words_of(desk.post("round_withdraw", mistaken.id, follow=True, reason="选错了表，示例"))
    assert "“开错的一轮”已撤回" in said
    assert "已撤回" in words_of(desk.get("rounds"))
    page = words_of(desk.get("round", mistaken.id))
    assert "选错了表，示例" in page
    assert not {"覆盖", "未访到", "打印未办结清单"} & set(page.split())
    assert [one.id for one in queries.rounds([town.a.range])] == [right.id]
    typed = SimpleUploadedFile("清单.csv", "楼栋,单元,门牌,结果\n1栋,1单元,101,见面\n".encode())
    for answer in (
        desk.get("round_list", mistaken.id),
        desk.get("round_paper", mistaken.id),
        desk.get("round_back", mistaken.id),
        desk.post("round_back", mistaken.id, file=typed),
    ):
        assert answer.status_code == 409
        assert "已撤回" in words_of(answer)
    asked = desk.client.get(reverse("rest-1:list_missing", args=[town.a.id, mistaken.id]))
    assert (asked.status_code, asked.json()["code"]) == (409, "round_withdrawn")
    elsewhere = signed_in("secretary.b").get(reverse("rest-1:list_missing", args=[town.b.id, mistaken.id]))
    assert (elsewhere.status_code, "开错的一轮" in str(elsewhere.json())) == (404, False)
    commands.record_visit(town.a_door.place_id, Outcome.SEEN, by=town.grid_worker)
    fold_all()
    commands.pass_time()
    ranges = [town.a.range]
    assert (queries.coverage(mistaken.id, ranges).settled, queries.coverage(right.id, ranges).settled) == (0, 1)
    assert queries.one(mistaken.id).state(clock.now()) is RoundState.WITHDRAWN
    refused = desk.post("round_withdraw", right.id, reason="示例")
    assert "已经有1户的记录" in words_of(refused)
    assert desk.post("round_withdraw", mistaken.id, reason="示例").status_code == 200
    assert "撤回这一轮" not in words_of(desk.get("round", right.id))
    assert (queries.one(right.id).withdrawn_at, [one.check for one in soundness.checks() if not one.ok]) == (None, [])
