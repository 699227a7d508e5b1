"""A province over its cities: figures come up by the server's own replication, each city's with their age, and nothing of a person.

One scene for all: two cities and a province, three servers. Each test leaves them telling.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from lianfang.kernel import clock
from tests.nodes import town
from tests.nodes.conftest import Scene
from tests.nodes.machines import Machine

pytestmark = pytest.mark.django_db  # so that the test database stands, from which the machines have their tables
_PATIENCE = 20.0  # seconds for a row to arrive
PROVINCE, A, B = "220000000000", town.CITIES["a"], town.CITIES["b"]
WINDOW = "lianfang_up"


def until(machine: Machine, statement: str, wanted: Any, patience: float = _PATIENCE, database: str = "lianfang") -> None:
    """Wait for what a statement says at a machine."""
    end = time.monotonic() + patience
    while (found := machine.rows(statement, database=database)) != wanted:
        assert time.monotonic() < end, f"{found} is not {wanted}: {statement}"
        time.sleep(0.05)


def figure(key: str, code: str) -> str:
    """SQL: today's figure of a place, as it is known at the province."""
    return (
        "select f.value::int from upward_figure f join places_place p on (p.lo, p.hi) = (f.lo, f.hi) "
        f"where f.key = '{key}' and p.code = '{code}' and f.day = (select max(day) from upward_day d where d.node = f.node)"
    )


def all_arrives(scene: Scene) -> None:
    """Wait until the province finds nothing wrong."""
    end = time.monotonic() + _PATIENCE
    while (found := scene.province.command("node", "check", "--json")).status:
        assert time.monotonic() < end, found.said
        time.sleep(0.2)


def test_what_cities_count_stands_on_the_provinces_pages_with_its_age(scene: Scene) -> None:
    province = scene.province
    until(province, figure("doors_settled", A), [(5,)])
    until(province, figure("doors_settled", B), [(5,)])
    assert province.rows(figure("doors_settled", "220106001001")) == [(5,)]
    assert province.rows(figure("doors", "220106001002")) == [(8,)]
    told = province.told("node", "list")["nodes"]
    assert [(one["code"], one["old"]) for one in told] == [(A, False), (B, False)]
    assert all(one["seconds"] < 120 for one in told)

    status, whole = province.page("province", "place", PROVINCE)
    assert status == 200
    assert "Figures from below" in whole
    assert "吉林市" in whole
    assert "24" in whole, "the doors of both"
    status, community = province.page("province", "place", "220106001001")
    assert "Buildings, doors and people are kept at 长春市." in community
    assert "示例党总支" in community
    assert province.rows("select name from upward_organisation where node = %s", [A]) == [("示例党总支",)], (
        "a member's household stays at home"
    )
    status, behind = province.page("province", "figure", PROVINCE, key="doors")
    assert status == 200
    assert "This is kept at" in behind
    status, bulletin = province.page("province", "bulletin_preview", PROVINCE)
    assert status == 200
    status, bulletin = province.page("province", "bulletin_preview", PROVINCE, **{"from": "2026-01-01", "to": "2026-01-05"})
    assert status == 409
    assert "day by day" in bulletin

    found = {one["check"]: one for one in json.loads(province.command("doctor", "--json").said)["checks"]}
    assert found["nodes.coming_up"]["ok"], found
    found = {one["check"]: one for one in json.loads(scene.cities["a"].command("doctor", "--json").said)["checks"]}
    assert found["nodes.going_up"]["ok"], found


def test_a_report_arrives_as_a_whole_and_a_rebuild_sends_no_zeros(scene: Scene) -> None:
    city, province = scene.cities["a"], scene.province
    province.rows(
        "create table if not exists public.seen (xid text, op text, day date, key text, value bigint); "
        "create or replace function public.watch() returns trigger language plpgsql as $$ begin "
        "insert into public.seen select pg_current_xact_id()::text, tg_op, coalesce(new.day, old.day), coalesce(new.key, old.key), new.value; "
        "return null; end $$; "
        "create trigger watch after insert or update or delete on upward_figure for each row execute function public.watch(); "
        "alter table upward_figure enable always trigger watch; grant all on public.seen to public"
    )
    town.visit(city, scene.doors["a"][5:9])
    scene.tell("a")
    until(province, figure("doors_settled", A), [(9,)])
    today = "day = (select max(day) from public.seen)"
    assert province.rows(f"select count(distinct xid), count(*) > 10 from public.seen where {today}") == [(1, True)]

    province.rows("delete from public.seen")
    other = city.beside()
    try:
        telling = Thread(target=other.told, args=("report", "--once"))
        telling.start()
        assert city.command("rebuild").status == 0
        telling.join(timeout=60)
        assert not telling.is_alive()
    finally:
        other.leave()
    scene.tell("a")
    all_arrives(scene)
    assert province.rows("select op, key, value from public.seen") == [], "a rebuild changes nothing, so nothing is sent"
    province.rows("drop trigger watch on upward_figure")


def test_a_city_that_was_away_for_a_day_catches_up(scene: Scene) -> None:
    city, province = scene.cities["b"], scene.province
    city.kill()
    # A day passes at the province: only its own clock could say so, so what it knows is made a day older.
    province.rows("update upward_day set as_of = as_of - interval '26 hours' where node = %s", [B])
    _status, page = province.page("province", "place", PROVINCE)
    assert "1 day old" in page
    assert "24" in page, "what was told last stays"
    answer = province.command("node", "check", "--json")
    assert answer.status == 1
    assert "does not answer" in answer.said
    city.start()
    town.visit(city, scene.doors["b"][5:])
    scene.tell("b")
    until(province, figure("doors_settled", B), [(8,)])
    all_arrives(scene)
    assert not any(one["old"] for one in province.told("node", "list")["nodes"])


def test_a_lost_slot_is_noticed_and_everything_fetched_anew(scene: Scene) -> None:
    city, province = scene.cities["a"], scene.province
    # Dropped, as after a restore of the city from its backup.
    province.rows(f"alter subscription lianfang_node_{A} disable")
    until(city, "select count(*) from pg_replication_slots where active and database = 'lianfang_up' and not temporary", [(0,)])
    city.rows("select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = 'lianfang_up'")
    answer = province.command("node", "check", "--json")
    assert answer.status == 1
    assert "its slot is gone" in answer.said
    assert province.rows(figure("doors", A)) == [(16,)], "what was told last is still there"
    mended = json.loads(province.command("node", "check", "--mend", "--json").said)
    assert [one["mended"] for one in mended["nodes"]] == [True, False]
    until(province, figure("doors", A), [(16,)])
    all_arrives(scene)

    # Let go for the sake of the city's disk, while the province was away.
    province.kill()
    city.rows("alter system set max_slot_wal_keep_size = '1MB'")
    city.rows("select pg_reload_conf()")
    for _ in range(4):
        city.rows("create table if not exists gone_by (n int)", database=WINDOW)
        city.rows("insert into gone_by values (1)", database=WINDOW)
        city.rows("select pg_switch_wal()")
    city.rows("checkpoint")
    until(city, "select wal_status from pg_replication_slots where database = 'lianfang_up'", [("lost",)])
    city.rows("alter system reset max_slot_wal_keep_size")
    city.rows("select pg_reload_conf()")
    found = {one["check"]: one for one in json.loads(city.command("doctor", "--json").said)["checks"]}
    assert not found["nodes.going_up"]["ok"]
    scene.tell("a")
    province.start()
    answer = province.command("node", "check", "--json")
    assert "its slot is lost" in answer.said
    assert province.python(_LOOKED_AFTER) == [A], "as `up` does every minute"
    until(province, figure("doors", A), [(16,)])
    all_arrives(scene)
    assert len(city.rows("select 1 from pg_replication_slots where database = 'lianfang_up' and not temporary")) == 1, "none is left behind"


_LOOKED_AFTER = """
from lianfang.config.nodes import subscribing
from lianfang.config.runtime import database
from lianfang.config.runtime.home import Home
answer = [node.code for node in subscribing.mend(database.engine(Home.here()), "lianfang")]
"""


def test_a_city_of_a_later_version_is_read_as_far_as_it_is_known(scene: Scene) -> None:
    city, province = scene.cities["b"], scene.province
    city.rows("alter table upward_figure add column shade integer not null default 7", database=WINDOW)
    city.rows(
        "insert into upward_figure (node, day, lo, hi, key, value) select node, day, lo, hi, 'of_tomorrow', 3 from upward_day",
        database=WINDOW,
    )
    city.rows("update upward_day set form = 2, keys = keys || ' of_tomorrow'", database=WINDOW)
    until(province, "select count(*) > 0 from upward_figure where key = 'of_tomorrow'", [(True,)])
    status, page = province.page("province", "place", B)
    assert status == 200
    assert "of_tomorrow" not in page
    # And of an earlier one, which does not know a figure: that is said, not counted as if it were told.
    province.rows("update upward_day set keys = replace(keys, 'doors_visited', '') where node = %s", [B])
    _status, bulletin = province.page("province", "bulletin_preview", PROVINCE, **{"from": str(clock.today()), "to": str(clock.today())})
    assert "counts as nothing in: Doors visited" in bulletin
    scene.tell("b")
    all_arrives(scene)


def test_a_city_cannot_tell_of_another(scene: Scene) -> None:
    city, province = scene.cities["b"], scene.province
    before = province.rows(figure("doors", A))
    city.rows(
        "insert into upward_figure (node, day, lo, hi, key, value) values (%s, current_date, 2201000000000000000, 2202000000000000000, 'doors', 1)",
        [B],
        database=WINDOW,
    )
    end = time.monotonic() + _PATIENCE
    while "is refused here" not in province.command("node", "check").said:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert province.rows(figure("doors", A)) == before

    # The way back: what was wrong goes at the city, and all is fetched anew.
    city.rows("delete from upward_figure where lo = 2201000000000000000", database=WINDOW)
    assert province.told("node", "remove", B)["slot_dropped"]
    assert province.rows("select count(*) from upward_figure where node = %s", [B]) == [(0,)]
    silent = province.command("node", "add", B, "--at", "127.0.0.1:1", LIANFANG_NODE_PASSWORD="x")
    assert "Nothing answers at 127.0.0.1:1" in silent.wrong
    scene.add("b")
    until(province, figure("doors_settled", B), [(8,)])
    all_arrives(scene)


def test_set_up_says_what_to_do_and_refuses_what_cannot_be(scene: Scene) -> None:
    city, province = scene.cities["a"], scene.province
    port = city.cluster.port
    known = province.command("node", "add", A, "--at", f"127.0.0.1:{port}", LIANFANG_NODE_PASSWORD="x")
    assert "come up from" in known.wrong
    over = province.command("node", "add", "220106000000", "--at", f"127.0.0.1:{port}", LIANFANG_NODE_PASSWORD="x")
    assert "counted twice" in over.wrong
    assert province.command("node", "remove", "420100000000").status == 1
    sealed = province.command(
        "node", "add", "220202000000", "--at", "localhost:1", "--with", "sslmode=verify-full", LIANFANG_NODE_PASSWORD="x"
    )
    assert "speaks no TLS" in sealed.wrong
    below = province.command("node", "open", "220106001001")
    assert "no district or city" in below.wrong


def test_the_windows_login_reaches_nothing_else(scene: Scene) -> None:
    city, province = scene.cities["a"], scene.province
    [(address,)] = province.rows("select subconninfo from pg_subscription where subname = %s", [f"lianfang_node_{A}"])
    with psycopg.connect(address, connect_timeout=5) as window:
        assert window.execute("select count(*) > 0 from upward_figure").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            window.execute("delete from upward_figure")
    for name in ("lianfang", "postgres"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.replace(f"/{WINDOW}", f"/{name}"), connect_timeout=5)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, replication="true", connect_timeout=5)
    assert city.rows("select count(*) from pg_tables where schemaname = 'public'", database=WINDOW)[0][0] < 10


def test_nothing_of_a_person_is_in_the_files_of_the_province(scene: Scene) -> None:
    for machine in (scene.province, *scene.cities.values()):
        machine.rows("checkpoint")
    wanted = [canary.encode() for canary in town.CANARIES]
    assert any(_held(scene.cities["a"], wanted)), "the search finds what is there"
    assert not any(_held(scene.province, wanted))
    # Nor in the window itself, whatever its login could read of it.
    dumped = [
        scene.cities["a"].rows(f"select t::text from {table} t", database=WINDOW) for table in ("upward_round", "upward_organisation")
    ]
    assert not any(canary in str(dumped) for canary in town.CANARIES)


def _held(machine: Machine, wanted: list[bytes]) -> list[bytes]:
    """Which of the words stand in any file of a server: tables, indexes, its log of changes."""
    files = [path for path in Path(machine.cluster.directory_of_cluster).rglob("*") if path.is_file()]
    found = set()
    for path in files:
        content = path.read_bytes()
        found |= {word for word in wanted if word in content}
    return sorted(found)


def test_a_window_is_closed_even_while_it_is_read(scene: Scene) -> None:
    """The last one: the city tells no more."""
    city, province = scene.cities["b"], scene.province
    assert city.told("node", "close") == {"closed": True}
    assert city.rows("select count(*) from pg_replication_slots where database = 'lianfang_up'") == [(0,)]
    assert city.command("report", "--once").status == 1, "nothing goes up from here any more"
    assert "does not answer" in province.command("node", "check").said
    removed = province.command("node", "remove", B)
    assert removed.status == 0
    assert "It did not answer" in removed.said
    assert [one["code"] for one in province.told("node", "list")["nodes"]] == [A]
