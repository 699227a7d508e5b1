"""The two ways in that the stories use: the command line and HTTP. Nothing here knows a rule of the product."""

from __future__ import annotations

import io
import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianfang.config.main import parser
from lianfang.doors.cli import frame

PASSWORD = "梅花三弄 for stories 1719"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def found(self) -> Any:
        """The one object of `--json`."""
        return json.loads(self.out)

    @property
    def all(self) -> str:
        """Everything it printed."""
        return self.out + self.err


@cache
def command_line() -> ArgumentParser:
    """The whole command line, put together once: that takes longer than most commands."""
    return parser()


def command(*words: object) -> Said:
    """Run a command as typed, whatever it answers."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        whole = command_line()
        status = frame.perform(whole.parse_args([str(word) for word in words]), whole)
    return Said(status, out.getvalue(), err.getvalue())


def done(*words: object) -> Any:
    """Run a command with `--json` that must do what it is told; the object it prints."""
    said = command(*words, "--json")
    assert said.status == 0, said.all
    return said.found


def send(folder: Path, login: str, records: Sequence[Mapping[str, object]]) -> Any:
    """Send records as somebody from a file of lines."""
    file = folder / f"{login}.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records))
    return done("records", "send", file, "--as", login)


class Browser:
    """Somebody signed in at the desk through its own page."""

    def __init__(self, login: str, password: str = PASSWORD) -> None:
        self.client = Client()
        answer = self.client.post(reverse("desk:sign_in"), {"login": login, "password": password})
        assert answer.status_code == 302, answer.content.decode()

    def get(self, name: str, /, *args: object, **query: str) -> HttpResponse:
        """A page by its name."""
        return self.client.get(reverse(name, args=args), query)

    def post(self, name: str, /, *args: object, **fields: Any) -> HttpResponse:
        """Send a form."""
        return self.client.post(reverse(name, args=args), fields)

    def did(self, name: str, /, *args: object, **fields: Any) -> HttpResponse:
        """Send a form that must be taken: the answer leads on, or is the part that was changed."""
        answer = self.post(name, *args, **fields)
        assert answer.status_code in {200, 302, 303}, answer.content.decode()
        return answer


class Device:
    """A program that reads the machine interface with the token of a device."""

    def __init__(self, login: str) -> None:
        token = done("accounts", "devices", "add", login, "示例平板")["token"]
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: str) -> HttpResponse:
        """An answer, whatever its status."""
        return self.client.get(f"/api/v1/{path}", query)

    def read(self, path: str, **query: str) -> Any:
        """An answer that must be given."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()
