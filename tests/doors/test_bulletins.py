"""Bulletins at the desk, at the command line and over the machine interface."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from lianfang.doors.cli import bulletins as part
from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import queries
from lianfang.kernel import clock
from tests.doors.conftest import Cast, Desk, fold_all, signed_in, words_of
from tests.ledger.sending import record, send

Cli = Callable[..., tuple[int, Any]]


@pytest.fixture
def busy(town: Cast) -> Cast:
    """Six visits at five doors of A, all of yesterday."""
    begins = clock.day_bounds(clock.today() - timedelta(days=1))[0]
    doors = places.doors_of(town.a_building)
    outcomes = ("seen", "dark", "phone", "vacant", "refused")
    visits = [
        record(doors[at].id, payload={"outcome": said}, occurred_at=begins + timedelta(hours=9 + at)) for at, said in enumerate(outcomes)
    ]
    send(*visits, record(doors[1].id, payload={"outcome": "lit"}, occurred_at=begins + timedelta(hours=20)), trusted=True)
    fold_all()
    return town


def days() -> dict[str, str]:
    day = (clock.today() - timedelta(days=1)).isoformat()
    return {"from": day, "to": day}


@pytest.fixture
def desk(busy: Cast) -> Desk:
    return Desk(signed_in("secretary.a"))


def test_from_the_empty_list_to_a_published_bulletin_and_back(busy: Cast, desk: Desk) -> None:
    community = busy.a.place_id
    assert "这里还没有发布过通报" in words_of(desk.get("place_bulletins", community))
    preview = desk.get("bulletin_preview", community, query=days())
    said = words_of(preview)
    assert "甲社区日报" in said
    assert "预览，尚未发布" in said
    assert f'href="/desk/places/{community}/figures/visits/?from={days()["from"]}&amp;to={days()["to"]}">6</a>' in preview.content.decode()
    answer = desk.post("publish_bulletin", community, follow=True, name="daily", **days())
    said = words_of(answer)
    assert "第1期已发布" in said
    assert "撤回本期" in said
    [issue] = queries.issues(community)
    again = desk.post("publish_bulletin", community, name="daily", **days())
    assert again.status_code == 409
    assert "已有第1期" in words_of(again)
    assert "第1期" in words_of(desk.get("place_bulletins", community))
    assert "甲社区日报" in words_of(desk.get("bulletins"))
    assert desk.post("withdraw_issue", issue.id, reason="").status_code == 409
    gone = words_of(desk.post("withdraw_issue", issue.id, follow=True, reason="示例：日期有误"))
    assert "示例：日期有误" in gone
    assert "撤回本期" not in gone
    assert "已撤回" in words_of(desk.get("place_bulletins", community))


def test_every_number_leads_to_as_many_records(busy: Cast, desk: Desk) -> None:
    for key, count in (("visits", 6), ("doors_settled", 3), ("doors_never", 3), ("doors_lit", 1), ("doors_refused", 1)):
        page = desk.get("figure", busy.a.place_id, key, query=days()).content.decode()
        assert page.count("<tr>") - 1 == count, key


def test_a_published_number_stands_beside_what_the_records_say_now(busy: Cast, desk: Desk) -> None:
    desk.post("publish_bulletin", busy.a.place_id, name="daily", **days())
    [issue] = queries.issues(busy.a.place_id)
    sheet = desk.get("issue", issue.id).content.decode()
    asked = {**days(), "issue": str(issue.id)}
    assert f'/figures/doors_settled/?from={asked["from"]}&amp;to={asked["to"]}&amp;issue={issue.id}">3</a>' in sheet
    assert "现在的记录也是这个数" in words_of(desk.get("figure", busy.a.place_id, "doors_settled", query=asked))
    late = clock.day_bounds(clock.today() - timedelta(days=1))[0] + timedelta(hours=21)
    send(record(places.doors_of(busy.a_building)[6].id, payload={"outcome": "seen"}, occurred_at=late), trusted=True)
    fold_all()
    page = desk.get("figure", busy.a.place_id, "doors_settled", query=asked)
    assert (page.context["published"]["figure"].value, page.context["figure"].value) == (3, 4)
    assert "后来到的记录使它变成4，发布时是3" in words_of(page)
    assert page.content.decode().count("<tr>") - 1 == 4
    part = desk.get("figure", busy.a_building.place_id, "doors_settled", query=asked)
    assert part.context["published"]["figure"].value == 3
    unsaid = desk.get("figure", busy.a_door.place_id, "doors_settled", query=asked)
    assert unsaid.context["published"] is None
    other = Desk(signed_in("secretary.b")).get("figure", busy.b.place_id, "doors_settled", query=asked)
    assert (other.status_code, other.context["published"]) == (200, None)
    today = clock.today().isoformat()
    desk.post("publish_bulletin", busy.a.place_id, name="daily", **{"from": today, "to": today})
    newest = queries.issues(busy.a.place_id)[0]
    [revision] = newest.content["revisions"]
    assert {"figure": "doors_settled", "was": 3, "is": 4}.items() <= next(
        change for change in revision["changes"] if change["figure"] == "doors_settled"
    ).items()
    assert "更正" in words_of(desk.get("issue", newest.id))


def test_files_are_downloaded_in_the_readers_language(busy: Cast, desk: Desk) -> None:
    pdf = desk.get("bulletin_file", busy.a.place_id, "pdf", query=days())
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"] == f'attachment; filename="daily-220106001001-{days()["from"]}.pdf"'
    xlsx = desk.get("bulletin_file", busy.a.place_id, "xlsx", query=days())
    assert openpyxl.load_workbook(io.BytesIO(xlsx.content)).worksheets[0]["A1"].value == "甲社区日报"
    told = json.loads(desk.get("bulletin_file", busy.a.place_id, "json", query={**days(), "release": "1"}).content)
    assert told["figures"]["visits"]["value"] == 6
    assert told["figures"]["doors_settled"]["value"] is None, "three of eight doors: too few to be told"
    assert desk.get("bulletin_file", busy.a.place_id, "docx", query=days()).status_code == 404
    backwards = desk.get("bulletin_preview", busy.a.place_id, query={"from": "2022-03-12", "to": "2022-03-11"})
    assert backwards.status_code == 409
    assert "现在看不了" in backwards.content.decode(), "whoever only looks is not told that something was not done"


def test_an_area_and_both_languages(busy: Cast, desk: Desk) -> None:
    query = {**days(), "area": str(busy.a_grid)}
    assert "甲一网格日报" in words_of(desk.get("bulletin_preview", busy.a.place_id, query=query))
    assert desk.get("bulletin_preview", busy.b.place_id, query=query).status_code == 404
    assert desk.get("bulletin_preview", busy.a.place_id, query={**days(), "area": "x"}).status_code == 404
    desk.client.cookies["lianfang_language"] = "en"
    desk.post("language", language="en")
    assert "Visits are not coverage" in words_of(desk.get("bulletin_preview", busy.a.place_id, query=days()))


def test_the_neighbour_sees_nothing(busy: Cast, desk: Desk) -> None:
    desk.post("publish_bulletin", busy.a.place_id, name="daily", **days())
    [issue] = queries.issues(busy.a.place_id)
    other = Desk(signed_in("secretary.b"))
    for answer in (
        other.get("place_bulletins", busy.a.place_id),
        other.get("bulletin_preview", busy.a.place_id, query=days()),
        other.get("issue", issue.id),
        other.get("issue_file", issue.id, "pdf"),
        other.post("withdraw_issue", issue.id, reason="x"),
        other.post("publish_bulletin", busy.a.place_id, name="daily", **days()),
    ):
        assert answer.status_code == 404
    assert "甲社区" not in words_of(other.get("bulletins"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*words: str) -> tuple[int, Any]:
        parser = argparse.ArgumentParser()
        part.register(parser.add_subparsers(required=True))
        status = frame.perform(parser.parse_args(words), parser)
        out = capsys.readouterr().out
        return status, json.loads(out) if "--json" in words and out else out

    return run


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json"])
def test_the_command_writes_a_file(busy: Cast, cli: Cli, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"b.{form}"
    day = days()["from"]
    status, told = cli(
        "bulletin", "daily", "220106001001", "--day", day, "--format", form, "--out", str(out), "--as", "secretary.a", "--json"
    )
    assert status == 0
    assert (told["figures"]["visits"], told["figures"]["doors_settled"], told["published"]) == (6, 3, False)
    assert out.stat().st_size > 500
    if form == "json":
        assert json.loads(out.read_text())["figures"]["doors_open"]["value"] == 5


def test_the_command_gives_what_was_published_and_refuses_in_words(busy: Cast, cli: Cli, tmp_path: Path) -> None:
    out, day = str(tmp_path / "b.json"), days()["from"]
    asked = ("bulletin", "daily", "220106001001", "--day", day, "--format", "json", "--out", out, "--json", "--as")
    assert cli(*asked, "secretary.a", "--publish")[1]["number"] == 1
    send(record(places.doors_of(busy.a_building)[6].id, occurred_at=clock.day_bounds(clock.today())[0] - timedelta(hours=1)), trusted=True)
    assert cli(*asked, "city")[1]["figures"]["visits"] == 6
    assert cli(*asked, "city", "--fresh")[1]["figures"]["visits"] == 7
    assert cli(*asked, "city", "--release")[1]["figures"]["doors_settled"] is None
    assert cli(*asked, "secretary.b")[0] == 1
    assert cli(*asked, "secretary.a", "--publish")[0] == 1
    assert cli("bulletin", "weekly", "220106001001", "--json")[1]["code"] == "unknown_bulletin"
    assert cli("bulletin", "daily", "220106001001", "--day", day, "--from", day)[0] == 2
    assert cli("bulletin", "daily", "220106001001", "--from", "2022-03-12", "--to", "2022-03-11", "--json")[1]["code"] == "period_backwards"
    nowhere = str(tmp_path / "no" / "b.pdf")
    assert cli("bulletin", "daily", "220106001001", "--out", nowhere, "--json")[1]["code"] == "cannot_write"
    with translation.override("zh-hans"):
        assert "写入" in cli("bulletin", "daily", "area:甲一网格", "--format", "json", "--out", out)[1]


def test_the_machine_interface(busy: Cast) -> None:
    def client(login: str) -> Client:
        made = accounts.add_device(busy.account(login), "示例平板", by=access.local_administrator())
        return Client(headers={"Authorization": f"Bearer {made.token}"})

    ours, base = client("secretary.a"), f"/api/v1/bulletins/{busy.a.id}"
    period = {"first": days()["from"], "last": days()["to"]}
    shown = ours.get(f"{base}/daily", period).json()
    assert (shown["figures"]["visits"]["value"], shown["published"]) == (6, None)
    assert ours.get(f"{base}/daily", {**period, "form": "pdf"}).content[:5] == b"%PDF-"
    issue = ours.post(f"{base}/daily/publish?first={period['first']}&last={period['last']}").json()
    assert issue["number"] == 1
    assert ours.post(f"{base}/daily/publish?first={period['first']}&last={period['last']}").status_code == 409
    assert ours.get(f"{base}/issues").json() == {"rows": [issue], "next": None}
    assert ours.get(f"{base}/issues", {"after": "1"}).json()["rows"] == []
    assert ours.get(f"{base}/issues", {"after": "x"}).status_code == 422
    [told] = [one for one in ours.get(f"{base}/issues/{issue['id']}/figures").json()["rows"] if one["key"] == "doors_settled"]
    assert (told["value"], told["now"], told["denominator"], told["unit"], told["events"]) == (3, 3, 8, "households", False)
    grid = {**period, "area": str(busy.a_grid)}
    assert ours.get(f"{base}/daily", grid).json()["place"]["area_id"] == str(busy.a_grid)
    query = "&".join(f"{name}={value}" for name, value in grid.items())
    of_area = ours.post(f"{base}/daily/publish?{query}").json()
    assert [one["id"] for one in ours.get(f"{base}/issues", {"area": str(busy.a_grid)}).json()["rows"]] == [of_area["id"]]
    assert ours.get(f"{base}/issues/{of_area['id']}/figures").json()["rows"]
    assert client("city").get(f"/api/v1/bulletins/{busy.b.id}/daily", grid).status_code == 404
    assert ours.get(f"{base}/issues/{issue['id']}").json()["published"]["number"] == 1
    assert ours.get(f"{base}/issues/{issue['id']}", {"release": "true"}).json()["release"] is True
    assert client("city").get(f"/api/v1/bulletins/{busy.b.id}/issues/{issue['id']}").status_code == 404
    assert ours.get(f"{base}/daily", {"first": "2022-03-12", "last": "2022-03-11"}).status_code == 400
    assert ours.get(f"{base}/weekly").status_code == 404
    theirs = client("secretary.b")
    assert theirs.get(f"{base}/daily").status_code == theirs.get(f"{base}/issues").status_code == 404
    assert theirs.get(f"{base}/issues/{issue['id']}/figures").status_code == 404
