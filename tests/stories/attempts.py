"""How the secretary of one community tries to reach the next: a word for every address, arguments for every command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from openpyxl import Workbook

from tests.factories.people import phone_number
from tests.stories.street import CHINA, STREET, Community

Ways = dict[str, list[tuple[object, ...]]]


def values_of(there: Community) -> dict[str, str]:
    """Something of another community for every word an address may take."""
    asked = {
        "area_id": f"select id from places_area where name = '{there.grid}'",
        "person_id": f"select person_id from people_residence where door_id = '{there.doors[0]}'",
        "account_id": f"select id from accounts_account where login = 'grid.{there.number}'",
        "record_id": f"select id from ledger_record where kind = 'visit' and place = '{there.doors[0]}'",
        "matter_id": f"select id from matters_matter where place = '{there.doors[1]}'",
        "grant_id": f"select g.id from accounts_grant g join accounts_account a on a.id = g.account_id where a.login = 'grid.{there.number}'",
        "device_id": f"select d.id from accounts_device d join accounts_account a on a.id = d.account_id where a.login = '{there.secretary}'",
    }
    values = {
        "key": "visits",
        "round_id": there.round,
        "campaign_id": there.round,
        "roster_id": str(uuid4()),
        "row_id": "1",
        "question_id": "1",
    }
    values |= {
        "post_id": str(uuid4()),
        "hold_id": str(uuid4()),
        "team_id": str(uuid4()),
        "site_id": str(uuid4()),
        "section": "posts",
        "part": "post",
        "question": "photo",
    }
    values |= {"issue_id": str(uuid4()), "line_id": str(uuid4()), "name": "daily", "form": "json"}
    values |= there.made | {"what": "renew"}
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(f"{query} limit 1")
            values[name] = str(cursor.fetchone()[0])
    return values


def attempts(here: Community, there: Community, folder: Path) -> Ways:
    """Every command that acts as somebody, asked about the next community."""
    values = values_of(there)
    door, person, worker = there.doors[0], values["person_id"], f"grid.{there.number}"
    leaders, records = folder / "leaders.xlsx", folder / "theirs.jsonl"
    book = Workbook()
    assert book.active is not None
    book.active.append(["姓名", "电话", "职务", "社区", "楼栋"])
    book.active.append(["楼示新", phone_number(70_001), "楼栋长", there.name, "1栋"])
    book.save(leaders)
    records.write_text("")
    tomorrow = (datetime.now(CHINA) + timedelta(days=1)).isoformat(timespec="seconds")
    return {
        "places load": [(folder / "street_2023-06-30.csv",)],
        "places show": [(there.code,), (door,), (f"area:{there.grid}",), (STREET,)],
        "places find": [(there.name,), (there.mark,), (there.code,)],
        "places read": [(f"{there.name}1-1-101",), ("1-1-101", "--within", there.code)],
        "places lay-out": [(there.code, "9栋，2层，每层2户")],
        "places move": [(there.id, STREET), (there.doors[0], here.code)],
        "people show": [(door,)],
        "people counts": [(there.code,), (STREET,)],
        "people find": [(f"居示{there.mark}",), (phone_number(100 * there.number),)],
        "people reveal": [(person, "phone", "--reason", "call_back")],
        "people looks": [(there.code,)],
        "people end": [(person,)],
        "accounts add": [("楼示新", "--role", "building_leader", "--over", there.code)],
        "accounts import": [(leaders,), (leaders, "--within", there.code)],
        "accounts show": [(worker,)],
        "accounts list": [(), ("--within", there.code)],
        "accounts reset": [(worker,)],
        "accounts close": [(worker,)],
        "accounts grant": [(f"grid.{here.number}", "grid_worker", there.code)],
        "accounts revoke": [(values["grant_id"],)],
        "accounts devices add": [(worker, "示例手机")],
        "accounts devices link": [(worker,)],
        "accounts devices list": [(worker,)],
        "accounts devices cut-off": [(values["device_id"],)],
        "records send": [(records,)],
        "gaps": [(there.code,), (STREET,), (f"area:{there.grid}",)],
        "roster load": [(leaders, "--community", there.code), (leaders, "--community", there.code, "--dry-run")],
        "roster columns": [(leaders,)],
        "roster export": [(there.code, "--reason", "示例", "--out", folder / "out.xlsx")],
        "round open": [("别家", "--area", there.code, "--form", "headcount", "--until", tomorrow)],
        "round close": [(there.round,), (f"{there.mark}家敲门",)],
        "round extend": [
            (there.round, "--until", "2099-01-01", "--reason", "示例"),
            (f"{there.mark}家敲门", "--until", "2099-01-01", "--reason", "示例"),
        ],
        "round withdraw": [(there.round, "--reason", "示例"), (f"{there.mark}家敲门", "--reason", "示例")],
        "round list": [(), ("--place", there.code)],
        "round coverage": [(there.round,), (here.round, "--place", there.code)],
        "round missing": [(there.round,), (here.round, "--place", there.code), (there.round, "--out", folder / "out.xlsx")],
        "round load": [(there.round, leaders)],
        "round compare": [(there.round, here.round), (here.round, there.round)],
        "bulletin": [
            ("daily", there.code, "--format", "json", "--out", folder / "out.json"),
            ("daily", STREET, "--out", folder / "out.pdf"),
        ],
        "figure": [("visits", there.code), ("people_living", f"area:{there.grid}", "--trace"), ("visits", STREET)],
        "arrivals add": [(door, "--from", "日本"), (door, "--from", "日本", "--person", person)],
        "arrivals list": [(there.code,), (there.code, "--which", "all"), (door,), (STREET,)],
        "figures": [()],
        "kinds": [()],
    } | _incident(here, there) | _bodies(here, there, leaders) | _forces(here, there, leaders) | _switch(here, there, folder)  # fmt: skip


def _incident(here: Community, there: Community) -> Ways:
    """Incidents, measures, orders and messages."""
    made, own = there.made, here.made
    until = (datetime.now(CHINA) + timedelta(days=1)).isoformat(timespec="seconds")
    ground = ("--authority", "示例指挥部", "--document", "示〔9〕号")
    incident, measure, order, message = (made[name] for name in ("incident_id", "measure_id", "order_id", "message_id"))
    opening = ("--kind", "gas", "--level", "IV", "--until", until, *ground)
    issuing = ("--received-by", until, "--until", until)
    return {
        "incident open": [("别家", "--area", there.code, *opening), ("别家", "--area", f"area:{there.grid}", *opening)],
        "incident list": [(), ("--place", there.code), ("--place", STREET)],
        "incident show": [(incident,)],
        "incident renew": [(incident, "--until", "2099-01-01", *ground)],
        "incident change": [
            (incident, "--level", "III", *ground),
            (incident, "--phase", "restricted", *ground),
            (incident, "--rules", "CN-B", *ground),
        ],
        "incident end": [(incident, "--lift", *ground)],
        "measure raise": [
            (incident, "one_gate", "--area", there.code, "--until", until, *ground),
            (incident, "one_gate", "--area", here.code, "--until", until, *ground),
            (own["incident_id"], "one_gate", "--area", there.code, "--until", until, *ground),
        ],
        "measure lift": [(measure, *ground), (measure, "--superior", *ground)],
        "measure in-force": [(there.code,), (door_of(there),), (there.code, "--drill", incident), (STREET,)],
        "order issue": [
            ("别家", "示例", "--from", there.code, *issuing),
            ("别家", "示例", "--from", STREET, *issuing),
            ("别家", "示例", "--from", there.code, "--incident", incident, *issuing),
        ],
        "order list": [(), ("--place", there.code), ("--place", STREET)],
        "order show": [(order,)],
        "order answer": [
            (order, "acknowledged", "--place", there.code),
            (order, "completed", "--place", here.code, "--remark", "示例"),
            (own["order_id"], "completed", "--place", there.code),
        ],
        "message send": [(there.code, "示例", "示例"), (f"area:{there.grid}", "示例", "示例"), (STREET, "示例", "示例")],
        "message list": [(there.code,), (f"area:{there.grid}",), (STREET,)],
        "message show": [(message,)],
        "message take-back": [(message,)],
    }


def door_of(there: Community) -> str:
    """One of its doors."""
    return there.doors[1]


def _bodies(here: Community, there: Community, table: Path) -> Ways:
    """Organisations and branches."""
    made, own = there.made, here.made
    body, branch, incident = made["organisation_id"], made["branch_id"], made["incident_id"]
    person = values_of(there)["person_id"]
    paper = ("--document", "示〔9〕号")
    return {
        "org found": [
            ("别家支部", "party_branch", there.code),
            ("别家支部", "party_branch", STREET),
            ("别家支部", "party_branch", there.code, "--parent", body),
            ("别家支部", "party_branch", here.code, "--parent", body),
        ],
        "org list": [(there.code,), (door_of(there),), (STREET,)],
        "org members": [(there.code,), (STREET,)],
        "org gaps": [(there.code,), (STREET,)],
        "org import": [(there.code, table), (there.code, table, "--save"), (STREET, table, "--save")],
        "org apply": [("别家支部", place.code, "--purpose", "示例", "--incident", incident) for place in (there, here)],
        "org approve": [(branch, body, *paper), (branch, own["organisation_id"], *paper), (own["branch_id"], body, *paper)],
        "org establish": [(branch, person), (branch, *[str(uuid4()) for _ in range(3)])],
        "org convert": [(branch, "functional_branch", body, *paper), (branch, "party_branch", own["organisation_id"], *paper)],
        "org dissolve": [(branch, *paper)],
        "org take-over": [(body, made["body_id"], *paper), (body, own["organisation_id"], *paper), (own["organisation_id"], body, *paper)],
        "org give-back": [(made["takeover_id"],)],
    }


def _switch(here: Community, there: Community, folder: Path) -> Ways:
    """Plans, their activation, the way back, and the end that erases."""
    plan, run, incident = (there.made[name] for name in ("plan_id", "run_id", "incident_id"))
    ground = ("--authority", "示例指挥部", "--document", "示〔9〕号")
    kept = ("--reason", "示例", *ground, "--until", "2099-01-01", "--keeper", here.secretary)
    return {
        "plan list": [(there.code,), (STREET,)],
        "plan new": [(place, "--example", "flood") for place in (there.code, STREET)],
        "plan show": [(plan,)],
        "plan check": [(plan,)],
        "plan bind": [(plan, "post", there.id), (here.made["plan_id"], "post", there.id)],
        "plan activate": [(plan, *ground)],
        "plan drill": [(plan, *ground)],
        "plan run": [(run,)],
        "plan undo": [(run,), (run, "--all")],
        "plan go-on": [(run,)],
        "stand-down": [(incident, "--preview"), (incident, *ground)],
        "stand-down-papers": [(run, folder / "out.papers")],
        "close": [
            (incident,),
            (incident, "--propose", *ground),
            (incident, "--confirm"),
            (incident, "--cancel"),
            (incident, "--hold", f"door:{door_of(there)}", *kept),
        ],
        "certificate": [(1,)],
        "erasures": [()],
        "held": [(str(uuid4()), "--reason", "示例")],
    }


def _forces(here: Community, there: Community, table: Path) -> Ways:
    """Who can be sent, who is sent where, who is called."""
    made, own = there.made, here.made
    force, need, draft = made["force_id"], made["need_id"], made["draft_id"]
    person, door = values_of(there)["person_id"], door_of(there)
    pairs = [(force, need), (own["force_id"], need), (force, own["need_id"])]
    return {
        "forces add": [
            (door, "--came", "member", "--name", "楼示新"),
            (door, "--came", "member", "--person", person),
            (there.code, "--came", "volunteer", "--name", "楼示新", "--consents"),
        ],
        "forces load": [(table, "--place", there.code, "--came", "member"), (table, "--place", STREET, "--came", "member")],
        "forces list": [(there.code,), (there.code, "--able", "medical"), (STREET,)],
        "forces withdraw": [(force,)],
        "forces release": [(force,)],
        "forces need": [(there.code, "--name", "别家岗", "--floor", 1), (STREET, "--name", "别家岗", "--floor", 1)],
        "assign draft": [(there.code,), (STREET,)],
        "assign show": [(draft,), (draft, "--short")],
        "assign confirm": [(draft,)],
        "assign pin": pairs,
        "assign keep-away": pairs,
        "assign leave-open": pairs,
        "call up": [
            (there.code, "--wanted", 1, "--words", "示例"),
            (STREET, "--wanted", 1, "--words", "示例"),
            (here.code, "--wanted", 1, "--words", "示例", "--force", force),
        ],
        "call show": [(made["call_id"],)],
        "call list": [(there.code,), (STREET,)],
        "call answer": [(made["summons_id"], "yes")],
        "call close": [(made["call_id"],)],
    }


def acting(subparsers: Any, before: str = "") -> Iterator[str]:
    """The commands that take --as, by their words."""
    for name, parser in subparsers.choices.items():
        inner = [action for action in parser._actions if hasattr(action, "choices") and isinstance(action.choices, dict)]
        if inner:
            yield from acting(inner[0], f"{before}{name} ")
        elif any("--as" in action.option_strings for action in parser._actions):
            yield before + name
