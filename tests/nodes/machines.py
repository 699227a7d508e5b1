"""Installations with a server of their own each, side by side on one machine, and commands run in them.

A machine is one Python process that has loaded the product once: what is to be done there is sent to it as lines of Python, or as the words
of a command. Nothing waits without an end.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from lianfang.config.runtime import secrets
from lianfang.config.runtime.postgres import Cluster

PATIENCE = 60.0  # seconds for one thing done at a machine

_SERVER = """
import contextlib, io, json, os, sys, traceback
os.environ["DJANGO_SETTINGS_MODULE"] = "lianfang.config.settings"
sys.path[:0] = sys.argv[1:]
import django
django.setup()
from lianfang.config import main
from lianfang.config.runtime import database, installation
from lianfang.config.runtime.home import Home
answers = sys.stdout
known = {}
for line in sys.stdin:
    asked = json.loads(line)
    said, wrong = io.StringIO(), io.StringIO()
    value, status = None, 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        try:
            os.environ.update(asked.get("environment", {}))
            if "words" in asked:
                status = main.main(asked["words"])
            else:
                installation.enter(Home.here())
                known["answer"] = None
                exec(asked["python"], known)
                value = known["answer"]
        except SystemExit as ended:
            status = int(ended.code or 0)
        except BaseException:
            status = 99
            traceback.print_exc()
    answers.write(json.dumps([status, said.getvalue(), wrong.getvalue(), value], default=str) + "\\n")
    answers.flush()
"""


_PAGE = """
import re
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from lianfang.ground.places import queries as places
client = Client(headers={{"Accept-Language": "en"}})
client.force_login(get_user_model().objects.get(login={login!r}))
asked = dict({asked!r})
key = [asked.pop("key")] if "key" in asked else []
seen = client.get(reverse("desk:{name}", args=[places.by_code({code!r}).id, *key]), asked)
answer = seen.status_code, " ".join(re.sub(r"<[^>]+>", " ", seen.content.decode()).split())
"""


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    status: int
    said: str
    wrong: str


@dataclass
class Machine:
    """One installation."""

    home: Path
    process: subprocess.Popen[str] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str, **environment: str) -> Answer:
        """`./lianfang …` here."""
        status, said, wrong, _value = self._ask({"words": words, "environment": environment})
        assert status != 99, wrong
        return Answer(status, said, wrong)

    def told(self, *words: str, **environment: str) -> Any:
        """The same with `--json`, done without trouble."""
        answer = self.command(*words, "--json", **environment)
        assert answer.status == 0, answer.said + answer.wrong
        return json.loads(answer.said)

    def python(self, code: str) -> Any:
        """What the lines leave in `answer`, run as the owner of the database here."""
        status, _said, wrong, value = self._ask({"python": code})
        assert status == 0, wrong
        return value

    def _ask(self, asked: dict[str, Any]) -> tuple[int, str, str, Any]:
        running = self.process or self._begin()
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(json.dumps(asked) + "\n")
        running.stdin.flush()
        ready, _, _ = select.select([running.stdout], [], [], PATIENCE)
        assert ready, f"{self.home.name} did not answer within {PATIENCE:.0f} s: {asked}"
        status, said, wrong, value = json.loads(running.stdout.readline())
        return status, said, wrong, value

    def _begin(self) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANFANG_", "DATABASE_URL", "DJANGO_"))}
        ours = {"LIANFANG_HOME": str(self.home), "LIANFANG_LANGUAGE": "en", "LIANFANG_DEMO": "tests"}  # no second factor is asked for
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(root / "src"), str(root)], env={**kept, **ours}, cwd="/", text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self.process

    @property
    def cluster(self) -> Cluster:
        """Its server."""
        return Cluster(self.home, secrets.passwords(self.home / "secrets")["postgres"], small=True)

    def rows(self, statement: str, values: Sequence[Any] = (), database: str = "lianfang") -> list[tuple[Any, ...]]:
        """What its superuser reads there."""
        with psycopg.connect(self.cluster.server(database).url(), connect_timeout=5, autocommit=True) as connection:
            found = connection.execute(statement.encode(), list(values) or None)
            return found.fetchall() if found.description else []

    def copied(self, name: str) -> Machine:
        """Another machine that begins as this one is, stopped."""
        there = self.home.with_name(name)
        shutil.copytree(self.home, there, copy_function=_copy)
        _own_as(self.home, there)
        (there / "database.port").unlink()
        return Machine(there)

    def beside(self) -> Machine:
        """A second process at the same installation."""
        return Machine(self.home)

    def start(self) -> None:
        """The server is there again."""
        self.cluster.start()

    def page(self, login: str, name: str, code: str, **asked: str) -> tuple[int, str]:
        """A page of the desk about the place of a code, in words, as somebody sees it; and its status."""
        status, words = self.python(_PAGE.format(login=login, name=name, code=code, asked=asked))
        return int(status), str(words)

    def kill(self) -> None:
        """The server is gone at once, as when the machine loses its power."""
        cluster = self.cluster
        cluster.run("pg_ctl", "-D", cluster.directory_of_cluster, "-m", "immediate", "-w", "-t", "20", "stop")

    def leave(self) -> None:
        """End the process; the server stays."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate(timeout=10)
            self.process = None

    def end(self) -> None:
        """Stop everything here."""
        self.leave()
        if (self.home / "secrets").exists() and self.cluster.directory_of_cluster.exists():
            self.kill()


def _copy(source: str, target: str) -> None:
    shutil.copy2(source, target)


def _own_as(source: Path, target: Path) -> None:
    """Files of a copy belong to whom they belonged."""
    if os.geteuid() != 0:
        return
    for path in (source, *source.rglob("*")):
        found = path.lstat()
        os.chown(target / path.relative_to(source), found.st_uid, found.st_gid, follow_symlinks=False)
