"""Every endpoint against nobody, the wrong place and the right place. One that is missing from the table fails here.

The wrong place is the secretary of the neighbouring community: the same office, elsewhere. What they are denied must look as if it did not
exist, must leave every table as it was, and must show nothing of A.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lianfang.ground.accounts import queries as accounts
from tests.access.addresses import Address, addresses
from tests.access.scene import Case, Scene, fingerprint, make_scene, unchanged
from tests.access.table import TABLE
from tests.committed import transactional_db
from tests.factories.accounts import PASSWORD
from tests.factories.phones import join

__all__ = ["transactional_db"]

KNOWN = {address.name: address for address in addresses()}
TRIES = [(name, method) for name, address in KNOWN.items() for method in address.methods]
CLOSED = [one for one in TRIES if not TABLE.get(one[0], Case(open=1)).open]
# Names that stand in A only: of its people, workers, community and grid.
OF_A = ("王示", "张示", "刘示甲", "陈示格", "甲社区", "甲一网格")


@dataclass
class Stage:
    scene: Scene
    clients: dict[str, Client]
    credentials: dict[str, str] = field(default_factory=dict)

    def client(self, login: str) -> Client:
        """A browser in which somebody is signed in; each call begins with the cookies of just after signing in."""
        if login not in self.clients:
            self.clients[login] = Client()
            self.clients[login].post(reverse("desk:sign_in"), {"login": login, "password": PASSWORD})
            self.credentials[login] = join(accounts.account_id_of_login(login)).joined["credential"]
        fresh = Client()
        fresh.login_name = login  # type: ignore[attr-defined]  # a client carries what a test needs
        fresh.cookies.load(self.clients[login].cookies.output(header="", sep=";"))
        return fresh

    def call(self, client: Client, address: Address, method: str) -> HttpResponse:
        case = TABLE[address.name]
        name = address.name.rsplit(".", 1)[0] if address.name.startswith("rest-1:") else address.name
        path = reverse(name, kwargs=case.arguments(self.scene))
        if method == "POST" and address.name.startswith("rest-1:"):
            return client.post(path, case.body(self.scene), content_type="application/json", query_params=case.query(self.scene))
        if address.name.startswith("field:"):
            # Phones show the credential of a device, and no cookie.
            token = self.credentials.get(getattr(client, "login_name", ""), "")
            bearer = {"authorization": f"Bearer {token}"} if token else {}
            return Client(headers=bearer).generic(method, path, json.dumps(case.body(self.scene)), content_type="application/json")
        if method == "POST":
            return client.post(path, case.body(self.scene), query_params=case.query(self.scene))
        return client.generic(method, path, query_params=case.query(self.scene))


@pytest.fixture
def stage(transactional_db: None, settings: Settings) -> Stage:
    settings.LIANFANG_DEMO = "tests"  # the cast has no second factors, as in a demonstration
    return Stage(make_scene(), {})


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back: every endpoint finds the scene as it was made."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_table_names_every_endpoint_and_no_other() -> None:
    assert set(TABLE) == set(KNOWN)


def test_every_endpoint_says_what_it_takes() -> None:
    free = {"live", "ready", "rest-1:openapi-json", "rest-1:api-root"}
    assert {name for name, address in KNOWN.items() if address.declared is None} == free
    for name, address in KNOWN.items():
        if name not in free:
            assert bool(getattr(address.declared, "public", "")) == bool(TABLE[name].open), name


def test_nobody_is_let_in_and_nothing_changes(stage: Stage) -> None:
    before = fingerprint()
    wrong = []
    for name, method in TRIES:
        if TABLE[name].open:
            answer = stage.call(Client(), KNOWN[name], method)
            if answer.status_code not in {TABLE[name].open, 200, 302}:
                wrong.append(f"{method} {name}: {answer.status_code}")
            before = fingerprint()
            continue
        with undone():
            answer = stage.call(Client(), KNOWN[name], method)
            if name.startswith(("rest-1:", "field:")):
                fine = answer.status_code == 401 and unchanged(before)
            else:
                to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("desk:sign_in"))
                fine = to_sign_in and unchanged(before)
        if not fine:
            wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []
    assert fingerprint() == before


def test_the_same_office_elsewhere_finds_nothing_and_changes_nothing(stage: Stage) -> None:
    stage.client("secretary.b")
    before = fingerprint()
    wrong = []
    for name, method in CLOSED:
        case = TABLE[name]
        with undone():
            answer = stage.call(stage.client("secretary.b"), KNOWN[name], method)
            shown = answer.content.decode()
            same = unchanged(before)
        if case.own and answer.status_code >= 500:
            wrong.append(f"{method} {name}: {answer.status_code}")
        if not case.own and not (answer.status_code == 404 and same):
            wrong.append(f"{method} {name}: {answer.status_code}, {'unchanged' if same else 'CHANGED'}")
        typed = "".join(str(value) for value in (case.query(stage.scene) | case.body(stage.scene)).values())
        wrong += [f"{method} {name} shows {word}" for word in OF_A if word in shown and word not in typed]
    assert wrong == []
    assert fingerprint() == before


def test_the_right_place_is_let_in(stage: Stage) -> None:
    wrong = []
    for name, method in CLOSED:
        client = stage.client(TABLE[name].right)
        with undone():
            answer = stage.call(client, KNOWN[name], method)
        sent_away = answer.status_code == 302 and answer["Location"].startswith(reverse("desk:sign_in"))
        if answer.status_code not in {200, 302, 303, 422} or sent_away:
            wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []
