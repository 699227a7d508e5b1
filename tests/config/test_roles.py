"""The four roles are what the second lock needs them to be."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_no_role_of_ours_may_pass_row_security() -> None:
    found = rows(
        "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcanlogin from pg_roles where rolname like 'lianfang\\_%' order by 1"
    )
    assert found == [
        ("lianfang_folder", False, False, False, True),
        ("lianfang_intake", False, False, False, True),
        ("lianfang_owner", False, False, True, True),
        ("lianfang_web", False, False, False, True),
    ]


def test_tests_connect_as_owner_and_start_with_an_empty_scope() -> None:
    assert rows(
        "select current_user::text, current_setting('lianfang.lo1'), current_setting('lianfang.hi4'), current_setting('lianfang.actor')"
    ) == [
        ("lianfang_owner", "0", "0", ""),
    ]


@pytest.mark.parametrize("login", ["lianfang_web", "lianfang_intake", "lianfang_folder"])
def test_the_owner_may_step_down_to_each_login(login: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {login}")
    assert rows("select current_user::text") == [(login,)]
