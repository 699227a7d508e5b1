"""People who came from elsewhere (返乡人员排查): recorded at the door, followed up day by day, counted by a running total."""

from __future__ import annotations

import argparse
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from lianfang.doors.cli import arrivals as part
from lianfang.doors.cli import frame
from lianfang.kernel import clock, sheets
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.queries.standing import standing
from lianfang.work.matters import queries as matters
from lianfang.work.rounds import commands, queries
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast


def run(*words: str) -> Any:
    parser = argparse.ArgumentParser()
    part.register(parser.add_subparsers(required=True))
    return frame.perform(parser.parse_args(["arrivals", *words, "--json"]), parser)


def test_an_arrival_is_recorded_at_the_door_and_followed_up_in_one_key(town: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    desk, today, door = Desk(signed_in("secretary.a")), clock.today(), town.a_door
    assert "这一项要填" in words_of(desk.post("arrival_new", door.id, arrived_on=str(today), means="train"))
    assert "全称" in words_of(desk.post("arrival_new", door.id, origin="哪里", arrived_on=str(today), means="train"))
    tomorrow = today + timedelta(days=1)
    assert "还没到" in words_of(desk.post("arrival_new", door.id, origin="日本", arrived_on=str(tomorrow), means="train"))
    came = today - timedelta(days=2)
    told = {"arrived_on": str(came), "means": "train", "rule": "health_watch_3"}
    for _twice in range(2):  # twice is one person; and whoever writes somebody down days late has had word of them that day
        desk.post("arrival_new", door.id, subject=str(town.resident), origin="示例街道", **told)
    listed = {"by": town.secretary, "channel": Channel.IMPORT}  # from a list: nobody has had word of them
    commands.record_arrival(
        door.place_id, today - timedelta(days=9), subject=town.neighbour, from_country="KR", rule="health_watch_7", **listed
    )
    commands.record_arrival(door.place_id, came, from_country="TH", rule="health_watch_3", **listed)
    desk.post("arrival_new", door.id, origin="日本", arrived_on=str(today), means="plane")  # somebody not on the list, no follow-up
    fold_all()
    [late] = [one for one in queries.arrivals_followed([town.a.range], today) if one.arrival.subject]
    assert (late.reached_at is not None, late.outcome) == (True, None)
    assert "当天登记" in words_of(desk.get("arrivals", town.a.id, query={"show": "following"}))
    page = words_of(desk.get("arrivals", town.a.id))
    assert all(words in page for words in ("泰国", "第2天，共3天", "见面，无不适", "电话，有症状")), page
    assert [queries.arrivals_due([town.a.range], today + timedelta(days=ahead)) for ahead in (-2, -1, 0, 1, 2)] == [1, 2, 1, 2, 0]
    assert "日本" in words_of(desk.get("arrivals", town.a.id, query={"show": "all"}))

    [row] = queries.arrivals_followed([town.a.range], today, due_only=True)
    assert desk.post("arrival_follow", town.b_door.id, row.arrival.record_id, outcome="seen").status_code == 404
    for outcome in ("vacant", "seen.unwell"):
        assert desk.post("arrival_follow", door.id, row.arrival.record_id, outcome=outcome).status_code == 404
    token = "01980000-0000-7000-8000-000000000001"
    for outcome in ("dark", "phone.well", "phone.well"):
        desk.post("arrival_follow", door.id, row.arrival.record_id, outcome=outcome, record=token if outcome != "dark" else "")
    fold_all()
    assert queries.arrivals_due([town.a.range], today) == 0
    assert "今天没有要跟踪的人" in words_of(desk.get("arrivals", town.a.id))
    for row in queries.arrivals_followed([town.a.range], today):  # the call was to the whole door
        assert (row.outcome, row.day, row.days, row.symptoms) == ("phone", 2, 3, False)
    assert matters.matters([town.a.range]) == []
    for show in ("following", "all"):
        assert "电话" in words_of(desk.get("arrivals", town.a.id, query={"show": show}))
    of_all = {one.arrival.record_id: (one.reached_at, one.outcome) for one in queries.arrivals_came([town.a.range], today)}
    assert of_all[row.arrival.record_id] == (row.reached_at, "phone")
    assert len(of_all) == 4, "each person once"
    daily = {
        one.day: (one.came, one.total, one.following) for one in queries.arrivals_daily([town.a.range], came - timedelta(days=1), today)
    }
    assert daily == {came - timedelta(days=1): (0, 1, 1), came: (2, 3, 3), came + timedelta(days=1): (0, 3, 2), today: (1, 4, 2)}

    answer = desk.get("arrivals_list", town.a.id, query={"show": "following"})
    [sheet] = sheets.read(io.BytesIO(answer.content).getvalue(), "a.xlsx").sheets
    assert {row[3] for row in sheet.rows[2:]} == {"绿园区示例街道", "泰国"}
    assert run("list", town.a.code or "", "--which", "all", "--as", "secretary.a") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["total"], said["following"], said["due"], len(said["arrivals"])) == (4, 2, 0, 4)
    assert run("add", str(door.id), "--from", "泰国", "--means", "plane", "--as", "secretary.a") == 0
    record = standing(json.loads(capsys.readouterr().out)["record"])
    assert record is not None
    assert (record.payload["from_country"], record.payload["days"]) == ("TH", 0)
    rest = desk.client.get(f"/api/v1/arrivals/{town.a.id}?which=following").json()
    assert (rest["total"], rest["due"], [one["outcome"] for one in rest["arrivals"]]) == (4, 0, ["phone", "phone"])


def test_a_visit_to_the_whole_door_is_word_of_everybody_there_and_one_to_a_neighbour_is_not(town: Cast) -> None:
    today, door = clock.today(), town.a_door.place_id
    commands.record_arrival(
        door, today - timedelta(days=1), by=town.secretary, subject=town.resident, from_country="JP", rule="health_watch_3", channel=Channel.IMPORT
    )  # fmt: skip
    commands.record_visit(door, Outcome.SEEN, by=town.grid_worker, people_seen=1, subject=town.neighbour)
    fold_all()
    assert queries.arrivals_due([town.a.range], today) == 1
    commands.record_visit(door, Outcome.SEEN, by=town.grid_worker, people_seen=2)
    fold_all()
    assert queries.arrivals_due([town.a.range], today) == 0
    # A key that tells of symptoms makes a matter of it, said in words in the history of the matter and of the list.
    desk = Desk(signed_in("secretary.a"))
    [row] = queries.arrivals_followed([town.a.range], today)
    desk.post("arrival_follow", town.a_door.id, row.arrival.record_id, outcome="seen.ill")
    fold_all()
    [raised] = matters.matters([town.a.range])
    assert "有发热咳嗽等症状" in words_of(desk.get("matter", raised.id))
    assert "有症状" in words_of(desk.get("arrivals", town.a.id, query={"show": "following"}))
    assert "有症状" in str(
        sheets.read(desk.get("arrivals_list", town.a.id, query={"show": "following"}).content, "a.xlsx").sheets[0].rows[2]
    )
    assert Desk(signed_in("secretary.b")).get("arrivals", town.a.id).status_code == 404
