"""前进街道 of Changchun, eight communities: the secretary of one sees all of theirs and nothing of the next, through any door.

Each community has a character of its own in every name that is given in it, so that one glance at an answer tells whose it is.
What the figures must be is counted here from what was typed, not asked of the product.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import resolve, reverse

from lianfang.kernel.ids import new_id
from tests.access.addresses import Address, addresses
from tests.access.scene import fingerprint
from tests.factories.people import paper_number, phone_number
from tests.stories.attempts import acting, attempts, values_of
from tests.stories.street import CHINA, DOORS, STREET, Community, ids_of_others, leaks, official_list, street, text_of
from tests.stories.through import Browser, Device, command, done, send

__all__ = ["street"]


# --- what is theirs is all there ---


@pytest.mark.parametrize("number", range(8))
def test_figures_of_a_community_are_what_was_typed_there(street: list[Community], number: int) -> None:
    here = street[number]
    outcomes = Counter(outcome for _door, outcome in here.visits)
    settled = sum(outcomes[outcome] for outcome in ("seen", "phone", "away", "vacant"))
    expected = {
        "visits": len(here.visits), "doors": DOORS, "doors_visited": len({door for door, _outcome in here.visits}),
        "doors_settled": settled, "people_living": here.people, "people_registered": here.people, "households": 2,
        "matters_open": 1 + outcomes["lit"],  # help that was asked for, and a light at a door where nobody is listed
    }  # fmt: skip
    device = Device(here.secretary)
    assert {key: device.read(f"figures/{key}/{here.id}")["value"] for key in expected} == expected
    assert {key: done("figure", key, here.code, "--as", here.secretary)["value"] for key in expected} == expected


def test_the_street_is_the_sum_of_its_communities(street: list[Community]) -> None:
    assert done("figure", "visits", STREET)["value"] == sum(len(one.visits) for one in street)
    assert done("figure", "people_living", STREET)["value"] == sum(one.people for one in street)
    assert done("figure", "doors", STREET)["value"] == 8 * DOORS


# --- every page that can be reached ---


def links(answer: HttpResponse) -> set[str]:
    """Where a page leads, by links and by the parts it fetches."""
    if "html" not in answer.get("Content-Type", ""):
        return set()
    found = re.findall(r'(?:href|hx-get|src)="([^"#]+)', answer.content.decode())
    return {unescape(one) for one in found if one.startswith("/") and not one.startswith(("//", "/static/"))}


def shape(path: str) -> tuple[str, str]:
    """Which view an address leads to and what it is asked: enough of one kind are looked at."""
    parts = urlsplit(path)
    return resolve(parts.path).view_name, "&".join(sorted(word.partition("=")[0] for word in parts.query.split("&")))


def crawl(browser: Browser, most: int = 5) -> Iterator[tuple[str, HttpResponse]]:
    """Every kind of page there is a link to, each kind some times, beginning at the first page."""
    seen, waiting, kinds = set[str](), [reverse("desk:home")], Counter[tuple[str, str]]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds[shape(path)] >= most:
            continue
        seen.add(path)
        kinds[shape(path)] += 1
        answer = browser.client.get(path)
        yield path, answer
        waiting += sorted(links(answer) - seen)


def test_no_page_that_a_secretary_reaches_shows_the_next_community(street: list[Community]) -> None:
    here = street[2]
    ids = ids_of_others(here)
    wrong, visited, own = [], Counter[str](), 0
    for path, answer in crawl(Browser(here.secretary)):
        visited[resolve(urlsplit(path).path).view_name] += 1
        text = text_of(answer)
        own += here.mark in text
        if answer.status_code not in {200, 302}:
            wrong.append(f"{path}: {answer.status_code}")
        wrong += [f"{path} shows {leak}" for leak in leaks(text, here, street, ids)]
    assert wrong == []
    assert own > 20, "the pages show what is theirs"
    assert len(visited) > 30, visited


# What has to be well formed before anybody is asked who asks.
ASKED = {
    "rest-1:extend_round.post": {"until": "2099-01-01T00:00:00Z", "reason": "示例"},
    "rest-1:withdraw_round.post": {"reason": "示例"},
    "rest-1:send_message.post": {"title": "示例", "words": "示例"},
    "rest-1:answer_order.post": {"answer": "acknowledged"},
    "rest-1:call_up.post": {"words": "示例", "wanted": 1},
    "rest-1:stand_down.post": {"authority": "示例指挥部", "document": "示〔9〕号"},
    "rest-1:activate_plan.post": {"authority": "示例指挥部", "document": "示〔9〕号", "expires_at": "2099-01-01T00:00:00Z"},
    "rest-1:undo_run.post": {},
}


TYPED = {"desk:record_wrong": "words=x"}


# What is tried behind a place of one's own too.
NUMBERED = {"message_id", "order_id", "arrival_id"}


def closed_addresses() -> list[Address]:
    """Every address that takes an account and names something."""
    return [one for one in addresses() if "<" in one.path and not getattr(one.declared, "public", "")]


def test_what_is_named_by_the_next_communitys_numbers_is_not_there_and_stays_as_it_was(street: list[Community]) -> None:
    here, there = street[2], street[3]
    browser, device = Browser(here.secretary), Device(here.secretary)
    ids, before, wrong, tried = ids_of_others(here), fingerprint(), [], 0
    named = values_of(there)
    for address in closed_addresses():
        rest, closed = address.name.startswith("rest-1:"), 401 if address.name.startswith("field:") else 404  # a phone is not a session
        mixed = "place_id" in address.path and bool(NUMBERED & set(re.findall(r"<(?:\w+:)?(\w+)>", address.path)))
        for place in (there.id, there.doors[0], *((here.id, here.doors[0]) if mixed else ())):
            values = named | {"place_id": place}
            names = re.findall(r"<(?:\w+:)?(\w+)>", address.path)
            path = reverse(address.name.rsplit(".", 1)[0] if rest else address.name, kwargs={name: values[name] for name in names})
            for method in address.methods:
                body = {"data": json.dumps(ASKED[address.name]), "content_type": "application/json"} if address.name in ASKED else {}
                if address.name in TYPED:
                    body = {"data": TYPED[address.name], "content_type": "application/x-www-form-urlencoded"}
                answer = (device if rest else browser).client.generic(method, path, **body)
                tried += 1
                if answer.status_code != closed:
                    wrong.append(f"{method} {address.name}: {answer.status_code}")
                wrong += [
                    f"{method} {address.name} shows {leak}"
                    for leak in leaks(text_of(answer), here, street, ids)
                    if leak not in path
                ]  # fmt: skip
    assert wrong == []
    assert fingerprint() == before
    assert tried > 100


def test_searching_finds_nothing_of_the_next_community(street: list[Community]) -> None:
    here, there = street[2], street[3]
    browser, device = Browser(here.secretary), Device(here.secretary)
    ids, wrong = ids_of_others(here), []
    phone, paper = phone_number(100 * there.number), paper_number(100 * there.number)
    for text in (there.name, there.mark, f"居示{there.mark}", there.code, f"{there.mark}苑小区", there.grid, phone, paper, "前进街道"):
        for answer in (browser.post("desk:find", text=text), browser.get("desk:find", text=text), device.get("places", text=text)):
            found = [leak for leak in leaks(text_of(answer), here, street, ids) if leak not in text]
            wrong += [f"{text}: {leak}" for leak in found]
    assert wrong == []
    shown = text_of(browser.post("desk:find", text=f"居示{here.mark}"))
    assert "居" in shown
    assert set(re.findall(r"/desk/people/([0-9a-f-]{36})/", shown)), "their own are found"


# --- the command line ---


def test_no_command_shows_or_changes_anything_of_the_next_community(street: list[Community], tmp_path: Path) -> None:
    from lianfang.config.main import parser

    here, there = street[2], street[3]
    official_list(tmp_path)
    tries = attempts(here, there, tmp_path)
    [commands] = [action for action in parser()._actions if isinstance(action.choices, dict)]
    assert set(acting(commands)) <= set(tries), "every command that acts as somebody is tried here"
    ids, before, wrong = ids_of_others(here), fingerprint(), []
    for words in acting(commands):
        for way in tries[words]:
            for more in ((), ("--json",)):
                said = command(*words.split(), *way, "--as", here.secretary, *more)
                typed = " ".join([*map(str, way), there.name if words == "accounts import" else ""])
                wrong += [f"{words} {typed}: {leak}" for leak in leaks(said.all, here, street, ids) if leak not in typed]
                assert said.status in {0, 1}, f"{words} {typed}: {said.all}"
    assert wrong == []
    assert fingerprint() == before
    assert not list(tmp_path.glob("out.*")), "nothing is written"


def test_what_the_next_communitys_worker_sends_for_here_waits_for_the_secretary(street: list[Community], tmp_path: Path) -> None:
    """Last, since it adds to the book: a record from outside counts nowhere until the secretary of the place takes it."""
    here, there = street[5], street[6]
    visit = {
        "id": str(new_id()), "kind": "visit", "version": 1, "place": here.doors[-1], "occurred_at": datetime.now(CHINA).isoformat(),
        "payload": {"outcome": "seen", "people_seen": 1},
    }  # fmt: skip
    answer = send(tmp_path, f"grid.{there.number}", [visit])
    assert (answer["kept"], answer["quarantined"]) == (0, 1)
    device = Device(here.secretary)
    assert device.read(f"figures/visits/{here.id}")["value"] == len(here.visits)
    assert device.get(f"figures/visits/{uuid4()}").status_code == 404
    assert Browser(there.secretary).post("desk:decide", visit["id"], decision="take").status_code == 404
    Browser(here.secretary).did("desk:decide", visit["id"], decision="take")
    assert done("figure", "visits", here.code, "--as", here.secretary)["value"] == len(here.visits) + 1
