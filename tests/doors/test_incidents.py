"""Incidents, measures and orders at the desk, over the machine interface and on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianfang.config import main
from lianfang.ground.incidents import queries
from lianfang.ground.places import commands as laying
from lianfang.ground.places.types import AreaKind
from lianfang.kernel import clock
from lianfang.work.orders import commands as issuing
from lianfang.work.orders import queries as orders
from lianfang.work.orders.types import NewOrder
from tests.doors.conftest import Cast, Desk, fold_all, signed_in, words_of
from tests.factories.incidents import LOCAL, opened, raised

GROUND = {"authority": "绿园区人民政府", "document": "绿政发〔2022〕5号", "reason": "示例理由"}


def later(days: float) -> str:
    return clock.local(clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_an_incident_from_opening_to_end_at_the_desk(cast: Cast, desk_of: Callable[[str], Desk]) -> None:
    command, secretary, outsider = desk_of("city"), desk_of("secretary.a"), desk_of("secretary.b")
    assert "这里没有事件" in words_of(secretary.get("incidents"))
    blank = command.get("incident_new", cast.a.id).content.decode()
    assert blank.index('name="drill"') < blank.index('name="name"')
    assert "<details><summary" in blank  # the measures, until one is chosen
    assert blank.count('<option value="" selected>请选择</option>') == 2  # neither what it is nor the gravest level stands there already
    wanting = command.post("incident_new", cast.a.id, name="示例燃气泄漏", kind="gas", level="III", expires_at=later(3))
    assert wanting.status_code == 200
    assert wanting.content.decode().count("aria-invalid") == 2  # authority and document
    assert queries.incidents() == []
    chosen = command.post("incident_new", cast.a.id, name="示例燃气泄漏", measures=["no_ignition"]).content.decode()
    assert "<details open><summary" in chosen
    facts = {**GROUND, "name": "示例燃气泄漏", "kind": "gas", "level": "III", "expires_at": later(3), "measures": ["no_ignition"]}
    command.post("incident_new", cast.a.id, **facts)
    [told] = queries.incidents()
    shown = words_of(secretary.get("incident", told.incident_id))
    for word in ("示例燃气泄漏", "Ⅲ级", "进行中", "严禁明火、开关电器和室内打电话", "绿政发〔2022〕5号", "8 户", "启动"):
        assert word in shown, word
    assert "演练" not in shown
    assert outsider.get("incident", told.incident_id).status_code == 404
    assert secretary.post("incident_decide", told.incident_id, "end", **GROUND, lift="on").status_code == 403
    assert secretary.get("incident_decide", told.incident_id, "end").status_code == 403
    for what, more in (
        ("level", {"level": "II"}),
        ("phase", {"phase": "raised"}),
        ("renew", {"until": later(9)}),
        ("rules", {"rule_set": "CN-B"}),
    ):
        assert command.post("incident_decide", told.incident_id, what, **GROUND, **more).status_code == 302, what
    assert command.get("incident_decide", told.incident_id, "nothing").status_code == 404
    assert '<option value="" selected>请选择</option>' in command.get("measure_raise", told.incident_id).content.decode()
    beyond = command.post("measure_raise", told.incident_id, key="evacuate_now", over=cast.b.code, expires_at=later(2), **GROUND)
    assert "不在事件范围内" in words_of(beyond)
    command.post("measure_raise", told.incident_id, key="evacuate_now", over="甲社区", expires_at=later(2), published="on", **GROUND)
    evacuating = next(one for one in queries.measures_of(told.incident_id) if one.meaning.key == "evacuate_now")
    assert evacuating.published_at is not None
    table = words_of(secretary.get("measures", cast.a.id))
    assert "立即转移" in table
    assert "立即转移" not in words_of(secretary.get("measures", cast.a.id, query={"at": "2024-01-01T00:00"}))
    assert "立即转移" not in words_of(outsider.get("measures", cast.b.id))
    other = command.post("measure_decide", evacuating.measure_id, "lift", authority="别的机关", document="1号")
    assert "由作出决定的机关" in words_of(other)
    command.post("measure_decide", evacuating.measure_id, "renew", until=later(4), **GROUND)
    assert "理由" in words_of(command.get("measure_decide", evacuating.measure_id, "lift"))
    command.post("measure_decide", evacuating.measure_id, "lift", **GROUND)
    command.post("measure_decide", evacuating.measure_id, "lifting-published", **GROUND)
    assert "立即转移" not in words_of(secretary.get("measures", cast.a.id))
    assert "还有1项措施" in words_of(command.post("incident_decide", told.incident_id, "end", **GROUND))
    command.post("incident_decide", told.incident_id, "end", lift="on", **GROUND)
    assert queries.incident(told.incident_id).ended_at is not None
    assert "结束" in words_of(secretary.get("incidents"))


def test_a_drill_looks_different_on_every_page_and_changes_nothing_that_holds(
    cast: Cast, secretary: Desk, desk_of: Callable[[str], Desk]
) -> None:
    drill = opened("示例演练", place=cast.a.place_id, drill=True)
    measure = raised(drill, "stay_home", place=cast.a.place_id)
    for page in (
        secretary.get("incident", drill),
        secretary.get("measures", cast.a.id, query={"drill": str(drill)}),
        desk_of("city").get("measure_decide", measure, "lift"),
        desk_of("city").get("incident_decide", drill, "end"),
        desk_of("city").get("measure_raise", drill),
    ):
        assert "lf-drill" in page.content.decode()
        assert "这是演练，本页内容均不生效。" in words_of(page)
    really = secretary.get("measures", cast.a.id)
    assert "lf-drill" not in really.content.decode()
    assert "足不出户" not in words_of(really)


def test_an_order_is_issued_answered_and_seen_by_level(town: Cast) -> None:
    command, secretary, outsider = (Desk(signed_in(login)) for login in ("city", "secretary.a", "secretary.b"))
    facts: dict[str, Any] = {
        "title": "示例通知", "text": "请逐户排查。", "down_to": "community", "acknowledge_by": later(0.1), "due_at": later(1),
        "document": "示例〔2022〕3号",
    }  # fmt: skip
    assert command.post("order_new", town.city.id, **{**facts, "due_at": later(0)}).status_code == 200
    assert command.post("order_new", town.city.id, **facts).status_code == 302
    fold_all()
    [told] = orders.orders_within([town.city.range])
    assert "示例通知" in words_of(secretary.get("orders"))
    assert secretary.post("order_answer", told.id, place=str(town.a.id), answer="acknowledged").status_code == 302
    assert secretary.post("order_answer", told.id, place=str(town.b.id), answer="completed").status_code == 422
    rest = outsider.client.post(
        reverse("rest-1:answer_order", args=[town.b.id, told.id]), {"answer": "completed"}, content_type="application/json"
    )
    assert rest.status_code == 200
    fold_all()
    again = outsider.client.post(
        reverse("rest-1:answer_order", args=[town.b.id, told.id]), {"answer": "completed"}, content_type="application/json"
    )
    assert again.status_code == 409
    page = words_of(command.get("order", told.id))
    for word in ("绿园区", "逐级情况", "1 / 5", "未签收"):
        assert word in page, word
    below = words_of(command.get("order", told.id, query={"in": str(town.street.id)}))
    assert "甲社区" in below
    assert "已落实" in below
    rows = outsider.client.get(reverse("rest-1:list_recipients", args=[town.b.id, told.id])).json()
    assert {row["name"]: row["standing"] for row in rows}["乙社区"] == "completed"
    assert [row["title"] for row in outsider.client.get(reverse("rest-1:list_orders", args=[town.b.id])).json()] == ["示例通知"]


def test_an_order_over_an_area_shows_everybody_whom_it_touches(town: Cast) -> None:
    command = Desk(signed_in("city"))
    facts = {"title": "示例通知", "text": "请逐户排查。", "down_to": "community", "acknowledge_by": later(0.1), "due_at": later(1)}
    assert command.post("order_new", town.city.id, **facts, area=str(town.a_grid)).status_code == 302
    fold_all()
    [told] = orders.orders_within([town.city.range])
    page = words_of(command.get("order", told.id))
    assert "下级没有需要回复" not in page
    assert "绿园区 未签收" in page


def test_a_place_that_nobody_knows_is_said_beside_its_field(cast: Cast, desk_of: Callable[[str], Desk]) -> None:
    command, incident = desk_of("city"), opened(place=cast.street.place_id)
    for home in (cast.a, cast.b):
        laying.found_area(AreaKind.OTHER, "南片", home.place_id, [home.place_id], by=None)
    for over in ("没有这个小区", "area:没有", "area:南片"):
        page = command.post("measure_raise", incident, key="one_gate", over=over, expires_at=later(2), **GROUND).content.decode()
        assert page.count('id="id_over_error"') == 1, over
        assert "lf-note bad lf-field" not in page, over


def test_lists_ask_as_often_for_three_rows_as_for_one(town: Cast) -> None:
    city = Desk(signed_in("city"))

    def more(number: int) -> None:
        incident = opened(f"示例{number}", place=town.street.place_id)
        opened(f"网格{number}", area=town.a_grid)
        raised(incident, "one_gate", place=town.a.place_id)
        raised(incident, "testing_daily", area=town.a_grid)
        raised(first or incident, "stay_home", place=town.b.place_id)
        for area in (None, town.a_grid):
            now = clock.now()
            order = NewOrder(
                "通知", "请排查。", "1号", town.street.place_id, "community", now + timedelta(hours=1), now + timedelta(hours=2), area
            )
            issuing.issue_order(order, by=LOCAL)

    first = None
    more(1)
    fold_all()
    [first] = [one.incident_id for one in queries.incidents() if one.name == "示例1"]
    pages = (("incidents",), ("orders",), ("incident", first), ("measures", town.street.id))
    for page in pages:
        city.get(*page)
    counts = []
    for _ in range(2):
        counted = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert city.get(*page).status_code == 200
            counted.append(len(asked))
        counts.append(counted)
        more(2)
        more(3)
        fold_all()
    assert counts[0] == counts[1]


def test_a_moment_that_cannot_be_breaks_nothing(cast: Cast, secretary: Desk) -> None:
    for at in ("x", "0001-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"):
        assert secretary.get("measures", cast.a.id, query={"at": at}).status_code == 200, at
        told = secretary.client.get(reverse("rest-1:list_measures", args=[cast.a.id]), {"moment": at})
        assert told.status_code < 500, at


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What a command answers with --json, and its exit status."""
    monkeypatch.setattr("lianfang.config.runtime.installation.enter", lambda _home: None)

    def run(*words: str) -> Any:
        capsys.readouterr()
        status = main.main([*words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_the_same_on_the_command_line(town: Cast, typed: Callable[..., Any]) -> None:
    ground = ("--authority", "绿园区人民政府", "--document", "1号", "--reason", "示例")
    opening = ("incident", "open", "示例洪涝", "--kind", "flood", "--level", "II", "--area", "220106001000", "--until", later(5), *ground)
    status, told = typed(*opening, "--measure", "evacuate_ready")
    assert (status, told["running"]) == (0, "open")
    incident = told["incident_id"]
    assert typed("incident", "open", "x", *opening[3:], "--as", "secretary.b")[0] == 1
    status, measure = typed("measure", "raise", incident, "evacuate_now", "--area", "220106001001", "--until", later(2), *ground)
    assert status == 0
    _, held = typed("measure", "in-force", "220106001000")
    assert [(one["holding"]["meaning"]["key"], one["dwellings"]) for one in held["doors"]] == [("evacuate_now", 8), ("evacuate_ready", 8)]
    assert typed("measure", "lift", measure["measure_id"], *ground)[0] == 0
    assert typed("incident", "renew", incident, "--until", later(9), *ground)[0] == 0
    for what in (("--level", "I"), ("--phase", "lifting"), ("--rules", "CN-B")):
        assert typed("incident", "change", incident, *what, *ground)[0] == 0
    assert typed("incident", "end", incident, *ground)[1]["code"] == "still_held"
    assert typed("incident", "end", incident, "--lift", *ground)[1]["running"] == "ended"
    assert next(line["step"] for line in typed("incident", "show", incident)[1]["decisions"]) == "opened"
    assert typed("incident", "show", incident, "--as", "secretary.b")[0] == 0  # B lies in the street
    assert [one["name"] for one in typed("incident", "list", "--place", "220106001002")[1]["incidents"]] == ["示例洪涝"]
    assert len(typed("incident", "rules")[1]["rule_sets"]) == 6
    status, issued = typed(
        "order", "issue", "示例通知", "请转移。", "--from", "220106001000", "--received-by", later(0.1), "--until", later(1), "--as", "city"
    )
    assert status == 0
    assert typed("order", "answer", issued["id"], "completed", "--place", "220106001001", "--as", "secretary.a")[0] == 0
    assert typed("order", "answer", issued["id"], "completed", "--place", "220106001001", "--as", "secretary.b")[0] == 1
    shown = typed("order", "show", issued["id"])[1]
    assert shown["levels"]["community"] == {"places": 2, "acknowledged": 1, "completed": 1, "late": 0}
    assert len(typed("order", "list", "--place", "220106001002")[1]["orders"]) == 1
    assert UUID(issued["id"])
