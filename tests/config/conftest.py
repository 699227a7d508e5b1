"""Homes of their own for the tests of the runtime, and the real command run in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import free_port

BARE = ("--demo", "none", "--no-divisions")
"""An installation with nothing in it: quick to make."""

ROOT = Path(__file__).parents[2]


@dataclass
class Command:
    """`./lianfang` in a home of its own, with the environment that runs the tests instead of a fresh one."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)
    begun: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANFANG_", "DATABASE_URL", "DJANGO_"))}
        ours = {"LIANFANG_HOME": str(self.home), "LIANFANG_VENV": sys.prefix, "LIANFANG_LANGUAGE": "en"}
        # One place for compiled code, as in a home that has been started before.
        ours["PYTHONPYCACHEPREFIX"] = os.environ.get("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir(), "lianfang-tests-python")))
        return {**kept, **ours, "LIANFANG_PYTHON": sys.executable, **self.more}

    def __call__(self, *words: str, patience: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "lianfang", *words], env=self.environment(), cwd="/", text=True, capture_output=True, timeout=patience, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start a command that stays; what it prints is in `printed`. The fixture ends it."""
        with (self.home.parent / "printed").open("w") as log:
            running = subprocess.Popen(
                [ROOT / "lianfang", *words], env=self.environment(), cwd="/", text=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.begun.append(running)
        return running

    def printed(self) -> str:
        return (self.home.parent / "printed").read_text()

    def wait(self, true: Callable[[], bool], patience: float = 60) -> None:
        """Wait until something is true; fails at once with what was printed when the command has ended."""
        end = time.monotonic() + patience
        while not true():
            assert time.monotonic() < end, self.printed()
            assert not self.begun or self.begun[-1].poll() is None, self.printed()
            time.sleep(0.1)


@contextmanager
def open_place() -> Iterator[Path]:
    """A directory that the database's account may pass: pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="lianfang-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def commanding(place: Path) -> Iterator[Command]:
    """The command in a new home; what it began is ended."""
    command = Command(place / "new-home")
    yield command
    if command.begun or (command.home / "postgres").exists():
        command("down")
    for running in command.begun:
        running.kill()
        running.wait()


@pytest.fixture
def place() -> Iterator[Path]:
    with open_place() as path:
        yield path


@pytest.fixture
def home(place: Path) -> Home:
    made = Home(place / "home")
    made.path.mkdir(mode=0o711)
    made.path.chmod(0o711)
    for private in ("secrets", "logs", "run"):
        (made.path / private).mkdir(mode=0o700)
    return made


@pytest.fixture
def lianfang(place: Path) -> Iterator[Command]:
    with commanding(place) as command:
        yield command


@pytest.fixture
def port() -> int:
    """A free port with a free one after it."""
    return free_port(range(33_000, 39_000, 10))
