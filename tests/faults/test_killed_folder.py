"""The folder is killed outright in the middle of a batch: nothing of it stays, and the next folder loses nothing and counts nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from lianfang.kernel import clock
from lianfang.ledger.folding import rebuilding
from tests.committed import superuser, transactional_db
from tests.factories.cast import Cast, make_cast
from tests.ledger import recount
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send
from tests.ledger.test_folding_histories import addresses_of
from tests.settings import ROLE_PASSWORD, SERVER

__all__ = ["transactional_db"]

ROOT = Path(__file__).parents[2]
WITHIN = 60.0  # a machine that also does other things


@dataclass
class Folders:
    """Real folder processes, one after the other."""

    log: Path
    running: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        database = replace(SERVER, user="lianfang_folder", password=ROLE_PASSWORD, name=str(connection.settings_dict["NAME"]))
        environment = os.environ | {
            "LIANFANG_DATABASE": database.url(), "DJANGO_SETTINGS_MODULE": "lianfang.config.settings", "PYTHONPATH": str(ROOT / "src"),
        }  # fmt: skip
        program = "import django; django.setup(); from lianfang.config.runtime.folder import run; run()"
        with self.log.open("ab") as out:
            self.running = subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=out, stderr=out)

    def kill(self) -> None:
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        assert self.running.wait(timeout=10) == -signal.SIGKILL

    def wait(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + WITHIN
        while not true():
            assert self.running is not None
            assert self.running.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Folders]:
    made = Folders(tmp_path / "folder.log")
    yield made
    if made.running is not None:
        with suppress(ProcessLookupError):
            made.running.kill()
        made.running.wait(timeout=10)


@pytest.fixture
def town(transactional_db: None) -> Cast:
    return make_cast()


def an_evening(town: Cast, doors: list[UUID], *, count: int, seed: int) -> None:
    """Visits at random doors over three days, one in ten of them corrected, and help that is asked for."""
    chance = Random(seed)
    made = []
    for _ in range(count):
        outcome = chance.choice(["seen", "dark", "lit", "phone", "refused"])
        payload = {"outcome": outcome, "wants_help": outcome == "seen" and chance.random() < 0.1}
        moment = clock.now() - timedelta(minutes=chance.randint(1, 4000))
        made.append(record(chance.choice(doors), payload=payload, occurred_at=moment))
    mended = [correction(root, to={"outcome": "away"}) for root in made if chance.random() < 0.1]
    assert {verdict.word.value for verdict in send(*made, *mended, author=town.secretary.account_id, trusted=True)} == {"kept"}


def writes_waiting() -> bool:
    """Whether the folder has folded something and now waits for the table that is held."""
    with superuser() as server:
        [(waiting,)] = server.execute(
            "select exists (select from pg_stat_activity where usename = 'lianfang_folder' and wait_event_type = 'Lock' and query <> '')"
        ).fetchall()
    return bool(waiting)


@contextmanager
def held(table: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Nobody writes this table: a folder stops in the middle of its batch, with everything before it written and not committed."""
    with superuser() as server, server.transaction():
        server.execute(f"lock table {table} in share mode".encode())
        yield server


def nobody_folds() -> bool:
    with superuser() as server:
        return not server.execute("select 1 from pg_stat_activity where usename = 'lianfang_folder'").fetchall()


def folded(town: Cast, sent: int) -> bool:
    """Whether every record that was sent is behind every cursor."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_record")
        there = cursor.fetchone()[0]
        cursor.execute(
            "select count(*), bool_and((c.xact, c.seq) >= (l.xact, l.seq)) from ledger_cursor c "
            "cross join (select xact, seq from ledger_record order by xact desc, seq desc limit 1) l where c.state = 'running'"
        )
        cursors, behind_none = cursor.fetchone()
    return there >= sent and cursors > 0 and bool(behind_none)


@pytest.mark.parametrize("table", ["rounds_doorstate", "rounds_visittally", "matters_matter"])
def test_killed_in_the_middle_of_a_batch(town: Cast, folders: Folders, table: str) -> None:
    addresses = addresses_of(town)
    an_evening(town, list(addresses), count=300, seed=7)
    with held(table):
        folders.begin()
        folders.wait(writes_waiting)
        folders.kill()
    assert_until(nobody_folds)
    assert recount.table(table) == [], "the batch was taken back whole"
    folders.begin()
    folders.wait(lambda: folded(town, 300))
    folders.kill()
    assert_as_recounted(town)


def test_killed_again_and_again_while_records_come_in(town: Cast, folders: Folders) -> None:
    addresses = addresses_of(town)
    chance = Random(11)
    for turn in range(4):
        folders.begin()
        an_evening(town, list(addresses), count=150, seed=turn)
        time.sleep(chance.random() * 1.5)
        folders.kill()
        an_evening(town, list(addresses), count=50, seed=100 + turn)
    folders.begin()
    folders.wait(lambda: folded(town, 800))
    folders.kill()
    assert_as_recounted(town)


def assert_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def assert_as_recounted(town: Cast) -> None:
    """Every table is what a plain recount says and what a folding from zero says; help asked for once is one matter."""
    assert_until(nobody_folds)
    fold_all()
    numbers = {town.a.id: town.a.lo, town.b.id: town.b.lo} | {place: address.number for place, address in addresses_of(town).items()}
    assert recount.differences(addresses_of(town), numbers) == {}
    causes = [row["cause"] for row in recount.table("matters_matter")]
    assert causes
    assert len(causes) == len(set(causes))
    assert [table for table in rebuilding.rebuild(check=True) if not table.same] == []
