"""Every invariant, broken on purpose: doctor names it and says how to mend it; mended, all is sound again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from lianfang.config import beats, environment
from lianfang.config.runtime import doctor, soundness
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.running import Claim
from lianfang.ground.people import commands as people
from lianfang.ground.places import commands as places
from lianfang.kernel.roles import WEB
from lianfang.kernel.soundness import Finding
from tests.committed import superuser
from tests.factories.cast import Cast, cast
from tests.factories.incidents import opened, raised
from tests.settings import ROLE_PASSWORD, SERVER

__all__ = ["cast"]

A, B, BUILDING, DOOR = "{cast.a.id}", "{cast.b.id}", "{cast.a_building.id}", "{cast.a_door.id}"
UNLOCK = "alter table places_position drop constraint position_of_building_once, drop constraint position_given_once"
AGAIN = "insert into places_position (place_id, level, lo, hi, given_on) select '{cast.b_building.id}', level, lo, hi, given_on"
PAST = "insert into places_placepast (place_id, level, valid_from, valid_to, name, parent_id, lo, hi, moved_itself)"

BOOK = (
    "do $$ declare opened int; begin select id into opened from ledger_open_book('beside', null, 'resident', '2022-01', false); "
    "execute format('alter table ledger_record_b%s rename to ledger_record_b0', opened); end $$"
)

# What breaks it (several statements), and what mends it where a command does; else the damage is taken back.
Mend = Callable[[Cast], object] | None
DAMAGES: dict[str, tuple[tuple[str, ...], Mend]] = {
    "places.nested": ((f"update places_place set parent_id = '{B}' where id = '{BUILDING}'",), None),
    "places.apart": ((f"update places_place set hi = hi + 1 where id = '{A}'",), None),
    "places.orphans": (
        (f"update places_place set valid_to = since + 1 where id = '{A}'",),
        lambda cast: places.move(cast.a_building.place_id, cast.b.place_id, by=None),
    ),
    "places.given": ((f"delete from places_position where place_id = '{BUILDING}'",), None),
    "places.given_once": ((UNLOCK, f"{AGAIN} from places_position where place_id = '{BUILDING}'"), None),
    "places.past": (
        (f"{PAST} select id, level, since, since + 9, name, parent_id, lo, hi, false from places_place where id = '{BUILDING}'",),
        None,
    ),
    "places.codes": ((f"update places_place set code = '220106001001' where id = '{B}'",), None),
    "places.tally": (("update places_tally set doors = doors + 1",), lambda _cast: places.recount()),
    "places.spellings": ((f"delete from places_searchkey where place_id = '{A}'",), lambda _cast: places.respell_all()),
    "places.areas": (
        (f"update places_place set valid_to = since + 1 where id = '{BUILDING}' or parent_id = '{BUILDING}'",
         "update places_place set valid_to = since + 1 where lo > {cast.a_building.lo} and lo < {cast.a_building.hi}",
         "delete from people_residence", "delete from people_household", "delete from people_tally", "delete from places_tally"),
        None,
    ),
    "people.tallies": (("update people_tally set living = living + 1",), lambda _cast: people.recount_all()),
    "incidents.scope": ((f"update places_place set valid_to = since + 1 where id = '{A}'",), None),
    "incidents.measures": (("update incidents_measure set lifted_at = begins_at",), None),
    "accounts.grants": ((f"update places_place set valid_to = since + 1 where id = '{A}'",), None),
    "accounts.administered": (("update accounts_grant set revoked_at = now()",), None),
    "database.row_security": (("alter table people_residence disable row level security",), None),
    "database.partitions": ((BOOK, f"grant select on ledger_record_b0 to {WEB}"), None),
    "database.migrated": (("delete from django_migrations where app = 'sessions'",), None),
}  # fmt: skip


def wrong() -> dict[str, Finding]:
    # A server for development gives durability up on purpose.
    return {found.check: found for found in doctor.examine() if not found.ok and found.check != "database.durable"}


def do(cast: Cast, statements: tuple[str, ...]) -> None:
    """As whoever writes to the tables past the program: its triggers do not see it."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in ("places_place", "places_placepast", "places_position", "people_household", "people_residence"):
            cursor.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            cursor.execute(statement.format(cast=cast))


@pytest.fixture
def incident(cast: Cast) -> None:
    raised(opened(place=cast.a.place_id), "one_gate", place=cast.a.place_id)


@pytest.mark.parametrize("check", DAMAGES)
def test_doctor_names_what_is_broken_and_how_to_mend_it(cast: Cast, incident: None, check: str) -> None:
    damage, mend = DAMAGES[check]
    mark = transaction.savepoint()
    do(cast, damage)
    found = wrong()
    assert check in found
    assert found[check].mend
    assert f"→ {check}: {found[check].mend}" in doctor.report(list(found.values()))
    if mend is None:
        transaction.savepoint_rollback(mark)
        assert wrong() == {}
    else:
        mend(cast)
        assert check not in wrong()
        transaction.savepoint_rollback(mark)


def test_a_role_that_has_become_strong_or_may_become_another_is_found(db: None) -> None:
    for stronger, weaker in (
        (f"alter role {WEB} createrole", f"alter role {WEB} nocreaterole"),
        (f"alter role {WEB} bypassrls", f"alter role {WEB} nobypassrls"),
        (f"grant {SERVER.user} to {WEB}", f"revoke {SERVER.user} from {WEB}"),
        (f"alter role {WEB} rename to lianfang_gone", f"alter role lianfang_gone rename to {WEB}"),
    ):
        with superuser() as server:
            server.execute(stronger.encode())
            try:
                found = wrong()["database.roles"]
            finally:
                server.execute(weaker.encode())
                server.execute(f"alter role {WEB} password '{ROLE_PASSWORD}'".encode())
        assert WEB in found.found
        assert found.mend
        assert "database.roles" not in wrong(), stronger


def test_a_table_that_a_login_owns_is_found(db: None) -> None:
    with superuser() as server:
        server.execute("create table slipped_in (n int)")
        server.execute(f"alter table slipped_in owner to {WEB}".encode())
        try:
            found = wrong()["database.owners"]
        finally:
            server.execute("drop table slipped_in")
    assert (found.found, found.mend) == ("slipped_in", "alter table … owner to lianfang_owner")
    assert "database.owners" not in wrong()


def test_a_page_that_the_disk_has_changed_is_found(db: None) -> None:
    """Two databases beside ours: copied as files, the second has nothing in the server's memory, and its first reader meets the disk."""
    with superuser() as server:
        assert server.execute("show data_checksums").fetchone() == ("on",)
        for name in ("lianfang_damaged", "lianfang_whole"):
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        server.execute("create database lianfang_whole template template0 strategy file_copy")
        with psycopg.connect(replace(SERVER, name="lianfang_whole").url(), autocommit=True) as whole:
            whole.execute("create table kept as select n from generate_series(1, 100) n")
        server.execute("create database lianfang_damaged template lianfang_whole strategy file_copy")
        try:
            with psycopg.connect(replace(SERVER, name="lianfang_damaged").url(), autocommit=True) as damaged:
                file = damaged.execute("select pg_relation_filepath('kept')").fetchone()
                assert file
                harm = f"copy (select 1) to program 'dd of={file[0]} bs=1 seek=8000 conv=notrunc'"
                damaged.execute(harm.encode())
                with pytest.raises(psycopg.errors.DataCorrupted):
                    damaged.execute("select sum(n) from kept")
            found = wrong()["database.undamaged"]
            assert "restore the last backup" in found.mend
        finally:
            for name in ("lianfang_damaged", "lianfang_whole"):
                server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    assert "database.undamaged" not in wrong()


def test_a_transaction_that_holds_figures_back_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "_LONG", -600)  # nobody has to wait a minute
    here = replace(SERVER, name=str(connection.settings_dict["NAME"]))
    web = replace(here, user=WEB, password=ROLE_PASSWORD)
    with psycopg.connect(web.url()) as one, psycopg.connect(here.url()) as other:
        for role, stranger in ((WEB, one), (SERVER.user, other)):
            stranger.execute("select pg_current_xact_id()")
            found = wrong()["database.transactions"]
            assert f"process {stranger.info.backend_pid} of {role}" in found.found
            assert "pg_terminate_backend" in found.mend
            with connection.cursor() as cursor:
                cursor.execute("select pg_stat_clear_snapshot()")
        one.rollback()
        other.rollback()
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
        still = wrong().get("database.transactions")  # the server's own housekeeping may be at work
        pids = [f"process {stranger.info.backend_pid} " for stranger in (one, other)]
        assert still is None or not any(pid in still.found for pid in pids)


def test_a_folder_that_has_fallen_silent_is_found_where_something_serves(db: None) -> None:
    beats.beat("folder")
    serving = Claim(Home.here())  # as `up` takes it
    assert "folder.beats" not in wrong()
    path = environment.home() / "run" / "folder.beat"
    long_ago = max(0.0, time.monotonic() - timedelta(minutes=10).total_seconds())
    os.utime(path, (long_ago, long_ago))
    assert "HOME/logs/folder.log" in wrong()["folder.beats"].mend
    serving.release()
    assert "folder.beats" not in wrong()
    beats.forget("folder")
