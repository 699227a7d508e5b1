"""The home of an installation: its directories, and small files written whole or not at all. Standard library only."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianfang.config import environment


def make_passable(path: Path) -> None:
    """Make a directory and what is missing above it, each passable for the account of the database (0711).

    What exists already is left as it is, whatever its rights.
    """
    for step in reversed([step for step in (path, *path.parents) if not step.exists()]):
        step.mkdir(exist_ok=True)
        step.chmod(0o711)


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of an installation lies."""

    path: Path

    @classmethod
    def here(cls) -> Home:
        """The home that the environment names."""
        return cls(environment.home())

    @property
    def cluster(self) -> Path:
        """What belongs to the account of the database: its files and its log."""
        return self.path / "postgres"

    @property
    def secrets(self) -> Path:
        """Passwords and keys."""
        return environment.secrets() if self.path == environment.home() else self.path / "secrets"

    @property
    def logs(self) -> Path:
        """One file of JSON lines for each process."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """What is true only while something runs: locks, and who is up."""
        return self.path / "run"

    def make(self) -> None:
        """Make what is missing. Only the home itself may be entered by others."""
        make_passable(self.path)
        for private in (self.secrets, self.logs, self.run):
            if not private.exists():
                private.mkdir(mode=0o700, parents=True)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Hold the named lock of this home; a second program waits here."""
        with (self.run / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read_form(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty when there is none."""
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return found if isinstance(found, dict) else {}


def write_form(path: Path, form: dict[str, Any]) -> None:
    """Write a JSON object, whole or not at all."""
    write_private(path, json.dumps(form, ensure_ascii=False, indent=1) + "\n")
