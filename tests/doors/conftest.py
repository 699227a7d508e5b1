"""Fixtures of the doors' tests: the cast, and a browser without a screen for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianfang.ground.accounts import queries as accounts
from tests.committed import transactional_db
from tests.factories.cast import Cast, cast, make_cast
from tests.ledger.folded import fold_all

__all__ = ["Cast", "cast", "fold_all", "transactional_db"]

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Desk:
    """The desk as one of the cast sees it: addresses by name, pages as words."""

    client: Client

    def get(self, name: str, /, *args: Any, query: dict[str, str] | None = None, **headers: str) -> HttpResponse:
        return self.client.get(reverse(f"desk:{name}", args=args), query or {}, headers=headers)

    def post(self, name: str, /, *args: Any, query: str = "", follow: bool = False, htmx: bool = False, **fields: Any) -> HttpResponse:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(reverse(f"desk:{name}", args=args) + query, fields, follow=follow, headers=headers)


def words_of(response: HttpResponse) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    """As in a demonstration nobody is asked for a second factor; the tests of sign-in take this back."""
    settings.LIANFANG_DEMO = "tests"


@pytest.fixture
def desk_of(cast: Cast) -> Callable[[str], Desk]:
    """The desk of an account of the cast, signed in."""

    def enter(login: str) -> Desk:
        return Desk(signed_in(login))

    return enter


def signed_in(login: str) -> Client:
    """A client whose session belongs to an account."""
    account = ModelBackend().get_user(accounts.account_id_of_login(login))
    assert account is not None
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def secretary(desk_of: Callable[[str], Desk]) -> Desk:
    """The secretary of community A."""
    return desk_of("secretary.a")


@pytest.fixture
def grid_worker(desk_of: Callable[[str], Desk]) -> Desk:
    """The grid worker of A."""
    return desk_of("grid.a")


@pytest.fixture
def outsider(desk_of: Callable[[str], Desk]) -> Desk:
    """The secretary of community B, who must see nothing of A."""
    return desk_of("secretary.b")


@pytest.fixture
def town(transactional_db: None) -> Cast:
    """The cast, committed: for what is folded, and for sign-in, which counts tries outside every transaction."""
    return make_cast()
