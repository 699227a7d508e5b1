"""A street of 40 compounds switches: from the click at the desk until every message to 2,000 people is queued, with the processes that `up` starts.

Goal: under 30 s. The plan raises a branch, a team, two posts and a need in each compound, allots the pool, calls everybody and issues an order.
The limit beside it: the same messages written by the one statement of the call alone.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse

from bench.frame import Goal, Measured
from bench.simulation.published import SETTINGS
from bench.stage import Reader, Stage, served, stage
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverPlace
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.member_types import MembershipKind, Standing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import commands as laying
from lianfang.ground.places import divisions
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.content import example
from lianfang.headquarters.playbooks.types import RunState
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId, new_id
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.types import Came, NewForce

COMPOUNDS, PEOPLE, GOAL_S, PATIENCE_S = 40, 2_000, 30.0, 120.0
DATABASE, LOGIN, PASSWORD = "lianfang_bench_activate", "street.duty", "梅花三弄 for benches 1719"
OPEN = ("web", "jobs", "folder", "intake")


def measure(runs: int) -> Measured:
    """Build the street once; each run activates the plan through the desk and takes it back before the next."""
    measured = Measured()
    with stage(DATABASE) as (made, _):
        street = _street()
        plan = _plan(street)
        with served(made, only=OPEN) as address:
            reader = Reader(address)
            reader.sign_in(LOGIN, PASSWORD)
            measured.runs = [_one_run(reader, plan, made) for _ in range(runs)]
    medians = measured.medians()
    measured.notes.append(f"{COMPOUNDS} compounds, {PEOPLE} people in the pool; the click is a POST of the form at the desk")
    measured.goals = [Goal("seconds to the last message queued", medians["queued_s"], GOAL_S)]
    return measured


def _street() -> Place:
    """The first street of the first district of Changchun, with compounds of one building each in its communities."""
    laying.load_divisions([divisions.HERE / SETTINGS["changchun"].listed])
    city = places.by_code("220100000000")
    street = next(one for county in places.children(city) for one in places.children(county) if len(places.children(one)) > 1)
    communities = places.children(street)
    for number in range(COMPOUNDS):
        community = communities[number % len(communities)]
        laid = laying.lay_out(community.place_id, laying.parse_layout(f"{number + 1}栋，1个单元，3层，每层2户"), by=None)
        laying.found_area(AreaKind.COMPOUND, f"示例{number + 1}小区", community.place_id, [laid.buildings[0]], by=None)
    account = accounts.add_account(
        NewAccount("街示值", LOGIN, ""), by=access.local_administrator(), grants=[NewGrant(Role.STREET_DUTY, OverPlace(street.place_id))]
    )
    accounts.set_password(account, PASSWORD)
    return street


def _plan(street: Place) -> UUID:
    """A plan of the street, four members bound in each compound; and the pool."""
    local = access.local_administrator()
    committee = organisations.found_organisation("示例街道党工委", OrganisationKind.PARTY_COMMITTEE, by=None, place=street.place_id)
    home = organisations.found_organisation("示例局机关党支部", OrganisationKind.PARTY_BRANCH, by=None, place=street.place_id)
    name, kind, content = example("epidemic")
    parts = tuple(replace(part, number=PEOPLE) if part.key == "call" else part for part in content.parts)
    plan = commands.draw_up(name, kind, street.place_id, replace(content, approver=committee, parts=parts), by=local)
    for number, area in enumerate(places.areas_within([street.range], AreaKind.COMPOUND)):
        members = [_person(f"员示{chr(0x4E00 + 4 * number + at)}", 4 * number + at) for at in range(4)]
        organisations.join(home, [(one, Standing.FULL) for one in members], MembershipKind.HOME, by=None)
        for part, who in (("branch", members), ("pioneers", members[:3]), ("gate", members[:2]), ("service", members[2:3])):
            commands.bind(plan.plan_id, part, area.area_id, who, by=local)
        for at in range(PEOPLE // COMPOUNDS):
            order = 1_000 + PEOPLE // COMPOUNDS * number + at
            person = NewPerson(PersonId(new_id()), f"力示{chr(0x4E00 + order)}", phone=f"154{order:08d}")
            mobilisation.register(NewForce(person, Came.CADRE, area.home.place_id), by=local)
    return plan.plan_id


def _person(name: str, order: int) -> PersonId:
    person = PersonId(new_id())
    people.add_person(NewPerson(person, name, phone=f"154{order:08d}"), by=None)
    return person


def _one_run(reader: Reader, plan: UUID, made: Stage) -> dict[str, float]:
    del made
    path = reverse("desk:plan_activate", args=[plan])
    _, page, preview_s = reader.get(path)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    approver = re.search(rb'<option value="([^"]+)" selected', page.split(b'name="approver"')[1])
    if token is None or approver is None:
        raise RuntimeError("the page of the switch has no form")
    form = {
        "csrfmiddlewaretoken": token.group(1).decode(), "authority": "示例街道办事处", "document": "示例〔2026〕1号", "level": "II", "sure": "on",
        "expires_at": (clock.local(clock.now()) + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"), "approver": approver.group(1).decode(),
    }  # fmt: skip
    already, began = _queued(), time.perf_counter()
    status, _, click_s = reader.post(path, urlencode(form))
    if status != HTTPStatus.FOUND:
        raise RuntimeError(f"the switch was answered with {status}")
    queued = _wait(lambda: _queued() >= already + PEOPLE, began)
    [run] = [one for one in queries.runs_of_plan(plan) if one.state is RunState.RUNNING or one.state is RunState.DONE]
    whole = _wait(lambda: queries.run(run.run_id).state is RunState.DONE, began)
    told = queries.run(run.run_id)
    figures = {"preview_s": preview_s, "click_s": click_s, "queued_s": queued, "whole_s": whole}
    figures |= {"things": float(sum(step.things for step in told.steps)), "refused": float(sum(step.refused for step in told.steps))}
    figures |= _step_seconds(run.run_id)
    commands.undo_all(run.run_id, by=access.local_administrator())
    _wait(lambda: queries.run(run.run_id).state is RunState.UNDONE, time.perf_counter())
    return figures


def _step_seconds(run_id: UUID) -> dict[str, float]:
    """How long each step took: from the end of the one before."""
    told = queries.run(run_id)
    ended = [(step.key, step.ended_at) for step in told.steps if step.ended_at]
    marks = [("", told.begun_at), *ended]
    return {f"{key}_s": (at - before).total_seconds() for (_, before), (key, at) in pairwise(marks)}


def _queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from mobilisation_dispatch")
        row: Any = cursor.fetchone()
        return int(row[0])


def _wait(done: Any, began: float) -> float:
    """Seconds until it is so. Raises TimeoutError."""
    while not done():
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError("the activation did not come to its end")
        time.sleep(0.05)
    return time.perf_counter() - began
