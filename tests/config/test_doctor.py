"""The database's checks of soundness find what they are there to find."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from lianfang.config.runtime import doctor, soundness
from lianfang.kernel.sealing import Keyring

pytestmark = pytest.mark.django_db


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_new_database_is_sound() -> None:
    assert [found for found in doctor.examine() if not found.ok] == []


def test_a_table_with_a_policy_but_row_security_off_is_found() -> None:
    run("create table open_door (position bigint)", "create policy p on open_door to lianfang_web using (true)")
    found = soundness.row_security()
    assert (found.ok, found.found) == (False, "open_door")
    assert found.mend


def test_a_table_without_a_policy_for_the_systems_is_found() -> None:
    run(
        "create table half_door (position bigint)",
        "alter table half_door enable row level security",
        "create policy p on half_door to lianfang_web using (true)",
    )
    assert soundness.row_security().found == "half_door"


def test_a_partition_that_the_web_role_reaches_beside_its_table_is_found() -> None:
    run(
        "create table book (position bigint) partition by list (position)",
        "create table book_1 partition of book for values in (1)",
        "alter table book enable row level security",
    )
    assert soundness.partitions_closed().ok
    run("grant select on book_1 to lianfang_web")
    assert soundness.partitions_closed().found == "book_1"


def test_a_table_that_the_web_role_owns_is_found() -> None:
    run("grant create on schema public to lianfang_web", "create table mine (n int)", "alter table mine owner to lianfang_web")
    assert (soundness.owners().ok, soundness.owners().found) == (False, "mine")


def test_a_role_that_gives_up_durability_is_found() -> None:
    run("alter role lianfang_owner set synchronous_commit = off")
    assert soundness.durable().found == "lianfang_owner: synchronous_commit=off"


def test_a_migration_that_is_missing_is_found() -> None:
    run("delete from django_migrations where app = 'sessions'")
    assert "sessions.0001_initial" in soundness.migrated().found


def test_a_keyring_that_is_gone_is_found(settings: LazySettings, tmp_path: Path) -> None:
    settings.LIANFANG_KEYRING = tmp_path / "nowhere.json"
    assert not soundness.keys().ok
    Keyring.generate().write(tmp_path / "nowhere.json")
    assert soundness.keys().ok


def test_a_check_that_breaks_is_a_finding_and_does_not_hide_the_others() -> None:
    run("alter table accounts_account rename to elsewhere")
    found = {one.check: one for one in doctor.examine()}
    assert not found["keys.open"].ok
    assert found["database.durable"].ok


def test_the_report_ends_with_what_is_wrong_and_how_to_mend_it() -> None:
    run("alter role lianfang_owner set synchronous_commit = off")
    lines = doctor.report(doctor.examine()).splitlines()
    assert lines[-2].strip().startswith("→ database.durable: switch them on")
