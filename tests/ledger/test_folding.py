"""Cursors, late commits, two folders, a projection that fails, the way back after a restore."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.utils import OperationalError

from lianfang.kernel import clock
from lianfang.ledger import folding, queries, reacting
from lianfang.ledger.folding import batches, cursors, engine, folder, projection, rebuilding, restoring
from lianfang.ledger.folding.cursors import Mark
from lianfang.ledger.folding.projection import Projection
from lianfang.ledger.queries import folded
from tests.committed import superuser
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.recount import table
from tests.ledger.sending import correction, record, send, words


@contextmanager
def another() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A second connection as the owner."""
    with psycopg.connect(**folder._listening(), autocommit=True) as other:
        yield other


def visits() -> int:
    return sum(row["visits"] for row in table("rounds_visittally"))


def until(condition: object, seconds: float = 20.0) -> bool:
    """Wait until something holds; a stranger's transaction on the same server may take a moment."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def test_a_record_whose_transaction_commits_late_is_not_lost(town: Cast) -> None:
    """A cursor on the sequence alone would pass over it: its number is lower than that of the record folded before."""
    send(record(town.a_door.id), trusted=True)
    fold_all()
    with another() as slow:
        slow.autocommit = False
        slow.execute(
            "insert into ledger_record (id, book, kind, version, place, position, occurred_at, recorded_at, effective_at, payload) "
            "select gen_random_uuid(), book, kind, version, place, position, occurred_at, recorded_at, effective_at, payload from ledger_record"
        )
        send(record(town.a_door.id), trusted=True)
        assert folding.fold_here()
        assert visits() == 1, "the later record may not be folded while an earlier one is still open"
        assert queries.folded_until() < clock.now()
        slow.commit()
    fold_all()
    assert visits() == 3
    assert folding.fold_here()
    assert abs(queries.folded_until() - clock.now()) < timedelta(seconds=5)


def test_two_folders_do_no_harm_and_the_second_takes_over(town: Cast) -> None:
    with another() as first:
        first.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        assert cursors.somebody_folds()
        assert not folding.fold_here()
        send(record(town.a_door.id), trusted=True)
        assert visits() == 0
    assert until(lambda: not cursors.somebody_folds())
    fold_all()
    assert visits() == 1


def test_somebody_who_moved_the_cursor_meanwhile_is_noticed(town: Cast) -> None:
    send(record(town.a_door.id), trusted=True)
    engine.ensure_cursors()
    stale = cursors.read(projection.registered())
    fold_all()
    end = cursors.read(["rounds.door_state"])[0].mark
    assert engine._fold_group(stale, end, engine.Patience())
    assert visits() == 1


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Projection]:
    """A projection that stumbles over visits with the outcome "refused"."""
    file = tmp_path / "fragile.sql"
    file.write_text("select 1 / (case when exists (select from batch b join ledger_record r on r.id = b.id "
                    "where r.payload ->> 'outcome' = 'refused') then 0 else 1 end);")  # fmt: skip
    made = Projection("test.fragile", file, {})
    monkeypatch.setitem(projection._projections, made.name, made)
    return made


def test_a_projection_that_fails_stops_alone_and_names_the_record(town: Cast, fragile: Projection) -> None:
    made = [record(town.a_door.id, payload={"outcome": outcome}) for outcome in ("seen", "seen", "refused", "seen", "seen")]
    send(*made, trusted=True)
    fold_all()
    [stuck] = cursors.read([fragile.name])
    assert (stuck.state, stuck.trouble) == ("stuck", "22012")
    assert stuck.stuck_record == UUID(str(made[2]["id"]))
    assert visits() == 5, "the others went on"
    assert cursors.read(["rounds.door_state"])[0].mark > stuck.mark


def test_one_that_was_stuck_is_tried_again_and_goes_on(town: Cast, fragile: Projection) -> None:
    send(record(town.a_door.id, payload={"outcome": "refused"}), trusted=True)
    fold_all()
    patience = engine.Patience()
    assert not patience.ready(cursors.read([fragile.name])[0]), "a minute has not passed"
    fragile.sql.write_text("select 1;")
    fragile.__dict__.pop("statements")
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert until(lambda: engine.fold_available(patience) or cursors.read([fragile.name])[0].state == "running")
    assert cursors.read([fragile.name])[0].trouble == ""


def test_sizes_shrink_and_grow(town: Cast) -> None:
    patience = engine.Patience(most=8)
    patience.failed("x", 8)
    assert patience.size == {"x": 4}
    patience.failed("x", 1)
    assert patience.size == {"x": 1}
    patience.went_well("x")
    assert patience.size == {"x": 2}
    patience.went_well("x")
    patience.went_well("x")
    assert patience.size == {}
    patience.went_well("y")


def test_trouble_of_the_server_is_no_fault_of_a_projection(town: Cast, fragile: Projection) -> None:
    fragile.sql.write_text("do $$ begin raise exception sqlstate '40001' end $$".replace(" end", "; end"))
    fragile.__dict__["statements"] = ["do $$ begin raise exception 'locked' using errcode = '40001'; end $$"]
    send(record(town.a_door.id), trusted=True)
    engine.ensure_cursors()
    with pytest.raises(OperationalError):
        assert until(engine.fold_available)
    assert cursors.read([fragile.name])[0].state == "running"


def test_a_database_from_another_cluster_is_not_folded_until_it_is_adopted(town: Cast) -> None:
    made = record(town.a_door.id)
    send(made, record(town.b_door.id), correction(made, to={"outcome": "dark"}), trusted=True)
    fold_all()
    before = table("rounds_doorstate")
    with superuser() as server:
        server.execute("update ledger_cursor set cluster = 1")
        server.execute("set session_replication_role = replica")
        server.execute("update ledger_record set xact = '9000000000000'")
    with pytest.raises(cursors.ForeignCluster):
        folding.fold_here()
    assert restoring.adopt() == 3
    assert table("rounds_doorstate") == []
    fold_all()
    assert sorted(table("rounds_doorstate"), key=str) == sorted(before, key=str)
    with pytest.raises(Exception, match="append-only"):
        connection.cursor().execute("update ledger_record set kind = 'x'")


def test_a_restore_is_done_alone(town: Cast) -> None:
    with another() as other:
        other.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        with pytest.raises(restoring.FolderRuns):
            restoring.adopt()


def test_a_rebuild_finds_and_mends_what_differs(town: Cast) -> None:
    send(*(record(door, payload={"outcome": "dark"}) for door in (town.a_door.id, town.b_door.id)), trusted=True)
    fold_all()
    right = {name: table(name) for name in ("rounds_doorstate", "rounds_visittally")}
    with connection.cursor() as cursor:
        cursor.execute("update rounds_doorstate set tries = 9 where place = %s", [town.a_door.id])
        cursor.execute("delete from rounds_doorstate where place = %s", [town.b_door.id])
        cursor.execute(
            "insert into rounds_visittally select book, position + 7, begins, outcome, span, place, visits from rounds_visittally limit 1"
        )
    found = {one.table: one for one in rebuilding.rebuild(check=True)}
    state, tally = found["rounds_doorstate"], found["rounds_visittally"]
    assert (state.lacking, state.too_many, state.different) == (1, 0, 1)
    assert (tally.lacking, tally.too_many, tally.different) == (0, 1, 0)
    assert {"place": str(town.a_door.id), "stream": str(UUID(int=0))} in state.sample
    assert not found["rounds_doorstate"].same
    rebuilding.rebuild()
    for name, rows in right.items():
        assert sorted(table(name), key=str) == sorted(rows, key=str)
    assert all(one.same for one in rebuilding.rebuild(["rounds.door_state"], check=True))
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_namespace where nspname = 'shadow'")
        assert cursor.fetchone()[0] == 0


def test_a_rebuild_mends_rows_that_lie_in_another_range(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "ROWS_AT_ONCE", 2)
    doors = [town.a_door.id, town.b_door.id]
    send(*(record(door) for door in doors), trusted=True)
    fold_all()
    right = sorted(table("rounds_doorstate"), key=str)
    with connection.cursor() as cursor:
        cursor.execute("update rounds_doorstate set position = 5 where place = %s", [town.b_door.id])
    rebuilding.rebuild()
    assert sorted(table("rounds_doorstate"), key=str) == right


def test_a_rebuild_stands_where_the_live_tables_stand(town: Cast) -> None:
    """What arrives during a rebuild is neither lost nor taken for a difference."""
    engine.ensure_cursors()
    send(record(town.a_door.id), trusted=True)
    fold_all()
    send(record(town.a_door.id), trusted=True)
    assert all(one.same for one in rebuilding.rebuild(check=True)), "not folded yet on either side"
    fold_all()
    assert visits() == 2


def test_rebuilds_do_not_run_side_by_side(town: Cast) -> None:
    with another() as other:
        other.execute("select pg_advisory_lock(%s)", [rebuilding._LOCK])
        with pytest.raises(rebuilding.RebuildRuns):
            rebuilding.rebuild(check=True)


def test_a_rebuild_with_other_cursors_behind(town: Cast, fragile: Projection) -> None:
    send(*(record(town.a_door.id, payload={"outcome": outcome}) for outcome in ("seen", "refused")), trusted=True)
    fold_all()
    assert all(one.same for one in rebuilding.rebuild(check=True))


def test_waiting_for_figures_is_short_where_nobody_folds(town: Cast) -> None:
    assert queries.wait_until_folded(5.0), "an empty book is folded"
    send(record(town.a_door.id), trusted=True)
    began = time.monotonic()
    assert not queries.wait_until_folded(5.0)
    assert time.monotonic() - began < 1
    fold_all()
    assert queries.wait_until_folded(0.0)


def test_waiting_ends_after_its_time_where_a_folder_is_slow(town: Cast) -> None:
    send(record(town.a_door.id), trusted=True)
    with another() as other:
        other.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        began = time.monotonic()
        assert not folded.wait_for(Mark(2**60, 1), 0.2)
        assert 0.15 < time.monotonic() - began < 3


def test_the_folder_wakes_folds_and_ends_when_told(town: Cast) -> None:
    stopping, rounds = threading.Event(), []
    serving = threading.Thread(target=folding.serve, args=(stopping, lambda: rounds.append(1)))
    serving.start()
    try:
        assert until(cursors.somebody_folds)
        send(record(town.a_door.id, payload={"outcome": "seen", "wants_help": True}), trusted=True)
        assert until(lambda: visits() == 1)
        assert until(lambda: len(table("matters_matter")) == 1)
        assert not folding.fold_here()
        with superuser() as server:  # the database is restarted under it
            server.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid() and query ilike %s",
                [connection.settings_dict["NAME"], "%listen%"],
            )
        send(record(town.a_door.id), trusted=True)
        assert until(lambda: visits() == 2)
    finally:
        stopping.set()
        serving.join(timeout=30)
    assert not serving.is_alive()
    assert rounds
    assert until(lambda: not cursors.somebody_folds())


def test_a_second_folder_waits_its_turn(town: Cast) -> None:
    stopping, rounds = threading.Event(), []
    with another() as first:
        first.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        waiting = threading.Thread(target=folding.serve, args=(stopping, lambda: rounds.append(1)))
        waiting.start()
        send(record(town.a_door.id), trusted=True)
        assert until(lambda: rounds)
        assert visits() == 0
    try:
        assert until(lambda: visits() == 1)
    finally:
        stopping.set()
        waiting.join(timeout=30)


def test_a_folder_in_a_foreign_cluster_says_so_and_waits(town: Cast, caplog: pytest.LogCaptureFixture) -> None:
    engine.ensure_cursors()
    with superuser() as server:
        server.execute("update ledger_cursor set cluster = 1")
    stopping = threading.Event()
    serving = threading.Thread(target=folding.serve, args=(stopping,))
    serving.start()
    try:
        assert until(lambda: "restored from a dump" in caplog.text)
    finally:
        stopping.set()
        serving.join(timeout=30)


def test_a_folder_that_is_told_to_stop_while_waiting_stops(town: Cast) -> None:
    stopping = threading.Event()
    with another() as first:
        first.execute("select pg_advisory_lock(%s)", [cursors.LOCK])
        waiting = threading.Thread(target=folding.serve, args=(stopping,))
        waiting.start()
        time.sleep(0.2)
        stopping.set()
        waiting.join(timeout=30)
        assert not waiting.is_alive()


def test_a_projection_or_reaction_is_registered_once() -> None:
    [name, *_] = projection.registered()
    with pytest.raises(ValueError, match="twice"):
        projection.register(projection.registered()[name])
    [reaction, *_] = reacting.registered().values()
    with pytest.raises(ValueError, match="twice"):
        reacting.register(reaction)


def test_a_batch_of_several_names_no_single_record(town: Cast) -> None:
    send(record(town.a_door.id), record(town.b_door.id), trusted=True)
    fold_all()
    from django.db import transaction

    with transaction.atomic():
        assert batches.fill(cursors.ZERO, cursors.read(["rounds.door_state"])[0].mark) == 2
        assert batches.first_record() is None
    assert words(send(record(town.a_door.id), trusted=True)) == ["kept"]


def test_marks_are_ordered_as_numbers(town: Cast) -> None:
    """Transaction 1000 comes after 999, which as text it does not."""
    send(*(record(town.a_door.id) for _ in range(4)), trusted=True)
    with superuser() as server:
        server.execute("set session_replication_role = replica")
        server.execute("update ledger_record set xact = (array['99', '100', '101', '20'])[(seq % 4) + 1]::xid8")
        [(highest,)] = server.execute("select max(xact::text::bigint) from ledger_record").fetchall()
    end = cursors.end_of_book(cursors.ZERO)
    assert end.xact == highest == 101
    assert [cursors.cut(cursors.ZERO, end, size).xact for size in (1, 2, 3, 4)] == [20, 99, 100, 101]
    engine.ensure_cursors()
    engine.fold_available(engine.Patience(most=1))
    assert visits() == 4
    assert queries.wait_until_folded(0.0)
