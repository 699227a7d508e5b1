"""Every address of the desk and of the residents' pages: declared, and let in as declared."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import URLPattern

from lianfang.doors.desk import urls as desk_urls
from lianfang.doors.desk.frame import Of
from lianfang.doors.residents import urls as residents_urls
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as account_queries
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as rounds
from tests.doors.conftest import signed_in
from tests.factories.cast import Cast


@dataclass(frozen=True)
class Endpoint:
    """One address with its declaration."""

    pattern: URLPattern
    prefix: str

    @property
    def name(self) -> str:
        return f"{self.prefix}:{self.pattern.name}"

    @property
    def declared(self) -> Any:
        return getattr(self.pattern.callback, "declared", None)

    def path(self, values: dict[str, object]) -> str:
        route = str(self.pattern.pattern)
        for converter in ("uuid", "slug", "str"):
            for argument, value in values.items():
                route = route.replace(f"<{converter}:{argument}>", str(value))
        return f"/{'r/' if self.prefix == 'residents' else ''}{route}"


ENDPOINTS = [Endpoint(pattern, "desk") for pattern in desk_urls.urlpatterns] + [
    Endpoint(pattern, "residents") for pattern in residents_urls.urlpatterns
]
ABILITIES = {str(ability) for ability in Ability}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_address_is_declared(endpoint: Endpoint) -> None:
    declared = endpoint.declared
    assert declared is not None, "declare the view with @page or @public"
    assert declared.public or declared.ability in {"", *ABILITIES}
    if declared.public:
        assert len(declared.public) > 10
        assert not declared.ability


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_address_with_a_place_a_person_or_a_record_says_whose_it_is(endpoint: Endpoint) -> None:
    """Accounts, grants, devices and waiting records are asked about by the command itself, which knows whose they are."""
    asked_by_the_command = {"account_id", "grant_id", "device_id", "token", "key"}
    arguments = {name for name in endpoint.pattern.pattern.converters if name not in asked_by_the_command}
    if endpoint.name == "desk:decide":
        return
    place = endpoint.declared.place
    named = {place.argument if isinstance(place, Of) else place, endpoint.declared.person}
    assert arguments <= named


def test_no_address_holds_words_that_people_type() -> None:
    converters = {type(converter).__name__ for endpoint in ENDPOINTS for converter in endpoint.pattern.pattern.converters.values()}
    assert converters <= {"UUIDConverter", "SlugConverter", "StringConverter"}
    assert [endpoint.name for endpoint in ENDPOINTS if "<str:" in str(endpoint.pattern.pattern)] == ["desk:join"]


def test_views_that_only_read_are_not_posted_to_and_those_that_change_are_not_fetched() -> None:
    both = {endpoint.name for endpoint in ENDPOINTS if {"GET", "POST"} <= set(endpoint.declared.methods)}
    for endpoint in ENDPOINTS:
        if endpoint.name not in both:
            assert set(endpoint.declared.methods) in ({"GET"}, {"POST"})


@pytest.fixture
def values(cast: Cast) -> dict[str, object]:
    """One of everything in community A."""
    saved = rounds.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.grid_worker)
    [grant] = account_queries.grants_of(cast.account("grid.a"))
    device = accounts.add_device(cast.account("grid.a"), "手机", by=cast.grid_worker)
    return {
        "place_id": cast.a_door.id,
        "area_id": cast.a_grid,
        "person_id": cast.resident,
        "account_id": cast.account("grid.a"),
        "record_id": saved.record_id,
        "matter_id": uuid4(),
        "grant_id": grant.grant_id,
        "device_id": device.device_id,
        "key": "doors",
        "token": "unknown",
    }


def written() -> dict[str, int]:
    """How many rows every table of ours holds: a denied request changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' and tablename <> %s", [Session._meta.db_table])
        names = [row[0] for row in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f'select count(*) from "{name}"')
            counts[name] = cursor.fetchone()[0]
        return counts


def requests(client: Client, values: dict[str, object], *, public: bool) -> Iterator[tuple[Endpoint, str, Any]]:
    for endpoint in ENDPOINTS:
        if bool(endpoint.declared.public) is public:
            for method in endpoint.declared.methods:
                yield endpoint, method, getattr(client, method.lower())(endpoint.path(values))


def test_nobody_gets_anything_but_the_way_to_sign_in(values: dict[str, object]) -> None:
    before = written()
    for endpoint, method, answer in requests(Client(), values, public=False):
        assert answer.status_code == 302, (endpoint.name, method)
        assert answer["Location"].startswith("/desk/sign-in/"), (endpoint.name, method)
    assert written() == before


def test_the_outsider_gets_the_same_answer_for_what_is_hidden_and_changes_nothing(values: dict[str, object]) -> None:
    client, before = signed_in("secretary.b"), written()
    own = {"account_id", "grant_id", "device_id", "record_id", "matter_id"}
    for endpoint, method, answer in requests(client, values, public=False):
        arguments = set(endpoint.pattern.pattern.converters)
        if arguments & ({"place_id", "area_id", "person_id"} | own):
            assert answer.status_code == 404, (endpoint.name, method, answer.status_code)
    assert written() == before


def test_the_secretary_of_the_place_is_let_in_everywhere(values: dict[str, object], cast: Cast) -> None:
    client = signed_in("secretary.a")
    # What ends sessions or accounts would shut the door on the rest of the list.
    left_out = {"desk:matter", "desk:matter_settle", "desk:matter_hand_over", "desk:sign_out", "desk:account_close", "desk:decide"}
    for endpoint in ENDPOINTS:
        if endpoint.declared.public or endpoint.name in left_out:
            continue
        place = cast.a if _wants_a_community(endpoint) else cast.a_building if endpoint.name == "desk:grid" else cast.a_door
        for method in endpoint.declared.methods:
            answer = getattr(client, method.lower())(endpoint.path({**values, "place_id": place.id}))
            assert answer.status_code not in {401, 403, 404}, (endpoint.name, method, answer.status_code)


def _wants_a_community(endpoint: Endpoint) -> bool:
    return (
        endpoint.name in {"desk:open_doors", "desk:lay_out", "desk:area_new", "desk:building_new", "desk:no_fixed"}
        or "call" in endpoint.name
    )


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    strict = signed_in("secretary.a")
    strict.handler.enforce_csrf_checks = True
    before = written()
    answer = strict.post(f"/desk/doors/{cast.a_door.id}/visit/", {"outcome": "seen"})
    assert answer.status_code == 403
    assert "这个页面打开太久了" in answer.content.decode()
    assert written() == before


def test_views_are_functions_that_say_what_they_are_for() -> None:
    for endpoint in ENDPOINTS:
        view: Callable[..., object] = inspect.unwrap(endpoint.pattern.callback)
        assert inspect.getdoc(view), endpoint.name
