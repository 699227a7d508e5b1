"""A load that is killed in the middle is taken up by the process of jobs; what is overdue goes, whoever brought it; counts stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connection

from lianfang.config.runtime import jobs
from lianfang.ground.people import queries as people
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.commands import receiving
from lianfang.ground.rosters.loading_types import ContentGone, State
from lianfang.ground.rosters.models import Roster, Row
from lianfang.kernel import clock
from tests.committed import transactional_db
from tests.factories.cast import Cast, make_cast
from tests.factories.loaded_rosters import line, roster_of
from tests.settings import ROLE_PASSWORD, SERVER

__all__ = ["transactional_db"]

ROOT = Path(__file__).parents[2]
PEOPLE = 300
# The load stops in the second of its transactions and waits to be killed there: after some of the people were taken in.
KILLED_AFTER_THE_FIRST_PIECE = """
import sys, time
import django; django.setup()
from lianfang.ground.rosters.commands import loading
loading.AT_ONCE = 100
take, taken = loading.people_commands.take_roster, []
def once(*arguments, **named):
    if taken:
        print("taken", flush=True)
        time.sleep(60)
    take(*arguments, **named)
    taken.append(1)
loading.people_commands.take_roster = once
import argparse
from lianfang.doors.cli import frame, rosters
parser = argparse.ArgumentParser()
rosters.register(parser.add_subparsers())
sys.exit(frame.perform(parser.parse_args(sys.argv[1:]), parser))
"""


class Once(Event):
    """Says stop when there is nothing left to do."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cast:
    monkeypatch.setenv("LIANFANG_HOME", str(tmp_path))
    return make_cast()


@pytest.mark.parametrize("login", ["secretary.a", ""])
def test_a_killed_load_is_taken_up_and_its_content_goes_in_time(town: Cast, tmp_path: Path, login: str) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(roster_of(*(line(f"王示{chr(0x4E00 + n)}", "1-1-102") for n in range(PEOPLE))))
    before = people.counts([town.a.range]).living
    database = replace(
        SERVER, user="lianfang_web" if login else "lianfang_owner", password=ROLE_PASSWORD, name=str(connection.settings_dict["NAME"])
    )
    environment = os.environ | {
        "LIANFANG_DATABASE": database.url(), "DJANGO_SETTINGS_MODULE": "lianfang.config.settings", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    words = ["roster", "load", str(file), "--community", town.a.code, "--json", *(["--as", login] if login else [])]
    command = [sys.executable, "-c", KILLED_AFTER_THE_FIRST_PIECE, *words]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"taken\n"
        child.send_signal(signal.SIGKILL)
    assert people.counts([town.a.range]).living == before + 100
    roster = Roster.objects.get()
    assert roster.state == State.LOADING

    began = time.monotonic()
    while Roster.objects.get().state != State.LOADED:
        jobs.serve(Once())
        assert time.monotonic() - began < 60
    assert people.counts([town.a.range]).living == before + PEOPLE
    assert queries.summary(roster.id).added == PEOPLE

    sums = queries.summary(roster.id)
    Roster.objects.update(brought_at=clock.now() - timedelta(days=29))
    jobs.serve(Once())
    assert receiving.content_of(roster.id) == file.read_bytes()
    Roster.objects.update(brought_at=clock.now() - timedelta(days=31))
    jobs.serve(Once())
    with pytest.raises(ContentGone):
        receiving.content_of(roster.id)
    assert not Row.objects.filter(sealed__isnull=False).exists()
    assert not Row.objects.filter(said_sealed__isnull=False).exists()
    assert Roster.objects.get().erased_at is not None
    assert [sample for sheet in Roster.objects.get().layouts for samples in sheet["samples"] for sample in samples] == []
    assert queries.summary(roster.id) == sums
    assert commands.erase_overdue() == 0
