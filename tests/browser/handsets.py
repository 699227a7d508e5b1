"""A phone in a browser: a profile of its own on disk, the field app in it, and the intake beside the site as its own process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lianfang.config.environment import Server
from lianfang.ground.accounts import access, commands
from lianfang.kernel.ids import AccountId
from tests.browser.conftest import FLAGS, chromium_path
from tests.factories.phones import digits_of
from tests.settings import ROLE_PASSWORD, SERVER
from tools import bootstrap

PIN = "284615"
SIZE = (390, 844)
_READY = 60  # seconds: a busy machine starts slowly


def workshop() -> Path:
    """Where `./lianfang test` has put what builds the app; else a place of the user's."""
    return Path(os.environ.get("LIANFANG_WORKSHOP") or Path.home() / ".cache" / "lianfang-workshop")


@pytest.fixture(scope="session")
def built() -> None:
    """The app, built from the sources that lie here."""
    if not bootstrap.field_app.is_current():
        bootstrap.field_app.build(workshop(), bootstrap.field_app.Node(bootstrap.ensure(bootstrap.field_app.LOCK, workshop())))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Intake:
    """The intake on a port of its own; it can die and come back."""

    port: int
    surroundings: dict[str, str]
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "lianfang.config.serve", "intake", "--host", "127.0.0.1", "--port", str(self.port)]
        self.running = subprocess.Popen(command, env=self.surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        began = time.monotonic()
        while time.monotonic() - began < _READY:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the intake does not listen")

    def stop(self) -> None:
        if self.running:
            self.running.terminate()
            self.running.wait(15)
            self.running = None


@pytest.fixture
def intake(built: None, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    """The real intake, allowed to our origin, on the test database with its own role."""
    port = free_port()
    monkeypatch.setenv("LIANFANG_INTAKE_PORT", str(port))
    server: Server = replace(SERVER, user="lianfang_intake", password=ROLE_PASSWORD, name=str(connection.settings_dict["NAME"]))
    more = {"DJANGO_SETTINGS_MODULE": "lianfang.config.settings", "LIANFANG_DATABASE": server.url(), "LIANFANG_ORIGINS": site}
    one = Intake(port, {**os.environ, **more})
    one.start()
    yield one
    one.stop()


@dataclass
class Handset:
    """One phone: its profile, its browser, the page of the app, and what went wrong in it."""

    browser: Browser
    site: str
    profile: Path
    options: dict[str, Any]
    troubles: list[str] = field(default_factory=list)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def switch_on(self) -> None:
        """Start the browser with this profile."""
        self.context = self.browser.browser_type.launch_persistent_context(
            str(self.profile), executable_path=chromium_path(), args=[*FLAGS, "--disable-features=Translate"], **self.options
        )
        self.context.set_default_timeout(15_000)

    def open(self, path: str = "/field/") -> None:
        """Open the app in a tab of its own, as after a tab was killed."""
        for page in self.context.pages[1:]:
            page.close()
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda line: self.troubles.append(line.text) if "Content Security Policy" in line.text else None)
        self.page.goto(f"{self.site}{path}")

    def join(self, account_id: AccountId, *, pin: str = PIN) -> None:
        """Join by a link, as a person does: type size, digits, PIN."""
        link = commands.invite_phone(account_id, by=access.local_administrator())
        self.page.goto("about:blank")
        self.page.goto(f"{self.site}/field/join#{link.token}")
        self.page.locator("[role=radiogroup], #join-digits").first.wait_for()
        if self.page.locator("[role=radiogroup]").count():
            self.page.locator(".button.first").click()
        self.page.fill("#join-digits", digits_of(account_id))
        assert link.token not in self.page.url
        self.page.locator(".button.first").click()
        self.page.fill("#pin-new", pin)
        self.page.fill("#pin-again", pin)
        self.page.locator(".button.first").click()
        self.page.locator(".rows [data-door]").first.wait_for()

    def unlock(self, pin: str = PIN) -> None:
        """Type the PIN and wait for the doors."""
        self.page.fill("#pin", pin)
        self.page.keyboard.press("Enter")
        self.page.locator(".rows [data-door], .tabs").first.wait_for()

    def ready_offline(self) -> None:
        """Wait until the service worker has taken the page over: from then on it opens without network."""
        self.page.evaluate(CONTROLLED)  # not by wait_for_function, which would compile text in the page: its policy forbids that

    def visit(self, outcome: str) -> None:
        """Record the door that is shown, and wait until the screen says that it is saved."""
        self.page.locator(f"[data-outcome={outcome}]").click()
        self.page.locator("[data-save]").click()

    def kill(self) -> None:
        """SIGKILL to every process of this browser: nothing is asked to close."""
        mark = str(self.profile).encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if b"--user-data-dir=" + mark in (entry / "cmdline").read_bytes():
                        os.kill(int(entry.name), signal.SIGKILL)
                except OSError:
                    continue
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    @property
    def unsent(self) -> int:
        """How many records wait on this phone."""
        return int(self.page.evaluate(COUNT))

    def delivered(self) -> None:
        """Wait until nothing waits."""
        expect(self.page.locator(".outbox-bar[data-tone=good]")).to_be_visible(timeout=30_000)


CONTROLLED = """() => new Promise((done, failed) => {
  setTimeout(() => failed(new Error("no service worker took the page over")), 20_000);
  if (navigator.serviceWorker.controller) done(true);
  else navigator.serviceWorker.addEventListener("controllerchange", () => done(true), { once: true });
})"""
COUNT = """() => new Promise((done, failed) => {
  const asked = indexedDB.open("lianfang-field");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const count = asked.result.transaction("sealed").objectStore("sealed").count();
    count.onsuccess = () => { asked.result.close(); done(count.result); };
  };
})"""

Phone = Callable[..., Handset]


@pytest.fixture
def handset(chromium: Browser, site: str, intake: Intake, tmp_path: Path) -> Iterator[Phone]:
    """Switch phones on; at the end none may have met an error of a script."""
    made: list[Handset] = []

    def switch_on(*, size: tuple[int, int] = SIZE, locale: str = "zh-CN", **more: Any) -> Handset:
        options = {"viewport": {"width": size[0], "height": size[1]}, "locale": locale, "accept_downloads": True, **more}
        one = Handset(chromium, site, tmp_path / f"phone{len(made)}", options)
        one.switch_on()
        one.open()
        made.append(one)
        return one

    yield switch_on
    for one in made:
        one.context.close()
    assert [trouble for one in made for trouble in one.troubles] == []
