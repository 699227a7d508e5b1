"""A small town from peacetime through activation to stood down, through the desk as people use it: plan, people, switch, work, way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_django import Settings

from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.types import RunState
from lianfang.kernel.ranges import EVERYWHERE
from tests.doors.conftest import Desk, signed_in, words_of
from tests.factories.plans import Ready, make_ready
from tests.ledger.conftest import transactional_db
from tests.ledger.folded import fold_all
from tests.stories.through import command

__all__ = ["transactional_db"]
GROUND = {"authority": "示例街道办事处", "document": "示街发〔2022〕9号", "reason": "示例", "sure": "on"}


@pytest.fixture
def ready(transactional_db: None, settings: Settings) -> Iterator[Ready]:
    settings.LIANFANG_DEMO = "tests"
    yield make_ready()


def run_at(answer: Any) -> UUID:
    """The run whose page an answer leads to."""
    found = re.search(r"/runs/([0-9a-f-]{36})/", answer["Location"])
    assert found, answer
    return UUID(found.group(1))


def carried(run_id: UUID) -> None:
    """What the process of jobs would do."""
    assert commands.work_off() > 0
    fold_all()
    assert queries.run(run_id).state is RunState.DONE


def in_peacetime(ready: Ready, duty: Desk, stranger: Desk) -> None:
    cast = ready.cast
    # Peacetime: the plan is looked at, changed, filled; the community's secretary, who does not run the street, sees nothing of it.
    assert stranger.get("plan", ready.plan).status_code == 404
    page = words_of(duty.get("plan", ready.plan))
    assert "正式党员不足三人" in page
    assert "没有安排人" in page
    duty.post(
        "plan_part",
        ready.plan,
        "posts",
        "new",
        name="{place}心理疏导岗",
        each="whole",
        kind="service",
        text="倾听",
        number="1",
    )
    told = queries.plan(ready.plan)
    [added] = [part for part in told.content.parts if "心理" in part.name]
    assert "示例街道心理疏导岗" in words_of(duty.get("plan_people", ready.plan, added.key, cast.street.id))
    bound = {"people": [str(ready.party.members[2])], "leader": str(ready.party.members[2])}
    assert duty.post("plan_people", ready.plan, added.key, cast.street.id, **bound).status_code == 302
    assert duty.post("plan_part", ready.plan, "posts", added.key, do="drop").status_code == 302
    assert queries.plan(ready.plan).number == told.number + 1
    edited = {
        "name": "示例街道预案",
        "level": "II",
        "days": "20",
        "assign": "on",
        "measures": ["one_gate"],
        "approver": str(ready.party.committee),
    }
    assert duty.post("plan_edit", ready.plan, **edited).status_code == 302


def practised(ready: Ready, duty: Desk, secretary: Desk) -> None:
    cast = ready.cast
    # Practised first: the ribbon stands on every page of the street, and goes with the drill.
    drill = run_at(duty.post("plan_activate", ready.plan, query="?drill=1", **(GROUND | when(duty, ready))))
    carried(drill)
    assert "正在演练" in words_of(duty.get("forces", cast.a.id))
    assert "演练" in words_of(secretary.get("organisations", cast.a.id))
    duty.post("run_undo", drill, what="all")
    commands.work_off()
    assert "正在演练" not in words_of(duty.get("forces", cast.a.id))


def test_a_street_switches_works_and_goes_back(ready: Ready) -> None:
    cast = ready.cast
    duty, secretary, stranger = (Desk(signed_in(login)) for login in ("street.duty", "secretary.a", "secretary.b"))
    in_peacetime(ready, duty, stranger)
    practised(ready, duty, secretary)

    # The switch: what will happen in numbers, then done by the process of jobs.
    assert "将要发生" in words_of(duty.get("plan_activate", ready.plan))
    assert duty.post("plan_activate", ready.plan, **(GROUND | {"sure": ""})).status_code == 200
    run = run_at(duty.post("plan_activate", ready.plan, **(GROUND | when(duty, ready))))
    assert "进行中" in words_of(duty.get("run", run))
    carried(run)
    assert duty.get("run_progress", run)["HX-Refresh"] == "true"
    page = words_of(duty.get("run", run))
    assert "乙小区临时党支部" in page, "what could not be raised is named"
    incident = queries.run(run).incident_id
    assert secretary.post("stand_down", incident, **GROUND).status_code == 403

    # Somebody acts on it: now it is too late to take all of it back as if nothing had been.
    assert "甲小区卡口值守岗" in words_of(secretary.get("organisations", cast.a.id))
    [order] = list(queries.made(run, "orders"))
    assert secretary.post("order_answer", order, place=str(cast.a.id), answer="completed").status_code == 302
    fold_all()
    assert duty.post("run_undo", run, what="all").status_code == 409

    # The way back: each body by name; letters and the report.
    page = words_of(duty.get("stand_down", incident))
    assert "甲小区临时党支部" in page
    down = run_at(duty.post("stand_down", incident, **GROUND))
    carried(down)
    assert queries.stood_down(incident)
    page = words_of(duty.get("run", down))
    assert "示例局机关党支部" in page
    letter = PdfReader(BytesIO(duty.get("run_letter", down, ready.party.department).content)).pages[0].extract_text()
    assert "服务情况函" in letter
    assert "钱示一" in letter
    report = PdfReader(BytesIO(duty.get("run_report", down, "pdf").content)).pages[0].extract_text()
    assert "临时党支部" in report
    assert "钱示一" not in report
    book = load_workbook(BytesIO(duty.get("run_report", down, "xlsx").content))
    assert book.sheetnames == ["主要数字", "通知", "逐日情况", "经过"]
    assert secretary.get("run_report", down, "pdf").status_code == 404
    assert "没有问题" not in command("plan", "check", ready.plan).out
    listed = command("plan", "list", cast.street.code)
    assert "示例街道预案" in listed.out
    assert queries.plans([EVERYWHERE])[0].number > 1


def when(desk: Desk, ready: Ready) -> dict[str, str]:
    """What the form of the switch offers: level, end and approver."""
    page = desk.get("plan_activate", ready.plan).content.decode()
    found = re.search(r'name="expires_at" value="([^"]+)"', page)
    assert found
    return {"level": "II", "expires_at": found.group(1), "approver": str(ready.party.committee)}


def test_nobody_signed_in_is_sent_to_the_door(ready: Ready) -> None:
    assert Client().get(reverse("desk:plan", args=[ready.plan])).status_code == 302
