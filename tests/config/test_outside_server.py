"""A server of one's own, named in DATABASE_URL: used when it is fit, refused in words when it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from lianfang.config.runtime.postgres import Cluster, free_port
from tests.config.conftest import BARE, Command, open_place


@pytest.fixture(scope="module")
def outside() -> Iterator[Cluster]:
    with open_place() as place:
        made = Cluster(place / "server", "only-for-tests", small=True)
        made.start()
        yield made
        made.stop()


def alter(cluster: Cluster, *statements: str) -> None:
    with psycopg.connect(cluster.server().url(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit"])
def test_a_server_that_may_lose_what_it_confirmed_is_refused(lianfang: Command, outside: Cluster, setting: str) -> None:
    alter(outside, f"alter system set {setting} = off", "select pg_reload_conf()", "select pg_sleep(0.3)")
    lianfang.more["DATABASE_URL"] = outside.server("town").url()
    refused = lianfang("setup", *BARE)
    assert refused.returncode == 1
    alter(outside, f"alter system reset {setting}", "select pg_reload_conf()", "select pg_sleep(0.3)")
    assert f"{setting} switched off" in refused.stderr


def test_silence_a_wrong_password_and_nonsense_are_told_apart(lianfang: Command, outside: Cluster) -> None:
    said = {}
    for name, url in {
        "silent": f"postgresql://x:y@127.0.0.1:{free_port()}/town",
        "wrong": outside.server("town").url().replace("only-for-tests", "wrong-one"),
        "nonsense": "mysql://x",
    }.items():
        lianfang.more["DATABASE_URL"] = url
        refused = lianfang("setup", *BARE)
        assert refused.returncode == 1
        assert "wrong-one" not in refused.stderr
        said[name] = refused.stderr
    assert "No database answers" in said["silent"]
    assert "does not let postgres in" in said["wrong"]
    assert "cannot be read" in said["nonsense"]


def test_another_installations_roles_are_left_alone(lianfang: Command, outside: Cluster) -> None:
    alter(outside, "create role lianfang_folder login password 'another'")
    lianfang.more["DATABASE_URL"] = outside.server("town").url()
    refused = lianfang("setup", *BARE)
    assert refused.returncode == 1
    alter(outside, "drop role lianfang_folder")
    assert "lianfang_folder" in refused.stderr


def test_it_is_used_by_an_administrator_who_is_no_superuser(lianfang: Command, outside: Cluster) -> None:
    alter(outside, "create role clerk login createrole createdb password 'clerk'", "create database town owner clerk")
    lianfang.more["DATABASE_URL"] = replace(outside.server("town"), user="clerk", password="clerk").url()
    assert lianfang("setup", *BARE).stderr.count("✓") == 3
    assert lianfang("setup", *BARE).returncode == 0
    assert json.loads(lianfang("doctor", "--json").stdout)["ok"]
    assert not (lianfang.home / "postgres").exists()
