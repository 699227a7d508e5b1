"""A backup of a running installation, and what comes back from it elsewhere: at its end, at a moment, and not at all without its key."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lianfang.config.runtime import database, installation
from lianfang.config.runtime.backups import archive, keys, renewing
from lianfang.config.runtime.home import Home
from lianfang.kernel import clock
from lianfang.kernel.roles import OWNER
from tests.config.conftest import BARE, Command, commanding, open_place

CANARY = "canary-5f1a9c"


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    held = installation.current(home)
    assert held is not None
    with psycopg.connect(database.engine(home).server(OWNER, held.database).url(), autocommit=True) as connection:
        found = connection.execute(sql.encode())
        return list(found.fetchall()) if found.description else []


def told(command: Command, *words: str) -> Any:
    done = command(*words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def log_kept(home: Home) -> None:
    """What was changed until now is in the backup."""
    cluster = database.engine(home).cluster
    assert cluster is not None
    with psycopg.connect(cluster.server().url(), autocommit=True) as administrator:
        [(piece,)] = administrator.execute("select pg_walfile_name(pg_switch_wal())").fetchall()
    until = time.monotonic() + 30
    while piece not in [path.name for path in archive.handed_over(cluster)]:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert archive.keep(home, cluster) >= 1


def elsewhere(town: Command, place: Path, *words: str) -> Home:
    """Restored into a new home that was given the keys: another machine."""
    other = Command(place / "other", town.more)
    shutil.rmtree(other.home, ignore_errors=True)
    (other.home / "secrets").mkdir(parents=True)
    (other.home / "secrets").chmod(0o700)
    other.home.chmod(0o711)
    for name in ("backups.json", "keyring.json", "django"):
        shutil.copy(town.home / "secrets" / name, other.home / "secrets" / name)
    restored = other("restore", *words, "--from", str(place / "kept"), "--json")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    return Home(other.home)


def stop(home: Home) -> None:
    cluster = database.engine(home).cluster
    assert cluster is not None
    cluster.stop()


def test_what_was_backed_up_comes_back_elsewhere_and_what_was_erased_does_not() -> None:
    with open_place() as place, commanding(place) as town:
        assert town("setup", *BARE).returncode == 0
        home = Home(town.home)
        assert renewing.renew(home).name is None, "where no backups are kept, none is made"

        ask(home, f"create table kept as select n, '{CANARY}' || n as words from generate_series(1, 1000) n")
        (home.path / "files" / "7").mkdir(parents=True, mode=0o700)
        (home.path / "files" / "7" / "photo").write_bytes(CANARY.encode())
        first = told(town, "backup", "--to", str(place / "kept"))["name"]
        ask(home, "insert into kept values (1001, 'later')")
        moment = clock.now()
        time.sleep(0.05)
        ask(home, "insert into kept values (1002, 'later still')")
        log_kept(home)
        files = [path for path in (place / "kept").rglob("*") if path.is_file()]
        assert len(files) > 3
        key = json.loads((town.home / "secrets" / "backups.json").read_text())[first]["key"]
        assert [path for path in files for words in (CANARY, key) if words.encode() in path.read_bytes()] == []

        other = elsewhere(town, place, first, "--until", moment.isoformat())
        assert ask(other, "select count(*), max(n) from kept") == [(1001, 1001)]
        assert (other.path / "files" / "7" / "photo").read_bytes() == CANARY.encode()
        refused = Command(other.path)("restore", "latest")
        assert refused.returncode == 1
        assert "--replace" in refused.stderr
        stop(other)

        ask(home, "drop table kept")
        renewed = renewing.renew(home)
        assert list(renewed.destroyed) == [first]
        assert not (place / "kept" / first).exists()
        shown = {backup["name"]: backup["readable"] for backup in told(town, "backup", "list")["backups"]}
        assert shown == {first: False, renewed.name: True}
        with pytest.raises(keys.BackupKeyGone):
            keys.of(home, first)
        other = elsewhere(town, place, "latest")
        assert ask(other, "select to_regclass('kept')") == [(None,)]
        plain = [path for path in (other.path / "postgres").rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
        assert plain == [], "no byte of what was erased came along"
        stop(other)
