"""Chromium against the real doors: a server on the test database, a folder beside it, and a window for each of the cast."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIServer

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from lianfang.ledger import folding
from tests.committed import transactional_db
from tests.factories.accounts import PASSWORD
from tests.factories.cast import Cast, make_cast

__all__ = ["transactional_db"]

INSTALL = "sudo apt-get install chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESK, PHONE = (1440, 900), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    """The Chromium to drive: the one named in LIANFANG_CHROMIUM, else one that is installed."""
    named = os.environ.get("LIANFANG_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.fail(f"There is no Chromium for the browser tests. Type: {INSTALL}", pytrace=False)
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a file; each window has cookies of its own. It does not outlive them, nor does its event loop."""
    path = chromium_path()
    # Playwright keeps an event loop in this thread; the test's own calls of the database are as synchronous as ever.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing: requests are logged by the product."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A window that is closed breaks its connections off; what goes wrong in a view is answered as a page."""


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    """As in a demonstration nobody is asked for a second factor."""
    settings.LIANFANG_DEMO = "tests"


@pytest.fixture
def town(chromium: Browser, transactional_db: None) -> Cast:
    """The cast, committed; asked for after the browser, which would otherwise fail late."""
    return make_cast()


@pytest.fixture
def site(town: Cast) -> Iterator[str]:
    """The address of a running server, with a folder beside it that folds what is recorded."""
    server: WSGIServer = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    stopping = threading.Event()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    folder = threading.Thread(target=folding.serve, args=(stopping,))
    serving.start()
    folder.start()
    yield f"http://127.0.0.1:{server.server_port}"
    stopping.set()
    server.shutdown()
    server.server_close()
    serving.join()
    folder.join()


@dataclass
class Window:
    """A browser window of one person: pages by the name of their address, and what went wrong in them."""

    page: Page
    context: BrowserContext
    site: str
    troubles: list[str] = field(default_factory=list)

    def go(self, name: str, /, *args: Any, query: str = "") -> int:
        """Open a page of the desk; its status."""
        answer = self.page.goto(f"{self.site}{reverse(f'desk:{name}', args=args)}{query}")
        assert answer is not None
        return answer.status

    def sign_in(self, login: str) -> None:
        """Sign in as anybody would."""
        self.go("sign_in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/desk/")

    def cell(self, door_id: Any) -> Locator:
        """The cell of a door in the building map."""
        return self.page.locator(f"#d-{door_id}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")


Open = Callable[..., Window]


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Open]:
    """Open windows; at the end none may have met an error of a script or of the server."""
    opened: list[Window] = []

    def open_one(login: str = "", *, size: tuple[int, int] = DESK, locale: str = "zh-CN", elder: bool = False) -> Window:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        context.set_default_timeout(8000)
        page = context.new_page()
        made = Window(page, context, site)
        opened.append(made)
        page.on("pageerror", lambda error: made.troubles.append(str(error)))
        page.on("console", lambda line: made.troubles.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("response", lambda answer: made.troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        if elder:
            context.add_cookies([{"name": "lianfang_elder", "value": "on", "url": site}])
        if login:
            made.sign_in(login)
        return made

    yield open_one
    for one in opened:
        one.context.close()
    assert [trouble for one in opened for trouble in one.troubles] == []
