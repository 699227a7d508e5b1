"""A database of a benchmark's own, the processes that serve it, and a reader who signs in over HTTP."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from django.urls import reverse

from lianfang.config.runtime import database, installation, roles, secrets, serving
from lianfang.config.runtime.database import Engine
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.installation import Installation
from lianfang.config.runtime.postgres import free_port
from lianfang.config.runtime.serving import Address
from lianfang.config.runtime.supervisor import Part
from lianfang.kernel.roles import OWNER

_READY_WITHIN = 600.0  # a folder with a heap before it says so only when a batch is done


@dataclass(frozen=True, slots=True)
class Stage:
    """The server and the database of a benchmark."""

    engine: Engine
    installation: Installation


@contextmanager
def stage(name: str, *, keep: bool = False) -> Iterator[tuple[Stage, bool]]:
    """An installation of this name with tables and official divisions; whether it was there already (kept from an earlier run)."""
    home = Home.here()
    home.make()
    secrets.make_keys(home.secrets)
    engine, _ = database.ensure_running(home)
    database.ensure_roles(engine)
    with database.connected(engine.server(OWNER, database.lobby(engine))) as server:
        there = server.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None
        if there and not keep:
            roles.drop_database(server, name)
            there = False
        if not there:
            roles.make_database(server, name)
    database.enter(engine.server(OWNER, name))
    installation.migrate()
    yield Stage(engine, Installation(name, "bench")), there


@contextmanager
def served(on: Stage, only: Sequence[str] = ("web", "intake", "folder")) -> Iterator[Address]:
    """The processes that `up` would start, on free ports, until the block ends."""
    address = Address(port=free_port())
    running: list[subprocess.Popen[bytes]] = []
    try:
        running += [_start(part) for part in serving.parts(on.engine, on.installation, address) if part.name in only]
        until = time.monotonic() + _READY_WITHIN
        while not _serves(address, only):
            if time.monotonic() > until:
                raise TimeoutError("the pages did not become ready")
            time.sleep(0.2)
        yield address
    finally:
        for process in running:
            process.terminate()
        for process in running:
            _end(process)


def _serves(address: Address, only: Sequence[str]) -> bool:
    """Whether all that was asked for serves: with intake and folder as `up` means it, the pages alone once they live."""
    if {"web", "intake", "folder"} <= set(only):
        return serving.answers(address)
    try:
        return "web" not in only or Reader(address).get("/health/live")[0] == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for an orderly end, then make one: a benchmark leaves nothing running."""
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(part: Part) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(part.command, env={**os.environ, **part.environment}, stdout=quiet, stderr=quiet)


@dataclass(slots=True)
class Reader:
    """Somebody signed in, over one kept connection, as a browser does."""

    address: Address
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    patience: float = 60.0
    """Seconds after which an answer is waited for no more; the next thing is asked over a new connection."""

    def get(self, path: str) -> tuple[int, bytes, float]:
        """Status, body and seconds of a page."""
        return self._ask("GET", path)

    def post(self, path: str, form: str) -> tuple[int, bytes, float]:
        """The same of a form that is sent."""
        return self._ask("POST", path, form)

    def sign_in(self, login: str, password: str) -> None:
        """Sign in through the form."""
        path = reverse("desk:sign_in")
        _, page, _ = self.get(path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise RuntimeError("the page for signing in has no form")
        form = urlencode({"login": login, "password": password, "csrfmiddlewaretoken": token.group(1).decode()})
        status, _, _ = self._ask("POST", path, form)
        if status not in {302, 303} or "sessionid" not in self.cookies:
            raise RuntimeError(f"{login} could not sign in: {status}")

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes, float]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=self.patience)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Language": "zh-hans"}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.address.origin}
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
            page = answer.read()
        except TimeoutError:
            self.connection.close()
            self.connection = None
            raise
        took = time.perf_counter() - began
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page, took
