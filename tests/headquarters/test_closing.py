"""The end that erases: two people order it, a broken step goes on, figures stay, and nothing of the residents is left in any table."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from pypdf import PdfReader
from pytest_django import Settings

from lianfang.config.runtime import doctor, erasing
from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.incidents import commands as incidents
from lianfang.ground.incidents.types import Ground
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands as bulletins
from lianfang.headquarters.bulletins import going_up, reading, subjects
from lianfang.headquarters.bulletins import queries as issues
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.bulletins.types import FiguresErased
from lianfang.headquarters.closing import commands, inventory, queries, rules
from lianfang.headquarters.closing.certificate import printed
from lianfang.headquarters.closing.types import (
    AccountNeeded,
    AlreadyClosing,
    DrillsRoll,
    Found,
    FourEyes,
    GroundMissing,
    HoldIncomplete,
    HoldOver,
    ItemKind,
    Machine,
    NewHold,
    NothingThere,
    NotProposed,
    NotTheKeeper,
    State,
    StillRunning,
)
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import IncidentId, new_id
from lianfang.kernel.ranges import Range
from lianfang.ledger import ending
from lianfang.ledger.folding import rebuilding
from lianfang.ledger.intake.books import open_books
from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import book_of
from lianfang.work.outreach import commands as messages
from lianfang.work.outreach.types import NewMessage
from tests.doors.conftest import Desk, signed_in
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast
from tests.factories.closing import idle_machine as machine
from tests.factories.incidents import ORDER, opened
from tests.ledger.folded import fold_all
from tests.ledger.sending import record, send, words

GROUND = Ground("绿园区人民政府", "绿政发〔2022〕9号")
CANARY = "canary7f3a9c2e51d84b60"
NAME = "Qzxwvut Kanari"


class Broken(Refused):
    """The machine stops here."""


@dataclass
class Ended:
    """An incident that ran for three days in A and has ended, with something brought in through every door of it."""

    cast: Cast
    incident: IncidentId
    city: Actor
    officer: Actor
    person: UUID
    door: UUID
    remark: UUID
    help: UUID
    peacetime: UUID
    days: list[date]
    sent: list[dict[str, object]]

    def close(self, through: Machine | None = None) -> Any:
        told = commands.propose(self.incident, GROUND, by=self.city)
        commands.confirm(told.id, by=self.officer)
        commands.work_off(through or machine(), patient=False)
        return queries.closing(told.id)


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.fixture
def ended(town: Cast) -> Ended:
    days = [clock.today() - timedelta(days=back) for back in (3, 2, 1)]
    at = [clock.day_bounds(day)[0] + timedelta(hours=9) for day in days]
    incident = opened(place=town.a.place_id, opened_at=at[0] - timedelta(hours=1))
    officer = account_of("孙示例", login="officer", order=71, password=True)
    grant_to(officer, Role.DATA_PROTECTION, OverPlace(town.city.place_id))
    doors = places.doors_of(town.a_building)
    peacetime = record(doors[0].id, occurred_at=at[0], payload={"outcome": "lit"})
    visits = [record(door.id, occurred_at=at[number % 3], incident=incident) for number, door in enumerate(doors[:6])]
    asks = record(
        doors[0].id, occurred_at=at[1], incident=incident, payload={"outcome": "seen", "wants_help": True}, envelope={"remark": CANARY}
    )
    person, door = new_id(), new_id()
    found = record(
        door, occurred_at=at[1], incident=incident, subject=person,
        envelope={
            "door": {"building": str(town.a_building.id), "label": f"{CANARY}家"},
            "person": {"name": NAME, "household": str(new_id()), "phone": "13800138000"},
        },
    )  # fmt: skip
    kept = send(peacetime, *visits, asks, found, author=town.secretary.account_id, trusted=True)
    assert words(kept) == ["kept"] * 9, kept[-1].reason
    outside = record(town.b_door.id, incident=incident, envelope={"remark": CANARY})
    assert words(send(outside, author=town.grid_worker.account_id)) == ["quarantined outside_grant"]
    messages.send(NewMessage(CANARY, CANARY, town.a.place_id, incident=incident), by=town.secretary)
    send(record(town.a.id, "presence", {"duty": "on"}, incident=incident), author=town.secretary.account_id, trusted=True)
    fold_all()
    incidents.end_incident(incident, ORDER, by=access.local_administrator())
    return Ended(
        town, incident, town.city_command, access.actor_of_id(officer), person, door, UUID(str(asks["id"])), UUID(str(asks["id"])),
        UUID(str(peacetime["id"])), days, [*visits, asks, found],
    )  # fmt: skip


def everything() -> str:
    """All rows of all tables as text."""
    tables = rows("select tablename from pg_tables where schemaname = 'public' and tablename not like 'django%%'")
    return "\n".join(str(row) for (table,) in tables for row in rows(f"select t.* from {table} t"))


def figures(story: Ended, keys: Sequence[str], day: date) -> Mapping[str, int]:
    [found] = reading.values(keys, [places.ranges_of(story.cast.a)], Period(day, day))
    return {key: figure.value for key, figure in found.items()}


def told_above(story: Ended) -> dict[date, set[tuple[Range, str, int]]]:
    """What goes up of each day to the node above: all figures of all divisions, zeros left out.

    Without those of the register: whoever is erased is not counted any more, on past days neither.
    """
    return {
        day: {figure for figure in going_up.report(story.cast.city, day).figures if figure[1] not in {"people_living", "households"}}
        for day in story.days
    }


KEYS = ("visits", "doors_visited", "doors_settled", "doors_open", "doors_newly_settled", "matters_raised", "matters_open", "on_duty")


def test_what_came_through_an_incident_goes_and_what_was_told_stands(ended: Ended) -> None:
    subject = subjects.of_place(ended.cast.a)
    issue = bulletins.publish(definition("daily"), subject, Period(ended.days[1], ended.days[1]), by=access.local_administrator())
    before = {day: figures(ended, KEYS, day) for day in ended.days}
    assert before[ended.days[1]]["visits"] == 4
    above = told_above(ended)
    seen = queries.preview(ended.incident)
    assert seen.goes["ledger_record"] >= 8
    assert seen.goes["people_person"] == seen.goes["ledger_quarantine"] == seen.goes["places_place"] == 1
    assert seen.stays == {"order": 0, "service": 1}
    assert CANARY in everything()

    done = ended.close()
    assert done.state is State.DONE, [(step.name, step.trouble) for step in done.steps if step.trouble]
    assert done.number == 1
    assert done.counts["records.records"] == seen.goes["ledger_record"]
    assert done.counts["erase:persons.rows"] == done.counts["erase:doors.rows"] == done.counts["erase:messages.rows"] == 1
    left = everything()
    assert CANARY not in left
    assert NAME not in left
    assert str(ended.person) not in left
    assert not any(str(one["id"]) in left for one in ended.sent)
    assert rows("select count(*) from ledger_record where incident = %s and kind = 'presence'", ended.incident) == [(1,)]
    assert places.place(ended.door).name.startswith("#"), "the door stays on the list, without the words"
    assert rows("select sum(records) from ledger_served where kind = 'visit' and actor = %s", ended.cast.secretary.account_id) == [(8,)]

    # Figures of those days are as they were, the bulletin stands, and where it comes from is told.
    assert {day: figures(ended, KEYS, day) for day in ended.days} == before
    assert told_above(ended) == above, "and so at the province: not one figure of these days is told anew, and none as zero"
    assert issues.issue(issue.id).content == issue.content
    [proof, *_] = reading.trace("visits", places.ranges_of(ended.cast.a), Period(ended.days[1], ended.days[1]))
    assert (proof.what, proof.says["certificate"]) == ("erased", 1)
    whole = reading.value("visits", places.ranges_of(ended.cast.street), Period(ended.days[0] - timedelta(days=9), clock.today()))
    assert whole.value == 9
    for key, ranges in (("doors_visited", places.ranges_of(ended.cast.a)), ("visits", places.ranges_of(ended.cast.a_building))):
        with pytest.raises(FiguresErased):
            reading.value(key, ranges, Period(ended.days[0], ended.days[1]))

    # Today the door stands as peacetime knows it; a rebuild changes nothing, and the doctor is content.
    assert rows("select outcome from rounds_doorstate") == [("lit",)]
    assert all(one.same for one in rebuilding.rebuild(check=True))
    assert [one.check for one in doctor.examine() if not one.ok and one.check.startswith(("ledger", "people", "places", "rounds"))] == []

    # Whoever still holds such a record is told to delete it, and nothing comes back with it.
    again = send(*ended.sent, record(ended.cast.a_door.id, incident=ended.incident), author=ended.cast.secretary.account_id, trusted=True)
    assert words(again) == ["refused ended"] * 9
    assert CANARY not in everything()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed(done, "zh"))).pages)
    text = text.replace(" ", "")
    assert "绿政发〔2022〕9号" in text
    assert "孙示例" in text


def test_a_step_that_breaks_is_taken_again_and_nothing_twice(ended: Ended) -> None:
    told = commands.propose(ended.incident, GROUND, by=ended.city)
    commands.confirm(told.id, by=ended.officer)
    names = [step.name for step in queries.closing(told.id).steps]
    above = told_above(ended)
    assert names == list(rules.steps(name.removeprefix(rules.ERASES) for name in names if name.startswith(rules.ERASES)))

    def stop(*_: object) -> Any:
        raise Broken

    assert commands.work_off(machine(rewrite=stop)) == 0
    halfway = {step.name: step for step in queries.closing(told.id).steps}
    assert (halfway["storage"].state, halfway["storage"].trouble) == ("failed", "broken")
    assert told_above(ended) == above, "also while the records are gone and the rest is not"
    assert commands.work_off(machine()) == 0, "what failed rests for a minute"
    assert commands.work_off(machine(search=lambda marks: Found(9, 9, len(marks), hits=("postgres/data/x (1)",))), patient=False) == 0
    hit = queries.closing(told.id)
    assert hit.state is State.CONFIRMED, "one hit, no certificate"
    assert hit.checked["hits"] == ["postgres/data/x (1)"]
    searched: list[bytes] = []
    assert commands.work_off(machine(search=lambda marks: (searched.extend(marks), Found(2, 2, len(marks)))[1]), patient=False) == 1
    assert UUID(str(ended.sent[0]["id"])).bytes in searched
    assert queries.closing(told.id).counts["records.records"] == halfway["records"].counts["records"]
    assert rows("select marks from closing_closing") == [("[]",)] or rows("select jsonb_array_length(marks) from closing_closing") == [(0,)]


def test_two_people_with_the_right_offices_order_it(ended: Ended) -> None:
    local = access.local_administrator()
    running = opened("示例防汛", place=ended.cast.b.place_id)
    drill = opened("示例演练", place=ended.cast.b.place_id, drill=True)
    for incident, ground, by, why in (
        (ended.incident, GROUND, ended.cast.outsider, Denied),
        (ended.incident, GROUND, ended.cast.secretary, Denied),
        (ended.incident, GROUND, local, AccountNeeded),
        (ended.incident, Ground("", "x"), ended.city, GroundMissing),
        (running, GROUND, ended.city, StillRunning),
        (drill, GROUND, ended.city, DrillsRoll),
    ):
        with pytest.raises(why):
            commands.propose(incident, ground, by=by)
    told = commands.propose(ended.incident, GROUND, by=ended.officer)
    with pytest.raises(AlreadyClosing):
        commands.propose(ended.incident, GROUND, by=ended.city)
    for by, refusal in ((ended.officer, FourEyes), (ended.city, Denied), (local, AccountNeeded)):
        with pytest.raises(refusal):
            commands.confirm(told.id, by=by)
    with pytest.raises(Denied):
        commands.cancel(told.id, by=ended.cast.secretary)
    assert commands.cancel(told.id, by=ended.city).state is State.CANCELLED
    with pytest.raises(NotProposed):
        commands.confirm(told.id, by=ended.officer)
    assert commands.work_off(machine()) == 0
    assert commands.propose(ended.incident, GROUND, by=ended.city).state is State.PROPOSED


def test_what_is_held_is_read_by_its_keeper_until_its_day(ended: Ended, settings: Settings) -> None:
    settings.LIANFANG_DEMO = "tests"
    keeper, until = ended.cast.city_command, clock.today() + timedelta(days=90)
    assert keeper.account_id is not None
    wanted = NewHold(ItemKind.RECORD, ended.help, "信访复核", "绿园区纪委监委", until, keeper.account_id)
    for wrong in (replace(wanted, reason=" "), replace(wanted, until=clock.today()), replace(wanted, until=date(2099, 1, 1))):
        with pytest.raises(HoldIncomplete):
            commands.hold_back(ended.incident, wrong, by=ended.officer)
    with pytest.raises(Denied):
        commands.hold_back(ended.incident, wanted, by=ended.city)
    with pytest.raises(NothingThere):
        commands.hold_back(ended.incident, replace(wanted, item=new_id()), by=ended.officer)
    held = commands.hold_back(ended.incident, wanted, by=ended.officer)
    assert commands.hold_back(ended.incident, wanted, by=ended.officer).id == held.id
    of_person = commands.hold_back(ended.incident, replace(wanted, kind=ItemKind.PERSON, item=ended.person), by=ended.officer)
    assert ended.close().state is State.DONE
    assert CANARY not in everything(), "what is held is sealed"
    with pytest.raises(NotTheKeeper):
        commands.open_held(held.id, by=ended.officer, reason="复核")
    with pytest.raises(HoldIncomplete):
        commands.open_held(held.id, by=keeper, reason=" ")
    with access.scoped(keeper):
        told = commands.open_held(held.id, by=keeper, reason="复核")
        assert [one["remark"] for one in told["records"] if one.get("remark")] == [CANARY]
        assert commands.open_held(of_person.id, by=keeper, reason="复核")["people"][0]["name"] == NAME
    with access.scoped(ended.officer):
        assert rows("select count(*) from closing_held") == [(0,)]
    assert rows("select count(*), min(reason) from closing_opening") == [(2, "复核")]
    at_desk, another = Desk(signed_in("city")), Desk(signed_in("officer"))
    assert another.get("held_item", held.id).status_code == another.post("held_item", held.id, why="复核").status_code == 404
    assert f"/desk/holds/{held.id}/" in at_desk.get("closing", ended.incident).content.decode()
    for shown in (at_desk.get("held_item", held.id), at_desk.post("held_item", held.id, why=" ")):
        assert CANARY not in shown.content.decode()
    assert CANARY in at_desk.post("held_item", held.id, why="复核").content.decode()
    assert NAME in at_desk.post("held_item", of_person.id, why="复核").content.decode()
    assert rows("select count(*) from closing_opening") == [(4,)], "each opening is kept"
    commands.release_hold(of_person.id, by=ended.officer)
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert commands.expire_holds() == 2
    with pytest.raises(HoldOver):
        commands.open_held(held.id, by=keeper, reason="复核")
    assert "lf-note bad" in at_desk.post("held_item", held.id, why="复核").content.decode()


def test_the_planner_remembers_nothing_of_a_table_that_became_empty(ended: Ended) -> None:
    remembered = "select count(*) from pg_stats where tablename = 'ledger_remark' and attname = 'id'"
    with connection.cursor() as cursor:
        cursor.execute("analyze ledger_remark")
        assert rows(remembered) == [(1,)], "there are remarks of the incident and their ids are remembered"
        assert ended.close(machine(rewrite=lambda tables: {"tables": len(tables)})).state is State.DONE
        cursor.execute("analyze ledger_remark")
        assert rows(remembered) == [(1,)], "analysing an empty table changes nothing"
        erasing.clear_statistics(["ledger_remark", "ledger_record"])
    assert rows(remembered) == [(0,)]


def test_done_again_the_end_of_a_book_finds_nothing(ended: Ended) -> None:
    # Two rows from before the incident of what waits was noted beside it: only the sealed body tells them apart.
    other = record(ended.cast.b_door.id)
    assert words(send(other, author=ended.cast.grid_worker.account_id)) == ["quarantined outside_grant"]
    with connection.cursor() as cursor:
        cursor.execute("update ledger_quarantine set incident = null")
    assert ended.close().counts["beside.quarantine"] == 1
    assert rows("select id from ledger_quarantine") == [(UUID(str(other["id"])),)]
    for book in ending.books_of(ended.incident):
        if book.goes:
            assert book.ended
            assert not book.there
            assert (ending.freeze_service(book), ending.drop_book(book), ending.marks_of(book, 9)) == (0, 0, [])


def test_books_whose_time_is_over_go_by_the_same_steps(town: Cast) -> None:
    at = clock.now()
    real, practised = record(town.a_door.id), record(town.a_door.id, incident=opened("示例演练", place=town.a.place_id, drill=True))
    assert words(send(real, practised, author=town.secretary.account_id, trusted=True)) == ["kept", "kept"]
    gate = book_of(Retention.GATE, None, drill=False, at=at)
    open_books([gate])
    fold_all()

    def due(days: int) -> list[str]:
        with clock.frozen(at + timedelta(days=days)):
            assert commands.roll_over() + commands.roll_over() == commands.work_off(machine(), patient=False)
        return [name for (name,) in rows("select name from closing_closing where state = 'done' order by number")]

    month, year = gate.period, gate.period[:4]
    assert due(0) == []
    assert due(62) == [f"gate:{month}"]
    assert due(220) == [f"gate:{month}", f"drill:{month}"]
    today = Period(clock.today(), clock.today())
    assert reading.value("visits", places.ranges_of(town.a_building), today).value == 1, "a drill that goes freezes nothing"
    assert words(send(practised, author=town.secretary.account_id, trusted=True)) == ["refused ended"]
    assert due(3 * 366)[2:] == [f"peacetime:{year}"]
    assert reading.value("visits", places.ranges_of(town.a), today).value == 1
    assert rows("select count(*) from ledger_record") == [(0,)]
    assert rows("select last - first from bulletins_frozenspan") == [(0,)]


@pytest.mark.django_db
def test_every_table_says_why_it_is_kept() -> None:
    tables = [
        row[0] for row in rows("select tablename from pg_tables where schemaname = 'public' and tablename not like 'ledger_record_b%%'")
    ]
    assert [table for table in tables if inventory.place_of(table) is None] == [], "say in headquarters/closing/inventory.py what ends"
    assert sorted(set(inventory.TABLES) - set(tables)) == []
