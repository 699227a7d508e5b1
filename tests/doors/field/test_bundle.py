"""The bundle: exactly my doors, no more of people than the task needs, nothing for anybody else, and a stamp that tells the truth."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from lianfang.doors.field import reach
from lianfang.doors.field.bundle import GATE
from lianfang.doors.field.frame import Gate
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.changes import queries as changes
from lianfang.ground.changes.commands import forget_touches
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.ledger import intake
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.types import Author
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.committed import empty, superuser, transactional_db
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast, cast, make_cast
from tests.factories.people import paper_number, phone_number
from tests.factories.phones import Phone, join
from tests.ledger.folded import fold_all
from tests.ledger.sending import record

__all__ = ["cast", "transactional_db"]


def column(part: dict[str, list[Any]], *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(part[name] for name in names), strict=True))


def test_the_whole_of_my_doors_and_nothing_else(transactional_db: None) -> None:
    cast = make_cast()
    now = clock.now()
    doors = places.doors_of(cast.a_building)
    grid = cast.account("grid.a")
    told = rounds.open_round(NewRound("第一轮", "headcount", now + timedelta(days=1), place=cast.a.place_id), by=cast.secretary)
    rounds.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.grid_worker, people_seen=2)
    rounds.record_visit(doors[1].place_id, Outcome.LIT, by=cast.secretary)
    raised = matters.raise_matter(cast.a_door.place_id, About.HELP_WANTED, now + timedelta(days=1), by=cast.secretary, owner=grid)
    mobilisation.sign_on(cast.a_building.place_id, by=cast.grid_worker)
    fold_all()
    phone = join(grid)
    with CaptureQueriesContext(connection) as asked:
        answer = phone.get("bundle")
    assert len(asked) < 60, [one["sql"][:80] for one in asked]
    bundle = answer.json()
    assert answer["ETag"] == f'"{bundle["stamp"]}"'
    assert (bundle["cap"], bundle["account"]["name"], bundle["help_number"]) == (2000, "陈示格", "")
    assert bundle["areas"] == [{"id": str(cast.a_grid), "name": "甲一网格", "kind": "grid", "doors": 8}]
    assert bundle["communities"] == [{"id": str(cast.a.id), "name": "甲社区"}]
    [building] = bundle["buildings"]
    assert (building["name"], building["community"], [unit["name"] for unit in building["units"]]) == ("1栋", 0, ["1单元", "2单元"])
    # As one walks: units in their order, floors from the top down.
    assert column(bundle["doors"], "unit", "floor", "label", "order") == [
        (0, 2, "201", 0), (0, 2, "202", 1), (0, 1, "101", 2), (0, 1, "102", 3), (1, 2, "201", 4), (1, 2, "202", 5), (1, 1, "101", 6), (1, 1, "102", 7),
    ]  # fmt: skip
    assert column(bundle["households"], "id", "door", "name") == [(str(cast.household), 2, "")]
    assert column(bundle["persons"], "id", "household", "name", "keys", "listed") == [
        (str(cast.resident), 0, "王示例", "wangshili wsl", "both"), (str(cast.neighbour), 0, "张示范", "zhangshifan zsf", "both"),
    ]  # fmt: skip
    at = {door: index for index, door in enumerate(bundle["doors"]["id"])}
    first, second = at[str(doors[0].id)], at[str(doors[1].id)]
    assert column(bundle["states"], "door", "outcome", "by_me", "tries") == [(first, "seen", True, 0), (second, "lit", False, 1)]
    assert bundle["states"]["next"][1] is not None
    [one] = bundle["rounds"]
    assert (one["id"], one["name"], one["form"], one["doors"]) == (str(told.id), "第一轮", "headcount/1", None)
    assert sorted(column(one["states"], "door", "standing", "settled")) == sorted([(first, "seen", True), (second, "lit", False)])
    assert {kind["name"] for kind in bundle["kinds"]} == {
        "arrival", "correction", "matter_raised", "matter_settled", "presence", "remark", "visit",
    }  # fmt: skip
    visit = next(kind for kind in bundle["kinds"] if kind["name"] == "visit")
    assert [(field["name"], field["sort"]) for field in visit["fields"]][:3] == [
        ("outcome", "choice"), ("people_seen", "count"), ("wants_help", "yes_no"),
    ]  # fmt: skip
    assert visit["fields"][0]["choices"][0] == {"code": "seen", "title": {"zh": "见面", "en": "seen in person"}}
    assert [one["code"] for one in bundle["outcomes"] if one["settles"]] == ["seen", "phone", "away", "vacant", "moved", "shut"]
    assert bundle["refusals"]["unknown_place"]["en"].startswith("There is no such place")
    assert bundle["duty"]["on"]["name"] == "1栋"
    assert [place["name"] for place in bundle["duty"]["places"]] == ["1栋"]
    [matter] = [one for one in bundle["matters"] if one["id"] == str(raised.record_id)]
    assert (matter["place"], matter["door"], matter["title"]["zh"], matter["where"]) == (str(doors[0].id), first, "居民求助", "101")
    nothing_more_than_needed(answer.content.decode(), cast)
    the_stamp_tells_the_truth(phone, answer, cast)


def nothing_more_than_needed(said: str, cast: Cast) -> None:
    for secret in (paper_number(11), phone_number(11), phone_number(902), str(cast.a_door.lo), "赵示远"):
        assert secret not in said


def the_stamp_tells_the_truth(phone: Phone, answer: HttpResponse, cast: Cast) -> None:
    bundle = json.loads(answer.content)
    packed = phone.get("bundle", **{"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(packed.content))["doors"] == bundle["doors"]
    same = phone.get("bundle", **{"if-none-match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert phone.get("poll").json()["stamp"] == bundle["stamp"]
    # What is kept for phones of the same reach is the same for them, and never older than the rows behind it, however these were changed.
    neighbour = account_of("邻示员", order=977)
    grant_to(neighbour, Role.GRID_WORKER, cast.grid_worker.grants[0].scope)
    colleague = join(neighbour).get("bundle").json()
    assert [colleague[part] for part in ("doors", "persons")] == [bundle[part] for part in ("doors", "persons")]
    for table, name in (("people_person", "赵示新"), ("places_place", "新名一号楼")):
        chosen = bundle["persons"]["id"][0] if table == "people_person" else bundle["buildings"][0]["id"]
        with connection.cursor() as cursor:
            cursor.execute(f"update {table} set name = %s where id = %s", [name, chosen])  # in bulk, past everything that counts changes
        renewed = phone.get("bundle", **{"if-none-match": answer["ETag"]})
        assert renewed.status_code == 200
        assert name in renewed.content.decode()
    kept_until_it_is_touched(phone, bundle["persons"]["id"])
    # A late record, older than all others, changes the stamp too.
    late = record(places.doors_of(cast.a_building)[2].place_id, payload={"outcome": "dark"}, occurred_at=clock.now() - timedelta(days=2))
    intake.take([late], Author(cast.account("secretary.a")))
    fold_all()
    assert phone.get("poll").json()["stamp"] != bundle["stamp"]


def kept_until_it_is_touched(phone: Phone, persons: list[str]) -> None:
    """What was put together for one is told to the next; also what another transaction changed that was still open when it was read ends it."""
    rename = "update people_person set name = %s where id = %s"
    with superuser() as other:
        other.execute("begin")
        other.execute(rename, ["钱示迟", persons[0]])
        with connection.cursor() as cursor:
            cursor.execute(rename, ["孙示早", persons[1]])
        assert "孙示早" in phone.get("bundle").content.decode()
        with CaptureQueriesContext(connection) as asked:
            assert "钱示迟" not in phone.get("bundle").content.decode()
        assert len(asked) < 25
        assert not any("from people_residence" in one["sql"] for one in asked)
        other.execute("commit")
    assert "钱示迟" in phone.get("bundle").content.decode()
    forget_touches()
    assert "钱示迟" in phone.get("bundle").content.decode()


def test_rows_that_came_back_past_the_program_are_another_ground(transactional_db: None) -> None:
    """As the cast comes back for the next test, with the same ids: what was kept for the one before it is not told to this one."""
    counted = []
    for _ in range(2):
        cast = make_cast()
        phone = join(cast.account("grid.a"))
        counted.append(phone.get("bundle").json()["areas"][0]["doors"])
        laying.add_floor(cast.a_building.place_id, 3, 1, by=None)
        counted.append(phone.get("bundle").json()["areas"][0]["doors"])
        empty()
    assert counted == [8, 9, 8, 9]


def test_a_server_that_was_set_back_keeps_nothing_true(cast: Cast) -> None:
    """Its transactions count anew, so that what was seen before says nothing."""
    moment = changes.snapshot()
    assert not changes.touched([], moment)
    assert changes.touched([], replace(moment, running_since=moment.running_since - timedelta(hours=1)))


def test_an_outsider_a_leader_and_somebody_without_doors(cast: Cast) -> None:
    outsider = join(cast.account("secretary.b")).get("bundle")
    for name in ("王示例", "陈示格", "甲社区", str(cast.a_door.id)):
        assert name not in outsider.content.decode()
    assert len(outsider.json()["doors"]["id"]) == 8
    helper = account_of("何示助", order=77)
    nothing = join(helper).get("bundle").json()
    assert (nothing["doors"]["id"], nothing["areas"], nothing["help_number"], nothing["kinds"]) == ([], [], "", [])
    # Neighbours do not see what is known of each other.
    grant_to(helper, Role.GROUP_LEADER, OverPlace(cast.a_building.place_id))
    leader = join(helper).get("bundle").json()
    assert (len(leader["doors"]["id"]), leader["persons"]["id"], leader["households"]["id"]) == (8, [], [])


def test_never_silently_less(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = join(cast.account("grid.a"), language="en")
    with monkeypatch.context() as patched:
        for module in ("bundle", "ground"):
            patched.setattr(f"lianfang.doors.field.{module}.CAP", 7)
        refused = phone.get("bundle")
        assert (refused.status_code, refused.json()["error"]["facts"]) == (409, {"count": 8, "cap": 7})
        assert refused.json()["error"]["message"].startswith("You answer for 8 doors; a phone takes at most 7 along.")
    assert reach.CAP == 2000


def test_when_many_come_at_once_one_is_served_and_the_others_come_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = join(cast.account("grid.a"), language="en")
    monkeypatch.setattr("lianfang.doors.field.frame._WAIT", 0.01)
    with GATE, monkeypatch.context() as stopped:
        moment = time.monotonic()  # all ask at the same one, however slow this machine is
        stopped.setattr("lianfang.doors.field.frame.time.monotonic", lambda: moment)
        again, later = phone.get("bundle"), [phone.get("bundle") for _ in range(2)][-1]
    assert int(later["Retry-After"]) >= int(again["Retry-After"])
    assert again.status_code == 503
    assert 1 <= int(again["Retry-After"]) <= 60
    assert again.json()["error"]["message"] == (
        f"Many phones are fetching their doors at this moment. Yours asks again by itself in {again['Retry-After']} seconds."
    )
    told = [answer.json()["error"]["facts"] for answer in (again, later)]
    assert 0 < told[0]["ms"] < told[1]["ms"] <= told[1]["seconds"] * 1000  # each has a turn of its own
    assert phone.get("bundle").status_code == 200


def test_the_first_of_a_reach_do_not_put_off_those_that_are_told_to_come_again() -> None:
    """They take ten times as long as those after them; a machine that is slow throughout is believed all the same."""
    gate, moments = Gate(60), iter(range(10_000))

    def served(seconds: float, times: int) -> float:
        for _ in range(times):
            at = next(moments) * 100.0
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("lianfang.doors.field.frame.time.monotonic", iter([at, at + seconds]).__next__)
                with gate:
                    pass
        return gate.takes

    quick = served(0.02, 20)
    assert served(0.2, 20) < quick * 1.5
    assert served(0.02, 5) < quick * 1.1
    assert served(0.2, 300) > quick * 8
