"""`init` makes a real installation: one administrator, no demonstration, and nothing half done."""

from __future__ import annotations

import json

import psycopg
import pytest

from lianfang.config.runtime import secrets
from lianfang.config.runtime.postgres import Cluster
from tests.config.conftest import Command


def rows(command: Command, sql: str) -> list[tuple[object, ...]]:
    cluster = Cluster(command.home, secrets.passwords(command.home / "secrets")["postgres"])
    with psycopg.connect(cluster.server("lianfang").url()) as connection:
        return list(connection.execute(sql).fetchall())


@pytest.mark.slow
def test_the_first_administrator_is_the_only_account_and_administers_every_province(lianfang: Command) -> None:
    lianfang.more["LIANFANG_ADMIN_PASSWORD"] = "short"
    refused = lianfang("init", "--login", "admin", "--name", "王示例")
    assert refused.returncode == 1
    assert not (lianfang.home / "postgres").exists(), "nothing is made for a password that will not do"

    lianfang.more["LIANFANG_ADMIN_PASSWORD"] = "a-long-password-for-tests"
    made = lianfang("init", "--login", "admin", "--name", "王示例", patience=300)
    assert made.returncode == 0, made.stderr
    assert rows(lianfang, "select login, must_set_password, password like 'scrypt%' from accounts_account") == [("admin", False, True)]
    assert rows(lianfang, "select role, count(*) from accounts_grant group by 1") == [("administrator", 31)]
    assert json.loads(lianfang("doctor", "--json").stdout)["ok"]

    again = lianfang("init", "--login", "other", "--name", "李示例")
    assert again.returncode == 1
    assert "accounts already" in again.stderr
    assert rows(lianfang, "select count(*) from accounts_account") == [(1,)]
